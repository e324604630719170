"""Benchmarks that other tools measured one side at a time: numbers, and at most a hint at what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from overt.evidence.fact_records import Fact
from overt.evidence.measured import Measured
from overt.evidence.records import Timing

_NO_NAME = re.compile(r"[^a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Unpaired:
    """One benchmark as its tool measured it, and what the run before it had measured.

    Machine, load and code may all have changed in between: whatever the two say, it proves nothing slower or faster.

    Args:
        name: Its name.
        suite: The suite that it was imported for.
        tool: What measured it.
        median_ns: Median time of one operation, nanoseconds.
        low_ns: Lower quartile.
        high_ns: Upper quartile.
        runs: How many runs there were.
        before_ns: Median of the run before, nanoseconds; None when it did not measure it.
        timings: Ids of the records it rests on.
    """

    name: str
    suite: str
    tool: str
    median_ns: float
    low_ns: float
    high_ns: float
    runs: int
    before_ns: float | None
    timings: tuple[str, ...]

    @property
    def ratio(self) -> float | None:
        """This median by the one before; None when there is none."""
        return self.median_ns / self.before_ns if self.before_ns else None


def unpaired(timings: Iterable[Timing], before: Iterable[Timing] = ()) -> list[Unpaired]:
    """Return the benchmarks that timings belong to, by suite and name.

    Args:
        timings: What the latest run holds.
        before: What the run before it held.
    """
    older = dict(_grouped(before))
    return [_benchmark(group, older.get(key, ())) for key, group in _grouped(timings)]


def _grouped(timings: Iterable[Timing]) -> list[tuple[tuple[str, str, str], list[Timing]]]:
    """Return timings by suite, name and tool: what two tools measured is not the same thing."""
    grouped: dict[tuple[str, str, str], list[Timing]] = {}
    for one in timings:
        if one.times_ns:
            grouped.setdefault((one.suite, one.benchmark, one.tool), []).append(one)
    return sorted(grouped.items())


def _benchmark(group: Sequence[Timing], before: Sequence[Timing]) -> Unpaired:
    times = _times(group)
    older = _times(before)
    return Unpaired(
        name=group[0].benchmark,
        suite=group[0].suite,
        tool=group[0].tool,
        median_ns=median(times),
        low_ns=times[len(times) // 4],
        high_ns=times[len(times) - 1 - len(times) // 4],
        runs=sum(one.runs for one in group),
        before_ns=median(older) if older else None,
        timings=tuple(one.id for one in group),
    )


def _times(timings: Iterable[Timing]) -> list[float]:
    """Return the times of one operation, nanoseconds, sorted."""
    return sorted(time / max(1, one.operations) for one in timings for time in one.times_ns)


def fact_name(name: str) -> str:
    """Return the name of a benchmark as claims can write it.

    Example:
        >>> fact_name("tests/test_cart.py::test_total[10]")
        'tests.test_cart.py.test_total.10'
    """
    return _NO_NAME.sub(".", name.lower()).strip(".") or "unnamed"


def unpaired_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `timings.<name>.*`: the median and the quartiles of one operation, and how many runs there were."""
    for one in suites:
        for found in unpaired(one.of(Timing)):
            head, ids = f"timings.{fact_name(found.name)}", found.timings
            yield one.fact(f"{head}.runs", found.runs, "count", ids)
            for figure in ("median", "low", "high"):
                yield one.fact(f"{head}.{figure}", round(getattr(found, f"{figure}_ns")), "ns", ids)
