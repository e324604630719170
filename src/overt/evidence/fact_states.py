"""Facts about suites in the states of feature flags; the totals of the project do not count them a second time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from overt.campaign.flag_states import base_of, state_of
from overt.evidence.fact_records import Fact, total
from overt.evidence.measured import Measured
from overt.evidence.records import TestCase
from overt.flags.states import STATES
from overt.model import State, worst

_COUNTS = ("total", "passed", "failed", "errors", "skipped", "xfailed", "xpassed", "planned", "missing", "flaky")


def flag_state_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `flag_states.<state>.*`: the sums over the suites in a state, and the same of each.

    Args:
        suites: The suites in their states.
    """
    for state in STATES:
        parts = [one for one in suites if state_of(one.summary.name) == state]
        if not parts:
            continue
        head = f"flag_states.{state}"
        verdicts = [one.summary.verdict for one in parts]
        yield _over(f"{head}.outcome", parts, worst(verdict.state for verdict in verdicts).value, "text")
        yield _over(f"{head}.suites", parts, len(parts), "count")
        yield _over(f"{head}.proved", parts, sum(verdict.state is State.PROVED for verdict in verdicts), "count")
        each = [list(_counts(one, "")) for one in parts]
        for counted in zip(*each, strict=True):
            yield total(f"{head}.{counted[0].name.lstrip('.')}", counted, counted[0].unit)
        for one in parts:
            name = f"{head}.{base_of(one.summary.name)}"
            yield one.fact(f"{name}.outcome", one.summary.verdict.state.value, "text")
            yield from _counts(one, name)


def _counts(one: Measured, head: str) -> Iterable[Fact]:
    for name in _COUNTS:
        yield one.fact(f"{head}.{name}", getattr(one.summary.counts, name), "count")
    yield one.fact(f"{head}.asked", sum(bool(case.flags) for case in one.of(TestCase)), "count")
    yield one.fact(f"{head}.duration", one.summary.duration_ns, "ns")


def _over(name: str, parts: Sequence[Measured], value: int | str, unit: str) -> Fact:
    """Return a fact about several suites: as doubtful as the most doubtful of them."""
    sure = total(name, [one.fact("", 0, "count") for one in parts])
    return Fact(name, value if sure.value is not None else None, unit, sure.state, sure.reason, sure.evidence)
