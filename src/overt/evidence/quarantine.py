"""Tests whose failure is known and counts for nothing until a date; they run, and never count as passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from overt.campaign.loading import FILE
from overt.campaign.locate import locate
from overt.campaign.records import Campaign
from overt.evidence.records import TestCase
from overt.model import Location
from overt.system.clock import iso_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A test in quarantine.

    Args:
        test: Its name as its runner prints it.
        suite: The only suite it is meant in; every suite when empty.
        reason: Why.
        owner: Who mends it.
        until: Last day, as YYYY-MM-DD, UTC.
        issue: Where it is talked about; may be empty.
        over: Whether that day is past.
        where: Where it is declared.
    """

    test: str
    suite: str = ""
    reason: str
    owner: str
    until: str
    issue: str = ""
    over: bool = False
    where: Location = Location(FILE)

    def covers(self, name: str) -> bool:
        """Tell whether a recorded name is that of the test: itself, or its tear-down or a subtest.

        Args:
            name: Name of the record.
        """
        inside = name.startswith(f"{self.test} ") and name.endswith((")", "]"))
        return name == self.test or inside


@dataclass(frozen=True, slots=True)
class Excused:
    """Failures of a suite that count for nothing, for now.

    Args:
        held: The tests that failed and are in quarantine.
        over: Tests of the suite whose quarantine is over, whatever came of them.
        failed: How many recorded failures are excused.
        errors: How many recorded breaks in set-up or tear-down are.
        ids: Ids of their records.
    """

    held: tuple[Held, ...] = ()
    over: tuple[Held, ...] = ()
    failed: int = 0
    errors: int = 0
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The tests in quarantine, as they stand on one day.

    Args:
        entries: As they are declared.
    """

    entries: tuple[Held, ...] = ()

    def of(self, suite: str) -> tuple[Held, ...]:
        """Return those that are meant in a suite; its states of flags are that suite too.

        Args:
            suite: Name of the suite, for example `stress` or `stress@on`.
        """
        return tuple(one for one in self.entries if one.suite in {"", suite, suite.partition("@")[0]})

    def excuse(self, suite: str, cases: Sequence[TestCase], failing: Iterable[str]) -> Excused:
        """Return what is excused in a suite.

        Args:
            suite: Name of the suite.
            cases: Records of its tests.
            failing: Ids of those that failed and broke.
        """
        mine = self.of(suite)
        if not mine:
            return Excused()
        known = {one: [case for case in cases if one.covers(case.name)] for one in mine}
        ended = frozenset(failing)
        bad = {one: [case for case in found if case.id in ended] for one, found in known.items() if not one.over}
        excused = {case.id: case for found in bad.values() for case in found}
        return Excused(
            held=tuple(one for one, found in bad.items() if found),
            over=tuple(one for one, found in known.items() if one.over and found),
            failed=sum(case.outcome == "failed" for case in excused.values()),
            errors=sum(case.outcome == "error" for case in excused.values()),
            ids=frozenset(excused),
        )

    def unknown(self, cases: Mapping[str, Sequence[TestCase]]) -> tuple[Held, ...]:
        """Return the entries that name no test that left a result.

        Args:
            cases: Records of tests by suite.
        """
        return tuple(
            one
            for one in self.entries
            if not any(one in self.of(suite) and any(one.covers(case.name) for case in cases[suite]) for suite in cases)
        )


def read_quarantine(root: Path, campaign: Campaign, now_ns: int) -> Quarantine:
    """Return the quarantine of a project, as it stands now.

    Args:
        root: Folder of the project, whose `overt.toml` tells the lines.
        campaign: Its campaign.
        now_ns: Now, nanoseconds since 1970 UTC.
    """
    if not campaign.quarantine:
        return Quarantine()
    try:
        lines = locate((root / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        lines = {}
    today = iso_utc(now_ns)[:10]
    return Quarantine(
        tuple(
            Held(
                test=one.test,
                suite=one.suite,
                reason=one.reason,
                owner=one.owner,
                until=one.until,
                issue=one.issue,
                over=today > one.until,
                where=Location(FILE, lines.get(("quarantine", place), 0)),
            )
            for place, one in enumerate(campaign.quarantine)
        )
    )
