"""Which findings a project has accepted, and which of its allowances no longer hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from overt.lint.report import ALLOWED, NEW, Seen
from overt.lint.results import Allowance, Examined
from overt.lint.rules import all_codes, rule_for
from overt.model.finding import Finding
from overt.model.location import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.protocols import AllowEntry

CONFIGURATION = "overt.toml"


def apply_allowances(
    findings: Sequence[Seen],
    examined: Mapping[str, Examined],
    entries: Sequence[AllowEntry],
    *,
    codes: frozenset[str],
    today: str,
    whole: bool,
) -> list[Seen]:
    """Return the findings with their standing, and with what is wrong with the allowances.

    Args:
        findings: What the rules found.
        examined: Every file that was checked, with the allowances in its comments.
        entries: The allow-list of `overt.toml`.
        codes: Rules that are applied; an allowance for another rule is not looked at.
        today: The present day, YYYY-MM-DD.
        whole: Whether every file of the project was checked.
    """
    kept, problems = _inline(findings, examined, codes, today)
    kept, more = _listed(kept, frozenset(examined), entries, codes=codes, today=today, whole=whole)
    return [*kept, *(seen for seen in (*problems, *more) if seen.finding.rule in codes)]


def _finding(code: str, found: str, location: Location, symbol: str) -> Seen:
    return Seen(Finding(code, rule_for(code).message(found), location, symbol=symbol))


def _speaks_of(finding: Finding, path: str, lines: frozenset[int]) -> bool:
    places = (finding.location, *(related.location for related in finding.related))
    return any(place.path == path and place.line in lines for place in places)


def allowed_elsewhere(findings: Sequence[Seen], examined: Mapping[str, Examined], today: str) -> list[Seen]:
    """Return the findings after the allowances of files that are not checked themselves, but have a part in one."""
    kept = list(findings)
    for path, result in examined.items():
        for allowance in result.allowances:
            if not allowance.problem:
                _use_inline(kept, path, allowance, today)
    return kept


def _inline(
    findings: Sequence[Seen],
    examined: Mapping[str, Examined],
    codes: frozenset[str],
    today: str,
) -> tuple[list[Seen], list[Seen]]:
    kept, problems = list(findings), []
    for path, result in examined.items():
        for allowance in result.allowances:
            location = Location(path, allowance.line)
            name = ",".join(allowance.codes)
            unknown = [code for code in allowance.codes if code not in all_codes()]
            problem = allowance.problem or (f"names no rule: {', '.join(unknown)}" if unknown else "")
            if problem:
                problems.append(_finding("OV901", f"the allowance here does not count: it {problem}", location, name))
                continue
            used = _use_inline(kept, path, allowance, today)
            if used and allowance.until and allowance.until < today:
                problems.append(_finding("OV902", f"the allowance ended on {allowance.until}", location, name))
            elif not used and codes.issuperset(allowance.codes):
                problems.append(_finding("OV900", f"nothing here needs the allowance of {name}", location, name))
    return kept, problems


def _use_inline(findings: list[Seen], path: str, allowance: Allowance, today: str) -> bool:
    """Mark what an allowance covers; tell whether there was anything."""
    lines = frozenset({allowance.target, allowance.line})
    holds = not allowance.until or allowance.until >= today
    used = False
    for index, seen in enumerate(findings):
        finding = seen.finding
        if finding.rule in allowance.codes and _speaks_of(finding, path, lines):
            used = True
            if holds and seen.standing == NEW:
                findings[index] = seen._replace(standing=ALLOWED, reason=allowance.reason)
    return used


def covers(entry: AllowEntry, path: str) -> bool:
    """Tell whether an entry of the allow-list speaks of a file: exactly, never by a part of a name."""
    from overt.lint.engine import module_name

    if entry.path:
        return path.startswith(entry.path) if entry.path.endswith("/") else path == entry.path
    return module_name(path) == entry.module


def _listed(
    findings: Sequence[Seen],
    scanned: frozenset[str],
    entries: Sequence[AllowEntry],
    *,
    codes: frozenset[str],
    today: str,
    whole: bool,
) -> tuple[list[Seen], list[Seen]]:
    kept, problems = list(findings), []
    for entry in entries:
        named = entry.path or entry.module
        used, holds = False, entry.until >= today
        for index, seen in enumerate(kept):
            finding = seen.finding
            if (not entry.rules or finding.rule in entry.rules) and covers(entry, finding.location.path):
                used = True
                if holds and seen.standing == NEW:
                    kept[index] = seen._replace(standing=ALLOWED, reason=entry.reason)
        decided = whole or (not entry.path.endswith("/") and any(covers(entry, path) for path in scanned))
        location = Location(CONFIGURATION)
        if not holds and used:
            found = f"the allowance of `{named}` ended on {entry.until} (owner: {entry.owner})"
            problems.append(_finding("OV902", found, location, named))
        elif not used and decided and codes.issuperset(entry.rules or codes):
            found = f"the allowance of `{named}` matches nothing (owner: {entry.owner})"
            problems.append(_finding("OV900", found, location, named))
    return kept, problems
