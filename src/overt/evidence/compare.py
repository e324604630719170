"""Two runs side by side: what broke, what was mended, what is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from overt.evidence.reader import Run
from overt.evidence.records import FindingSeen, TestCase

_BAD = frozenset({"failed", "error"})
_SLOWER_FACTOR = 2
_SLOWER_NS = 500_000_000


@dataclass(frozen=True, slots=True)
class Slower:
    """A test that took much longer; one measurement each, so a hint and no proof.

    Args:
        name: Suite and name of the test.
        before_ns: Wall time before, nanoseconds.
        after_ns: Wall time after, nanoseconds.
    """

    name: str
    before_ns: int
    after_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between two runs; names are `SUITE: NAME`, sorted.

    Args:
        before: Name of the first run.
        after: Name of the second.
        new: Tests that fail now and did not.
        fixed: Tests that failed and do not now.
        still_failing: Tests that fail in both.
        missing: Tests that left a result before and none now, in suites that both runs planned.
        added: Tests that left a result only now.
        slower: Tests that take at least twice and half a second longer.
        new_findings: Findings that are there only now.
        gone_findings: Findings that were there only before.
        not_compared: Suites that only one of the runs planned.
    """

    before: str
    after: str
    new: tuple[str, ...]
    fixed: tuple[str, ...]
    still_failing: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    slower: tuple[Slower, ...]
    new_findings: tuple[str, ...]
    gone_findings: tuple[str, ...]
    not_compared: tuple[str, ...]

    @property
    def worse(self) -> bool:
        """Whether something holds no more that held, or is not known any more."""
        return bool(self.new or self.missing or self.new_findings)


def compare(before: Run, after: Run) -> Comparison:
    """Return what changed from one run to another.

    Args:
        before: The earlier run.
        after: The later run.
    """
    planned = [{suite.name for suite in run.manifest.plan.suites} for run in (before, after)]
    shared = planned[0] & planned[1]
    old, now = _tests(before, shared), _tests(after, shared)
    both = old.keys() & now.keys()
    bad_now = {name for name, test in now.items() if test.outcome in _BAD}
    bad_then = {name for name, test in old.items() if test.outcome in _BAD}
    findings_then, findings_now = _findings(before, shared), _findings(after, shared)
    return Comparison(
        before=before.name,
        after=after.name,
        new=tuple(sorted(bad_now - bad_then)),
        fixed=tuple(sorted(name for name in bad_then - bad_now if name in both)),
        still_failing=tuple(sorted(bad_now & bad_then)),
        missing=tuple(sorted(old.keys() - both)),
        added=tuple(sorted(now.keys() - both)),
        slower=tuple(_slower((name, old[name], now[name]) for name in sorted(both))),
        new_findings=_only(findings_now, findings_then),
        gone_findings=_only(findings_then, findings_now),
        not_compared=tuple(sorted(planned[0] ^ planned[1])),
    )


def _tests(run: Run, suites: set[str]) -> dict[str, TestCase]:
    """Return the deciding attempt of each test."""
    last: dict[str, TestCase] = {}
    for record in run.records:
        if isinstance(record, TestCase) and record.suite in suites:
            key = f"{record.suite}: {record.name}"
            if key not in last or _weight(record) > _weight(last[key]):
                last[key] = record
    return last


def _weight(test: TestCase) -> tuple[int, bool]:
    """Later attempts decide; of two results of one attempt the bad one."""
    return test.attempt, test.outcome in _BAD


def _findings(run: Run, suites: set[str]) -> dict[str, str]:
    seen = (record for record in run.records if isinstance(record, FindingSeen) and record.suite in suites)
    return {
        record.id: f"{record.suite}: {record.finding.location}: {record.finding.rule} {record.finding.message}"
        for record in seen
    }


def _only(these: dict[str, str], others: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted(text for name, text in these.items() if name not in others))


def _slower(pairs: Iterable[tuple[str, TestCase, TestCase]]) -> Iterable[Slower]:
    for name, old, now in pairs:
        then_ns, now_ns = old.duration_ns, now.duration_ns
        if then_ns and now_ns >= _SLOWER_FACTOR * then_ns and now_ns - then_ns >= _SLOWER_NS:
            yield Slower(name, then_ns, now_ns)
