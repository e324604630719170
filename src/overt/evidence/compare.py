"""Two states of a project side by side, suite by suite: what broke, what was mended, what is gone, what got slower."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from overt.evidence.history import Compared
from overt.evidence.reader import Run
from overt.evidence.snapshots import Side, Snapshot, side_of
from overt.model import State

TEST_FACTOR, TEST_NS = 2.0, 500_000_000
"""A test is named as slower when it takes so many times as long, and so many nanoseconds more."""

SUITE_FACTOR, SUITE_NS = 1.2, 1_000_000_000
"""The same of a whole suite."""

BAND = 0.02
"""Share by which the intervals of two ratios of a benchmark must lie apart."""


@dataclass(frozen=True, slots=True)
class Slower:
    """Something that took much longer; one measurement each, so a hint and no proof.

    Args:
        name: Suite and name of the test, or the suite.
        before_ns: Wall time before, nanoseconds.
        after_ns: Wall time after, nanoseconds.
    """

    name: str
    before_ns: int
    after_ns: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A benchmark whose ratio is another than it was: the two intervals lie apart.

    Each ratio is paired within its own run; between the runs nothing is.

    Args:
        name: Suite and name of the benchmark.
        before: What it came to before.
        after: What it comes to.
    """

    name: str
    before: Compared
    after: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteChange:
    """What changed in one suite; names are those of tests and findings, sorted.

    Args:
        suite: Its name.
        before_run: The earlier run.
        after_run: The later one.
        before: Its verdict then, as it was measured.
        after: Its verdict in the later run.
        new: Tests that fail now and did not.
        fixed: Tests that failed and do not now.
        still_failing: Tests that fail in both.
        missing: Tests that left a result before and none now.
        added: Tests that left a result only now.
        slower: Tests that take at least twice and half a second longer; the suite itself when it takes 20 % and a
            second longer.
        benchmarks_slower: Benchmarks whose ratio is higher than it was.
        benchmarks_faster: Benchmarks whose ratio is lower than it was.
        new_findings: Findings that are there only now.
        gone_findings: Findings that were there only before.
    """

    suite: str
    before_run: str
    after_run: str
    before: str
    after: str
    new: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    still_failing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    slower: tuple[Slower, ...] = ()
    benchmarks_slower: tuple[Shift, ...] = ()
    benchmarks_faster: tuple[Shift, ...] = ()
    new_findings: tuple[str, ...] = ()
    gone_findings: tuple[str, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether the suite held and does not now."""
        return self.before == State.PROVED and self.after != State.PROVED

    @property
    def worse(self) -> bool:
        """Whether something holds no more that held, or is not known any more."""
        return bool(self.new or self.missing or self.new_findings or self.lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between two states of a project.

    Args:
        before: Name of the first.
        after: Name of the second.
        suites: The suites that both have, by name.
        not_compared: Suites that only one of them has.
        only_remembered: Runs of which only the history is left: findings and times of tests are not compared.
    """

    before: str
    after: str
    suites: tuple[SuiteChange, ...]
    not_compared: tuple[str, ...]
    only_remembered: tuple[str, ...] = ()

    @property
    def worse(self) -> bool:
        """Whether something holds no more that held, or is not known any more."""
        return any(one.worse for one in self.suites)

    def every(self, name: str) -> tuple[str, ...]:
        """Return one kind of change over all suites, each as `SUITE: NAME`.

        Args:
            name: The kind: `new`, `fixed`, `still_failing`, `missing`, `added`, `new_findings` or `gone_findings`.
        """
        return tuple(f"{one.suite}: {item}" for one in self.suites for item in getattr(one, name))


def compare(before: Run, after: Run) -> Comparison:
    """Return what changed from one run to another.

    Args:
        before: The earlier run.
        after: The later run.
    """
    return compare_sides(side_of(before), side_of(after))


def compare_sides(before: Side, after: Side) -> Comparison:
    """Return what changed from one state of a project to another.

    Args:
        before: The earlier state.
        after: The later one.
    """
    shared = sorted(before.suites.keys() & after.suites.keys())
    pairs = [(name, before.suites[name], after.suites[name]) for name in shared]
    return Comparison(
        before=before.name,
        after=after.name,
        suites=tuple(_suite(name, old, now) for name, old, now in pairs),
        not_compared=tuple(sorted(before.suites.keys() ^ after.suites.keys())),
        only_remembered=tuple(dict.fromkeys(one.run for _, old, now in pairs for one in (old, now) if not one.whole)),
    )


def _suite(name: str, old: Snapshot, now: Snapshot) -> SuiteChange:
    # What was skipped is not remembered: where one side is only that, it counts on neither.
    skips = old.whole and now.whole
    then = {test for test, result in old.tests.items() if skips or not result.skipped}
    here = {test for test, result in now.tests.items() if skips or not result.skipped}
    both = then & here
    bad_then = {test for test in then if old.tests[test].bad}
    bad_now = {test for test in here if now.tests[test].bad}
    then_found, now_found = old.findings, now.findings
    compared = then_found is not None and now_found is not None
    slower, faster = _shifts(name, old.benchmarks, now.benchmarks)
    return SuiteChange(
        suite=name,
        before_run=old.run,
        after_run=now.run,
        before=old.outcome,
        after=now.outcome,
        new=tuple(sorted(bad_now - bad_then)),
        fixed=tuple(sorted((bad_then - bad_now) & both)),
        still_failing=tuple(sorted(bad_now & bad_then)),
        missing=tuple(sorted(then - both)),
        added=tuple(sorted(here - both)),
        slower=tuple(_slower(name, old, now, sorted(both))),
        benchmarks_slower=slower,
        benchmarks_faster=faster,
        new_findings=_only(now_found, then_found) if compared else (),
        gone_findings=_only(then_found, now_found) if compared else (),
    )


def _only(these: Mapping[str, str] | None, others: Mapping[str, str] | None) -> tuple[str, ...]:
    known = others or {}
    return tuple(sorted(text for name, text in (these or {}).items() if name not in known))


def _slower(suite: str, old: Snapshot, now: Snapshot, tests: Iterable[str]) -> Iterable[Slower]:
    if _much(old.duration_ns, now.duration_ns, SUITE_FACTOR, SUITE_NS) and now.tests.keys() == old.tests.keys():
        yield Slower(suite, old.duration_ns, now.duration_ns)
    for test in tests:
        before_ns, after_ns = old.tests[test].duration_ns, now.tests[test].duration_ns
        if _much(before_ns, after_ns, TEST_FACTOR, TEST_NS):
            yield Slower(f"{suite}: {test}", before_ns, after_ns)


def _much(before_ns: int, after_ns: int, factor: float, more_ns: int) -> bool:
    return before_ns > 0 and after_ns >= factor * before_ns and after_ns - before_ns >= more_ns


def _shifts(
    suite: str, old: Mapping[str, Compared], now: Mapping[str, Compared]
) -> tuple[tuple[Shift, ...], tuple[Shift, ...]]:
    """Return the benchmarks that got slower, and those that got faster."""
    slower, faster = [], []
    for name in sorted(old.keys() & now.keys()):
        then, here = old[name], now[name]
        if not (then.ratio and here.ratio):
            continue
        if here.low > then.high * (1 + BAND):
            slower.append(Shift(f"{suite}: {name}", then, here))
        elif here.high * (1 + BAND) < then.low:
            faster.append(Shift(f"{suite}: {name}", then, here))
    return tuple(slower), tuple(faster)
