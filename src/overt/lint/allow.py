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
    kept, problems = _inline(findings, examined, codes=codes, today=today, whole=whole)
    kept, more = _listed(kept, examined, entries, codes=codes, today=today, whole=whole)
    return [*kept, *(seen for seen in (*problems, *more) if seen.rule in codes)]


def _finding(code: str, found: str, location: Location, symbol: str) -> Seen:
    return Seen(Finding(code, rule_for(code).message(found), location, symbol=symbol))


Spots = dict[tuple[str, int], list[int]]


def _spots(findings: Sequence[Seen]) -> Spots:
    """Return for each file and line which of the findings speak of it."""
    found: Spots = {}
    for index, seen in enumerate(findings):
        for spot in seen.spots:
            found.setdefault(spot, []).append(index)
    return found


def allowed_elsewhere(findings: Sequence[Seen], examined: Mapping[str, Examined], today: str) -> list[Seen]:
    """Return the findings after the allowances of files that are not checked themselves, but have a part in one."""
    kept, spots = list(findings), _spots(findings)
    for path, result in examined.items():
        for allowance in result.allowances:
            if not allowance.problem:
                _use_inline(kept, spots, path, allowance, today)
    return kept


def _inline(
    findings: Sequence[Seen],
    examined: Mapping[str, Examined],
    *,
    codes: frozenset[str],
    today: str,
    whole: bool,
) -> tuple[list[Seen], list[Seen]]:
    kept, problems = list(findings), []
    spots = _spots(findings) if any(result.allowances for result in examined.values()) else {}
    for path, result in examined.items():
        for allowance in result.allowances:
            location = Location(path, allowance.line)
            name = ",".join(allowance.codes)
            unknown = [code for code in allowance.codes if code not in all_codes()]
            problem = allowance.problem or (f"names no rule: {', '.join(unknown)}" if unknown else "")
            if problem:
                problems.append(_finding("OV901", f"the allowance here does not count: it {problem}", location, name))
                continue
            used = _use_inline(kept, spots, path, allowance, today)
            if used and allowance.until and allowance.until < today:
                problems.append(_finding("OV902", f"the allowance ended on {allowance.until}", location, name))
            elif not used and codes.issuperset(allowance.codes) and (whole or not _may_be_changed(allowance, result)):
                problems.append(_finding("OV900", f"nothing here needs the allowance of {name}", location, name))
    return kept, problems


def _may_be_changed(allowance: Allowance, result: Examined) -> bool:
    """Tell whether an allowance may be for what a file that is not looked at now does to a container of this one."""
    lines = {allowance.target, allowance.line}
    return "OV202" in allowance.codes and any(container.line in lines for container in result.containers)


def _use_inline(findings: list[Seen], spots: Spots, path: str, allowance: Allowance, today: str) -> bool:
    """Mark what an allowance covers; tell whether there was anything."""
    holds = not allowance.until or allowance.until >= today
    used = False
    for line in {allowance.target, allowance.line}:
        for index in spots.get((path, line), ()):
            seen = findings[index]
            if seen.rule in allowance.codes:
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
    examined: Mapping[str, Examined],
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
            if (not entry.rules or seen.rule in entry.rules) and covers(entry, seen.path):
                used = True
                if holds and seen.standing == NEW:
                    kept[index] = seen._replace(standing=ALLOWED, reason=entry.reason)
        covered = [path for path in examined if covers(entry, path)]
        decided = whole or (not entry.path.endswith("/") and bool(covered))
        location = Location(CONFIGURATION)
        unknown = [code for code in entry.rules if code not in all_codes()]
        if unknown:
            found = f"the allowance of `{named}` does not count: it names no rule: {', '.join(unknown)}"
            problems.append(_finding("OV901", found, location, named))
        elif not holds and used:
            found = f"the allowance of `{named}` ended on {entry.until} (owner: {entry.owner})"
            problems.append(_finding("OV902", found, location, named))
        elif not used and decided and not _left_out(entry, covered, examined, codes):
            folder = any(path.startswith(f"{entry.path}/") for path in examined) if entry.path else False
            hint = f"; a folder is written `{named}/`" if folder else ""
            found = f"the allowance of `{named}` matches nothing (owner: {entry.owner}){hint}"
            problems.append(_finding("OV900", found, location, named))
    return kept, problems


def _left_out(
    entry: AllowEntry, covered: Sequence[str], examined: Mapping[str, Examined], codes: frozenset[str]
) -> bool:
    """Tell whether what an entry allows is there, but of a rule that this run leaves out."""
    spoken = {hit.code for path in covered for hit in examined[path].hits} - codes
    return bool(spoken & set(entry.rules) if entry.rules else spoken) or not codes.issuperset(entry.rules)
