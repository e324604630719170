"""Tests that pass and fail by chance, found in what is remembered of runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from overt.evidence.history import Entry, History, Letters
from overt.evidence.history_names import chains, restrict, unpack
from overt.evidence.odds import interval, looks_flaky, missed
from overt.model import OvertError

WINDOW = 200
"""Newest runs of a suite that are looked at: what was mended before does not count for ever."""

RATE = 0.05
"""Rate of failures for which the chance of missing a test is told."""

_SHOWN = 60
_MASS, _SHARE = 20, 0.1
"""Failures in one run, and their share of its tests, above which it says nothing about any single one."""

_STATED = 0.05
"""Chance of missing a test that is not worth a remark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaky:
    """A test that passes and fails by chance.

    Args:
        suite: Its suite.
        test: Its name.
        certain: Whether it passed and failed on the very same; else its failures only lie as chance would have them.
        reason: What was seen, with its figures.
        failures: Attempts that failed.
        attempts: Attempts there were.
        low: Lower end of the interval of its rate of failures, 0 to 1.
        high: Upper end.
        last_run: The newest run in which it failed.
        last_ns: When that began, nanoseconds since 1970 UTC.
        since: Runs that it passed since then.
        outcomes: Its newest outcomes, one letter a run: `p` passed, `f` failed, `e` broke, `r` both.
    """

    suite: str
    test: str
    certain: bool
    reason: str
    failures: int
    attempts: int
    low: float
    high: float
    last_run: str
    last_ns: int
    since: int
    outcomes: str

    @property
    def rate(self) -> float:
        """How often it failed, 0 to 1."""
        return self.failures / self.attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What looking at one suite came to.

    Args:
        suite: Its name.
        runs: Runs in which tests ran, as far as they are looked at.
        set_aside: Of these, runs in which so much failed at once that it says nothing about a single test.
        flaky: What was found, the surest and most frequent first.
        mended: Tests that failed, but as something does that breaks and is mended.
        missing: Chance that a test that fails at `RATE` is not found in so many runs.
    """

    suite: str
    runs: int
    set_aside: int
    flaky: tuple[Flaky, ...]
    mended: int
    missing: float

    @property
    def enough(self) -> bool:
        """Whether a test that fails at `RATE` would hardly be missed."""
        return self.missing <= _STATED


def find_flaky(history: History, *, window: int = WINDOW) -> tuple[Searched, ...]:
    """Return what looks flaky, suite by suite; suites of which no test ran are left out.

    A test is certainly flaky when it passed and failed in one run, or in two runs of the same commit with the same
    inputs, settings, system and packages. It is probably flaky when, over runs of one branch, it failed in two
    separate stretches or more that lie no closer together than chance would put them.

    Args:
        history: What is remembered.
        window: Newest runs of each suite that are looked at.
    """
    grouped = {suite: [one for one in entries if one.names] for suite, entries in history.by_suite().items()}
    return tuple(_search(suite, entries[-window:], history) for suite, entries in grouped.items() if entries)


def failures_of(entry: Entry) -> Mapping[str, str]:
    """Return the tests of which an attempt failed, with the letters of their attempts; none when they are damaged."""
    if not entry.packed:
        return entry.tests
    try:
        found: dict[str, str] = unpack(entry.packed, dict[str, Letters])
    except OvertError:
        return {}
    return found


def is_mass(failed: int, ran: int) -> bool:
    """Tell whether so much failed at once that it says nothing about a single test."""
    return failed >= _MASS and failed > _SHARE * ran


def _search(suite: str, entries: Sequence[Entry], history: History) -> Searched:
    failing = [failures_of(entry) for entry in entries]
    usable = [(entry, bad) for entry, bad in zip(entries, failing, strict=True) if not is_mass(len(bad), entry.ran)]
    interest = {name for _, bad in usable for name in bad}
    sets = restrict(chains({entry.names for entry, _ in usable}, history.sets), interest) if interest else {}
    seen: dict[str, list[tuple[int, str]]] = {name: [] for name in interest}
    for place, (entry, bad) in enumerate(usable):
        for name in sets.get(entry.names, frozenset[str]()).union(bad):
            seen[name].append((place, bad.get(name, "p")))
    runs = [entry for entry, _ in usable]
    judged = {name: _judge(suite, name, seen[name], runs) for name in sorted(interest)}
    found = [one for one in judged.values() if one is not None]
    return Searched(
        suite=suite,
        runs=len(entries),
        set_aside=len(entries) - len(usable),
        flaky=tuple(sorted(found, key=lambda one: (not one.certain, -one.rate, one.test))),
        mended=len(judged) - len(found),
        missing=_missing(runs),
    )


def _missing(runs: Sequence[Entry]) -> float:
    """Return the chance of missing a test that fails at the rate it is told for."""
    same = Counter(_same(entry) for entry in runs)
    lines = Counter(_line(entry) for entry in runs if same[_same(entry)] == 1 and not entry.dirty)
    alone = max(lines.values(), default=0)
    return missed(RATE, alone, [number for number in same.values() if number > 1])


def _same(entry: Entry) -> tuple[str, ...]:
    """Return what two runs have in common that measured the very same."""
    # What is imported was measured elsewhere, and its result files are often all that is known as inputs.
    on = entry.difference if entry.suite_kind == "import" and entry.commit else entry.inputs
    return entry.commit, on, entry.settings, entry.host, entry.packages


def _line(entry: Entry) -> tuple[str, str]:
    """Return what runs have in common whose outcomes may be read as one row."""
    return entry.branch, entry.host


def _judge(suite: str, name: str, letters: Sequence[tuple[int, str]], runs: Sequence[Entry]) -> Flaky | None:
    sure = _certain(letters, runs)
    reason = sure or _probable(letters, runs)
    if not reason:
        return None
    attempts = sum(len(tried) for _, tried in letters)
    failures = attempts - sum(tried.count("p") for _, tried in letters)
    last = max(index for index, (_, tried) in enumerate(letters) if _bad(tried))
    low, high = interval(failures, attempts)
    return Flaky(
        suite=suite,
        test=name,
        certain=bool(sure),
        reason=reason,
        failures=failures,
        attempts=attempts,
        low=low,
        high=high,
        last_run=runs[letters[last][0]].run,
        last_ns=runs[letters[last][0]].created_ns,
        since=len(letters) - 1 - last,
        outcomes="".join(map(_letter, (tried for _, tried in letters[-_SHOWN:]))),
    )


def _bad(tried: str) -> bool:
    return tried.strip("p") != ""


def _letter(tried: str) -> str:
    return "r" if _bad(tried) and "p" in tried else tried[-1]


def _certain(letters: Iterable[tuple[int, str]], runs: Sequence[Entry]) -> str:
    """Return what shows that a test passed and failed on the very same; empty when nothing does."""
    outcome: dict[tuple[str, ...], dict[bool, str]] = {}
    retried = contradicted = ""
    for place, tried in letters:
        run = runs[place]
        if _bad(tried) and "p" in tried:
            retried = f"it failed and passed in the run {run.run}"
        both = outcome.setdefault(_same(run), {})
        both[_bad(tried)] = run.run
        if len(both) == 2:
            contradicted = (
                f"on the same commit and inputs it passed in the run {both[False]} and failed in {both[True]}"
            )
    return retried or contradicted


def _probable(letters: Iterable[tuple[int, str]], runs: Sequence[Entry]) -> str:
    """Return what suggests that a test fails by chance; empty when breaks that were mended explain it as well."""
    rows: dict[tuple[str, str], list[bool]] = {}
    for place, tried in letters:
        if not runs[place].dirty:
            rows.setdefault(_line(runs[place]), []).append(_bad(tried))
    for (branch, _), row in rows.items():
        failures = sum(row)
        stretches = sum(now and not before for before, now in zip([False, *row], row, strict=False))
        if failures and looks_flaky(stretches, failures, len(row)):
            on = f" of the branch {branch}" if branch else ""
            return f"it failed in {stretches} separate stretches of {len(row)} runs{on}, as chance would have it"
    return ""
