"""What controls say about gates: has this gate ever failed? Judged anew each time, from what was observed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from overt.evidence.record_controls import Control
from overt.model import State, worst
from overt.system.units import count

KIND: Final = "controls"
"""Kind of the suites that try gates."""


def control_state(record: Control) -> tuple[State, str]:
    """Return whether one half of a gate's control holds, and why not.

    Args:
        record: What was planted, or not, and what the gate said.

    Returns:
        `open` when nothing can be planted: a gate without a control is told, and fails nothing.
    """
    if record.unable and not record.planted:
        return State.OPEN, record.unable
    if record.unable:
        return State.UNCHECKED, f"the gate {record.gate} could not be tried: {record.unable}"
    if record.alarmed == record.must_alarm:
        return State.PROVED, ""
    said = f": {record.note}" if record.note else ""
    if record.must_alarm:
        given = f" although it was given {record.planted}" if record.planted else ""
        return State.REFUTED, f"the gate {record.gate} stayed silent{given}{said}"
    return State.REFUTED, f"the gate {record.gate} alarmed with no defect planted{said}"


@dataclass(frozen=True, slots=True)
class GateSeen:
    """A gate, as its control saw it.

    Args:
        name: Name of the gate.
        sort: Kind of its suite, or what it judges beside tests.
        seeded: With the defect; None when that was not tried.
        twin: Without it; None when that was not tried.
    """

    name: str
    sort: str
    seeded: Control | None = None
    twin: Control | None = None

    @property
    def records(self) -> tuple[Control, ...]:
        """What it rests on."""
        return tuple(one for one in (self.seeded, self.twin) if one is not None)

    @property
    def state(self) -> State:
        """`proved` when it alarmed at the defect and stayed silent without; `open` when it has no control."""
        states = [control_state(one)[0] for one in self.records]
        if State.OPEN in states:
            return State.OPEN
        if len(states) < 2:
            states.append(State.UNCHECKED)
        return worst(states)

    @property
    def reason(self) -> str:
        """Why it is not proved; empty when it is."""
        told = [reason for one in self.records if (reason := control_state(one)[1])]
        if not told and len(self.records) < 2:
            return f"only {'the defect' if self.seeded else 'its twin'} was tried"
        return "; ".join(told)


def gates_seen(records: Iterable[object]) -> tuple[GateSeen, ...]:
    """Return the gates that records are about, in the order in which they first come.

    Args:
        records: Records of one run; others than controls are passed over.
    """
    halves: dict[str, dict[bool, Control]] = {}
    for record in records:
        if isinstance(record, Control):
            halves.setdefault(record.gate, {})[record.must_alarm] = record
    return tuple(
        GateSeen(name, next(iter(found.values())).sort, found.get(True), found.get(False))
        for name, found in halves.items()
    )


def achieved(records: Iterable[object]) -> str:
    """Return what the controls of a run came to, in words; empty when there are none.

    Example:
        >>> achieved([Control(id="a", suite="c", gate="unit", must_alarm=True, alarmed=True, planted="a failing test")])
        '0 gates alarm at a planted defect and stay silent without'
    """
    seen = gates_seen(records)
    if not seen:
        return ""
    proved = sum(one.state is State.PROVED for one in seen)
    without = sum(one.state is State.OPEN for one in seen)
    verb = "alarms at a planted defect and stays" if proved == 1 else "alarm at a planted defect and stay"
    text = f"{count(proved, 'gate')} {verb} silent without"
    return f"{text}; {without} without a control" if without else text


def nothing_tried(records: Sequence[object]) -> bool:
    """Tell whether a suite of controls tried no gate at all."""
    return not any(isinstance(one, Control) and not one.unable for one in records)
