"""Facts about gates: whether each alarmed at a planted defect and stayed silent without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from overt.evidence.controls import GateSeen, gates_seen
from overt.evidence.fact_records import Fact, total
from overt.evidence.measured import Measured
from overt.model import State


def control_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `controls.total`, `.proved`, `.without`, and of each gate whether it alarmed, was silent, and is proved.

    Args:
        suites: Suites that tried gates, the newest first; of each gate the first counts.
    """
    seen: dict[str, tuple[Measured, GateSeen]] = {}
    for one in suites:
        for gate in gates_seen(one.records):
            seen.setdefault(gate.name, (one, gate))
    tried = [(one, gate) for one, gate in seen.values() if gate.state is not State.OPEN]
    for name, wanted in (
        ("total", [(one, True) for one, _ in tried]),
        ("proved", [(one, gate.state is State.PROVED) for one, gate in tried]),
        ("without", [(one, gate.state is State.OPEN) for one, gate in seen.values()]),
    ):
        yield total(f"controls.{name}", [one.fact("", int(holds), "count") for one, holds in wanted])
    for one, gate in tried:
        yield from _gate_facts(one, gate)


def _gate_facts(one: Measured, gate: GateSeen) -> Iterable[Fact]:
    head, ids = f"controls.{gate.name}", tuple(record.id for record in gate.records)
    yield one.fact(f"{head}.proved", gate.state is State.PROVED, "flag", ids)
    if gate.seeded is not None and not gate.seeded.unable:
        yield one.fact(f"{head}.alarmed", gate.seeded.alarmed, "flag", (gate.seeded.id,))
        if gate.seeded.unit:
            for name in ("value", "low", "high"):
                yield one.fact(f"{head}.{name}", getattr(gate.seeded, name), gate.seeded.unit, (gate.seeded.id,))
    if gate.twin is not None and not gate.twin.unable:
        yield one.fact(f"{head}.silent", not gate.twin.alarmed, "flag", (gate.twin.id,))
