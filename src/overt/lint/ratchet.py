"""The ratchet: a file that holds today's findings, whose counts may only fall.

One line for each key, sorted, so that merges do not conflict:

    OV202|src/shop/cart.py|shop.cart|_rows 2 owner=ann until=2027-01-01 -- the old importer
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from overt.lint.inline import is_date
from overt.lint.report import ALLOWED, NEW, RATCHETED, Report, Seen, in_order
from overt.lint.rules import rule_for
from overt.model.errors import OvertError, Problem, Problems
from overt.model.exits import Exit
from overt.model.finding import Finding
from overt.model.location import Location

HEADER = """\
# Hidden state that was there when this file was written: rule|file|scope|name and how many places.
# A count may only fall. After mending something: overt check --prune-ratchet
"""
_WORDS = ("owner", "until")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Args:
        key: Rule, path, scope and symbol, joined by `|`.
        count: How many places there were.
        owner: Who answers for it; may be empty.
        until: Last day it counts; may be empty.
        reason: Why; may be empty.
        line: Line in the file; 0 when it is not from a file.
    """

    key: str
    count: int
    owner: str = ""
    until: str = ""
    reason: str = ""
    line: int = 0

    def __str__(self) -> str:
        """Return the line."""
        words = "".join(f" {name}={value}" for name in _WORDS if (value := getattr(self, name)))
        return f"{self.key} {self.count}{words}" + (f" -- {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Ratchet:
    """All lines.

    Args:
        entries: The lines, by key.
        path: Where it was read from, as shown to people.
    """

    entries: tuple[Entry, ...] = ()
    path: str = "validation/hidden-state.ratchet"


def _head(text: str) -> tuple[str, int, dict[str, str]]:
    """Return key, count and words of a line without its reason; a count of 0 when it is not one."""
    words = text.split(" ")
    given: dict[str, str] = {}
    while len(words) > 2 and words[-1].partition("=")[0] in _WORDS:
        name, _, value = words.pop().partition("=")
        given[name] = value
    count = words.pop()
    key = " ".join(words)
    fits = count.isdecimal() and key.count("|") >= 3
    return key, int(count) if fits else 0, given


def parse_entry(text: str, line: int, path: str) -> Entry:
    """Read one line.

    Raises:
        OvertError: It is not a key and a count.

    Example:
        >>> parse_entry("OV202|a.py|a|rows 2 until=2027-01-01 -- the old importer", 1, "r").count
        2
    """
    where = Location(path, line)
    parts = text.split(" -- ")
    # A name may hold dashes too: the reason begins after the first ones that follow a count.
    for cut in range(1, len(parts) + 1):
        key, count, given = _head(" -- ".join(parts[:cut]))
        if count:
            break
    else:
        raise OvertError("is not a line of a ratchet", where=where, hint="RULE|FILE|SCOPE|NAME COUNT")
    if "until" in given and not is_date(given["until"]):
        raise OvertError(f"{given['until']!r} is not a date", where=where, hint="write until=YYYY-MM-DD")
    return Entry(key, count, given.get("owner", ""), given.get("until", ""), " -- ".join(parts[cut:]).strip(), line)


def parse_ratchet(text: str, path: str) -> Ratchet:
    """Read the text of a ratchet.

    Raises:
        Problems: Some lines are not understood, or a key is there twice; each is named.
    """
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            entry = parse_entry(line, number, path)
        except OvertError as error:
            problems.extend(error.problems)
            continue
        if entry.key in entries:
            first = entries[entry.key].line
            problems.append(Problem(f"the key stands on line {first} already", Location(path, number), "keep one"))
        entries[entry.key] = entry
    if problems:
        raise Problems(problems)
    return Ratchet(tuple(entries[key] for key in sorted(entries)), path)


def read_ratchet(path: Path, shown: str = "") -> Ratchet:
    """Read a ratchet file.

    Args:
        path: The file.
        shown: How it is named to people; its path when empty.

    Raises:
        OvertError: It cannot be read or understood; never taken for an empty one.
    """
    name = shown or path.as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise OvertError(f"the ratchet cannot be read: {reason}", where=Location(name)) from None
    return parse_ratchet(text, name)


def render_ratchet(ratchet: Ratchet) -> bytes:
    """Return the bytes of the file."""
    lines = "".join(f"{entry}\n" for entry in sorted(ratchet.entries, key=lambda entry: entry.key))
    return (HEADER + lines).encode()


def counts(findings: Iterable[Seen]) -> Counter[str]:
    """Return how many places each key stands for, of the findings that a ratchet can hold."""
    found: Counter[str] = Counter()
    for seen in findings:
        held = seen.severity != "note" and not seen.rule.startswith("OV9")
        if seen.standing != ALLOWED and held:
            found[seen.key] += seen.places
    return found


def grown(report: Report, old: Ratchet | None = None) -> Ratchet:
    """Return a ratchet that holds all of today's findings: it may grow; owner, date and reason are kept.

    Args:
        report: A check of the whole project; of a part, the entries of other files stay.
        old: The ratchet there was.

    Raises:
        OvertError: Something could not be checked, so that its findings are not known.
    """
    _refuse_unknown(report)
    before = {entry.key: entry for entry in (old.entries if old else ())}
    today = counts(report.findings)
    kept = {} if report.whole else before
    new = {key: replace(before.get(key, Entry(key, 1)), count=number) for key, number in today.items()}
    merged = {**kept, **new}
    return Ratchet(tuple(merged[key] for key in sorted(merged)), old.path if old else Ratchet().path)


def pruned(report: Report, old: Ratchet) -> Ratchet:
    """Return a ratchet without what is gone: it only shrinks.

    Raises:
        OvertError: Something could not be checked, or only a part was.
    """
    _refuse_unknown(report)
    if not report.whole:
        raise OvertError("a ratchet is pruned on the whole project only", hint="leave out the paths")
    today = counts(report.findings)
    kept = [replace(e, count=min(e.count, today[e.key])) for e in old.entries if today[e.key]]
    return Ratchet(tuple(kept), old.path)


def _refuse_unknown(report: Report) -> None:
    if report.unreadable:
        first = report.unreadable[0]
        raise OvertError(
            f"{len(report.unreadable)} files could not be checked; the ratchet stays as it is",
            where=Location(first.path, first.line),
            hint=first.message,
            exit=Exit.UNCHECKED,
        )


def compare(report: Report, ratchet: Ratchet, *, today: str, root: Path, scanned: Sequence[str] = ()) -> Report:
    """Hold a report against a ratchet.

    Args:
        report: The findings.
        ratchet: What was there before.
        today: The present day, YYYY-MM-DD.
        root: The project's folder, to see whether a file of an entry is gone.
        scanned: Files that were checked, when the report is not of the whole project.

    Returns:
        The report with standings: known findings are `ratcheted`; a key with more places than before is `new` with
        the difference as reason; entries that are stale or past their date are findings themselves.
    """
    found = counts(report.findings)
    entries = {entry.key: entry for entry in ratchet.entries}
    expired = {key for key, entry in entries.items() if entry.until and entry.until < today}
    judged = [_standing(seen, entries, found, expired) for seen in report.findings]
    codes = frozenset(report.rules)
    unread = {each.path for each in report.unreadable}
    for entry in ratchet.entries:
        code, path = entry.key.split("|")[:2]
        if code not in codes or path in unread:
            continue
        if entry.key in expired and found[entry.key]:
            judged.append(_problem("OV902", f"the ratchet holds `{entry.key}` until {entry.until}", entry, ratchet))
        elif found[entry.key] < entry.count and (report.whole or path in scanned or not (root / path).is_file()):
            text = f"the ratchet holds `{entry.key}` {entry.count} times, found {found[entry.key]}"
            judged.append(_problem("OV900", text + ": overt check --prune-ratchet", entry, ratchet))
    return report._replace(findings=in_order(judged))


def _problem(code: str, found: str, entry: Entry, ratchet: Ratchet) -> Seen:
    return Seen(Finding(code, rule_for(code).message(found), Location(ratchet.path, entry.line), symbol=entry.key))


def _standing(seen: Seen, entries: dict[str, Entry], found: Counter[str], expired: set[str]) -> Seen:
    key = seen.key
    if seen.standing != NEW or key not in entries or key in expired:
        return seen
    before = entries[key].count
    if found[key] <= before:
        return seen._replace(standing=RATCHETED, reason=entries[key].reason)
    return seen._replace(reason=f"{found[key]} places, the ratchet holds {before}")
