"""What the records of a suite add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter, lt

import msgspec

from overt.evidence.records import AnyRecord, Collected, FindingSeen, TestCase
from overt.evidence.scrub import TEXT_LIMIT, cut
from overt.model import OvertError, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of what.

    Args:
        total: Tests that left a result, each counted once however often it was tried.
        passed: Of these, passed at their last attempt.
        failed: Failed.
        errors: Broke in set-up or tear-down.
        skipped: Were skipped.
        xfailed: Failed as expected.
        xpassed: Passed although a failure was expected.
        planned: Tests that were going to run; 0 when nobody said.
        missing: Of these, left no result.
        flaky: Tests that passed only after a failed attempt; counted as passed too.
        findings: Findings, whatever their standing.
        new_findings: Of these, neither ratcheted nor allowed, and more than a note: what fails a suite.
        notes: Of these, neither ratcheted nor allowed, and only a note.
        quarantined: Tests that failed or broke and are in quarantine; counted as failed or broken too.
    """

    total: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    xfailed: int = 0
    xpassed: int = 0
    planned: int = 0
    missing: int = 0
    flaky: int = 0
    findings: int = 0
    new_findings: int = 0
    notes: int = 0
    quarantined: int = 0

    @property
    def ran(self) -> int:
        """Tests that were not skipped."""
        return self.total - self.skipped


@dataclass(frozen=True, slots=True)
class TestTally:
    """What the tests of a suite came to.

    Args:
        counts: How many of what.
        failing: Ids of the records of failed and broken tests, in order.
        conflicts: Names of tests of which two records disagree.
        missing: Names of planned tests without a result, as far as names are known.
    """

    __test__ = False

    counts: Counts
    failing: tuple[str, ...]
    conflicts: tuple[str, ...]
    missing: tuple[str, ...]


def tally_tests(
    tests: Sequence[TestCase],
    collected: Sequence[Collected],
    blob: Callable[[str], bytes] = lambda _: b"",
    *,
    strict: bool = False,
) -> TestTally:
    """Return what test records come to.

    Args:
        tests: The records, all attempts.
        collected: What was going to run.
        blob: Gives the bytes of a blob, for the names of what was going to run.
        strict: Whether two records of one attempt disagree when anything in them differs, not only the outcome; so
            it is for merged runs, where no test should have run twice, and where every part says what all tests were.
    """
    last, flaky, conflicts = _last_attempts(tests, strict=strict)
    outcomes = Counter(map(attrgetter("outcome"), last))
    planned, missing, missing_count = _missing(tests, [_whole(one) for one in collected] if strict else collected, blob)
    counts = Counts(
        total=len(last),
        passed=outcomes["passed"],
        failed=outcomes["failed"],
        errors=outcomes["error"],
        skipped=outcomes["skipped"],
        xfailed=outcomes["xfailed"],
        xpassed=outcomes["xpassed"],
        planned=planned,
        missing=missing_count,
        flaky=flaky,
    )
    bad = outcomes["failed"] or outcomes["error"]
    failing = tuple(test.id for test in last if test.outcome in {"failed", "error"}) if bad else ()
    return TestTally(counts, failing, conflicts, missing)


def distinct(names: Sequence[str]) -> bool:
    """Tell whether no name is there twice; of names in order, as those of a closed run are, in far less time."""
    return all(map(lt, names, islice(names, 1, None))) or len(set(names)) == len(names)


def _last_attempts(tests: Sequence[TestCase], *, strict: bool) -> tuple[list[TestCase], int, tuple[str, ...]]:
    """Return the record that decides each test, how many passed late, and the tests whose records disagree."""
    if distinct([test.name for test in tests]):
        return list(tests), 0, ()
    by_test: dict[str, dict[int, TestCase]] = {}
    outcome_of: dict[tuple[str, int], str] = {}
    conflicts: dict[str, None] = {}
    for test in tests:
        attempts = by_test.setdefault(test.id.removesuffix(f"#{test.attempt}"), {})
        same_record = attempts.setdefault(test.attempt, test) == test or not strict
        same_outcome = outcome_of.setdefault((test.name, test.attempt), test.outcome) == test.outcome
        if not (same_record and same_outcome):
            conflicts[test.name] = None
    last = [attempts[max(attempts)] for attempts in by_test.values()]
    flaky = sum(_is_flaky(attempts) for attempts in by_test.values())
    return last, flaky, tuple(conflicts)


def _is_flaky(attempts: dict[int, TestCase]) -> bool:
    first_tries = [test for number, test in attempts.items() if number != max(attempts)]
    passed = attempts[max(attempts)].outcome in {"passed", "xpassed"}
    return passed and any(test.outcome in {"failed", "error"} for test in first_tries)


def _whole(plan: Collected) -> Collected:
    """Return what was going to run in all parts together, as one part tells it."""
    if not plan.whole:
        return plan
    return msgspec.structs.replace(plan, count=plan.whole, sha256=plan.whole_sha256, names_blob=plan.whole_blob)


def _missing(
    tests: Sequence[TestCase], collected: Sequence[Collected], blob: Callable[[str], bytes]
) -> tuple[int, tuple[str, ...], int]:
    """Return how many tests were planned, the names of those without a result, and how many these are."""
    if not collected:
        return 0, (), 0
    seen = {test.name for test in tests}
    planned: set[str] = set()
    nameless = 0
    for plan in collected:
        names = _names(plan, blob)
        if names is None:
            nameless = max(nameless, plan.count)
        else:
            planned |= names
    missing = tuple(sorted(planned - seen))
    return max(len(planned), nameless), missing, max(len(missing), nameless - len(seen))


def _names(plan: Collected, blob: Callable[[str], bytes]) -> set[str] | None:
    """Return the names that were planned; None when they were not kept whole."""
    if not plan.count:
        return set()
    if not plan.names_blob:
        return None
    try:
        lines = blob(plan.names_blob).decode("utf-8", "replace").split("\n")
    except OvertError:
        return None
    names = {cut(line, TEXT_LIMIT) for line in lines if line}
    return names if len(names) == plan.count else None


def tally_findings(records: Sequence[AnyRecord]) -> tuple[list[FindingSeen], list[FindingSeen], list[FindingSeen]]:
    """Return all findings, the new ones, and of these the ones that fail a suite: errors and warnings."""
    seen = list({record.id: record for record in records if isinstance(record, FindingSeen)}.values())
    new = [record for record in seen if record.standing == "new"]
    return seen, new, [record for record in new if record.finding.severity is not Severity.NOTE]
