"""What changed between two runs of a suite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from overt.evidence.records import AnyRecord, FindingSeen, TestCase

_BAD = frozenset({"failed", "error"})


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of tests and findings that are not what they were; each sorted.

    Args:
        broken: Tests that fail now and did not.
        mended: Tests that pass now and did not.
        added: Tests that were not there.
        gone: Tests that are no longer there.
        found: Findings that were not there: rule and path.
        cleared: Findings that are gone: rule and path.
    """

    broken: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed at all."""
        return any((self.broken, self.mended, self.added, self.gone, self.found, self.cleared))


def last_outcomes(records: Iterable[AnyRecord]) -> dict[str, str]:
    """Return the outcome of each test's last attempt."""
    tests = sorted((record for record in records if isinstance(record, TestCase)), key=lambda test: test.attempt)
    return {test.name: test.outcome for test in tests}


def _findings(records: Iterable[AnyRecord]) -> dict[str, str]:
    return {
        record.finding.key: f"{record.finding.rule} in {record.finding.location.path}"
        for record in records
        if isinstance(record, FindingSeen) and record.standing != "allowed"
    }


def compare(before: Iterable[AnyRecord], after: Iterable[AnyRecord]) -> Changes:
    """Return what changed from one run of a suite to the next."""
    before, after = tuple(before), tuple(after)
    old, new = last_outcomes(before), last_outcomes(after)
    both = old.keys() & new.keys()
    was, now = _findings(before), _findings(after)
    return Changes(
        broken=tuple(sorted(name for name, outcome in new.items() if outcome in _BAD and old.get(name) not in _BAD)),
        mended=tuple(sorted(name for name in both if old[name] in _BAD and new[name] == "passed")),
        added=tuple(sorted(new.keys() - old.keys())),
        gone=tuple(sorted(old.keys() - new.keys())),
        found=tuple(sorted(now[key] for key in now.keys() - was.keys())),
        cleared=tuple(sorted(was[key] for key in was.keys() - now.keys())),
    )
