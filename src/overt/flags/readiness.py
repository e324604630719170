"""What is looked at before a stage is entered; what could not be looked at does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from overt.flags.health import Health
from overt.flags.stages import Check, Move, Status

CheckFunction = Callable[[], tuple[str, bool, str]]
"""Returns what was looked at, whether it holds, and what was seen."""

Judge = Callable[[str], tuple[bool, str]]
"""Tells of a claim, by its name, whether it is proved, and what was seen."""

_HOUR = 3600.0


class Limits(NamedTuple):
    """What is still good, and how often is looked.

    Args:
        interval: Seconds between two looks of the monitor.
        max_error_rate: Share of failed calls that is still good, 0 to 1.
        max_latency_ratio: Duration of new calls by that of legacy calls that is still good.
        min_samples: Calls below which nothing is decided.
        report_every: Seconds after which the store is told what was measured.
    """

    interval: float = 1.0
    max_error_rate: float = 0.05
    max_latency_ratio: float = 2.0
    min_samples: int = 20
    report_every: float = 5.0

    def exceeded_by(self, health: Health) -> bool:
        """Tell whether health is bad; what was not measured is not."""
        slow = health.latency_ratio is not None and health.latency_ratio > self.max_latency_ratio
        return slow or (health.error_rate is not None and health.error_rate > self.max_error_rate)


def said(health: Health) -> str:
    """Return health in words.

    Example:
        >>> said(Health(0.1, None, 40))
        '10.00 % errors, durations not compared, 40 calls'
    """
    rate = "errors not measured" if health.error_rate is None else f"{100 * health.error_rate:.2f} % errors"
    ratio = "durations not compared" if health.latency_ratio is None else f"{health.latency_ratio:.2f} x the duration"
    age = "" if health.age is None else f", measured {health.age:.0f} s ago"
    return f"{rate}, {ratio}, {health.samples} calls{age}"


def check_order(n: int, status: Status) -> Check:
    """Look whether the stages before one are complete, and nothing was set by hand."""
    if status.drift:
        return Check("order", False, f"set by hand: {', '.join(status.drift)}")  # noqa: FBT003
    complete = status.stage if status.percentage >= 100 else max(0, status.stage - 1)
    return Check("order", n <= complete + 1, f"stage {status.stage} is at {status.percentage:g} %")


def check_health(status: Status, limits: Limits) -> Check:
    """Look whether the new implementations do well, as far as any are turned on."""
    health = status.health
    if status.stage == 0:
        return Check("health", True, "nothing is turned on yet")  # noqa: FBT003
    if health is None or health.error_rate is None or health.samples < limits.min_samples:
        samples = health.samples if health else 0
        return Check("health", False, f"{samples} calls measured, {limits.min_samples} are needed")  # noqa: FBT003
    return Check("health", not limits.exceeded_by(health), said(health))


def check_rollbacks(history: Sequence[Move], now: float) -> Check:
    """Look whether something was rolled back within the last hour.

    Args:
        history: The moves so far.
        now: Seconds since 1970 UTC.
    """
    recent = [move for move in history if move.kind != "advance" and now - move.at < _HOUR]
    if recent:
        minutes = (now - recent[-1].at) / 60
        return Check("rollbacks", False, f"rolled back {minutes:.0f} minutes ago: {recent[-1].reason}")  # noqa: FBT003
    return Check("rollbacks", True, "none in the last hour")  # noqa: FBT003


def check_claims(names: Iterable[str], judge: Judge | None) -> Iterator[Check]:
    """Look whether claims are proved.

    Args:
        names: Their names.
        judge: Who knows; None when nobody does.
    """
    for name in names:
        if judge is None:
            yield Check(f"claim {name}", False, "nothing here knows the evidence")  # noqa: FBT003
        else:
            yield _asked(f"claim {name}", lambda name=name: (f"claim {name}", *judge(name)))  # type: ignore[misc]


def ask(functions: Iterable[CheckFunction]) -> Iterator[Check]:
    """Ask further checks; one that raises does not hold."""
    for function in functions:
        yield _asked(getattr(function, "__name__", "check"), function)


def _asked(name: str, function: CheckFunction) -> Check:
    try:
        return Check(*function())
    except Exception as error:  # noqa: BLE001  # what cannot be looked at does not hold
        return Check(name, False, f"it failed: {type(error).__name__}: {error}")  # noqa: FBT003
