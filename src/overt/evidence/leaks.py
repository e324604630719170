"""What the curves of a check for leaks come to: worked out anew each time, from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from overt.evidence.fact_records import Fact, total
from overt.evidence.measured import Measured
from overt.evidence.records import Series
from overt.testing.growth import Curve, Growth, Sort, judge

_SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class LeakCheck:
    """One piece of work that was done again and again.

    Args:
        name: Its name.
        suite: The suite that measured it.
        curves: What was read.
        tolerance: Bytes an iteration that count as none.
        growth: What the curves come to.
        suspects: Where what stays behind was allocated, the largest first.
        series: Ids of the records it rests on.
    """

    name: str
    suite: str
    curves: tuple[Curve, ...]
    tolerance: int
    growth: Growth
    suspects: tuple[str, ...]
    series: tuple[str, ...]


def leak_checks(series: Iterable[Series]) -> list[LeakCheck]:
    """Return the checks that curves belong to, by suite and name."""
    grouped: dict[tuple[str, str], list[Series]] = {}
    for one in series:
        grouped.setdefault((one.suite, one.name), []).append(one)
    return [_check(grouped[key]) for key in sorted(grouped)]


def _check(series: Sequence[Series]) -> LeakCheck:
    curves = tuple(curve for one in series if (curve := _curve(one)) is not None)
    # The strictest one: what passes only because another record says more is allowed does not pass.
    tolerance = max(1, min(one.tolerance for one in series))
    return LeakCheck(
        name=series[0].name,
        suite=series[0].suite,
        curves=curves,
        tolerance=tolerance,
        growth=judge(curves, tolerance),
        suspects=tuple(place for one in series for place in one.suspects),
        series=tuple(one.id for one in series),
    )


def _curve(one: Series) -> Curve | None:
    """Return a curve; None when it is of no known sort, or its points do not go on."""
    sort = next((sort for sort in _SORTS if sort == one.curve), None)
    goes_on = all(earlier < later for earlier, later in zip(one.x, one.x[1:], strict=False))
    whole = len(one.x) == len(one.y) and len(one.x) > 1
    return Curve(sort, one.round, one.x, one.y) if sort and whole and goes_on else None


def leak_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `leaks.<name>.*`: the verdict, the bytes each iteration leaves with their interval; and the sums."""
    checked, flat = list[Fact](), list[Fact]()
    for one in suites:
        for check in leak_checks(one.of(Series)):
            growth, ids = check.growth, check.series
            head = f"leaks.{check.name}"
            yield one.fact(f"{head}.verdict", growth.verdict, "text", ids)
            yield one.fact(f"{head}.iterations", growth.iterations, "count", ids)
            if growth.held is not None:
                yield one.fact(f"{head}.bytes_per_iteration", round(growth.held.value), "bytes", ids)
                yield one.fact(f"{head}.low", round(growth.held.low), "bytes", ids)
                yield one.fact(f"{head}.high", round(growth.held.high), "bytes", ids)
            checked.append(one.fact("", 1, "count", ids))
            flat.append(one.fact("", int(growth.verdict == "flat"), "count", ids))
    yield total("leaks.total", checked)
    yield total("leaks.flat", flat)
