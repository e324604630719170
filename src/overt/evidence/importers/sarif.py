"""SARIF 2.1.0, in which linters and analysers of most languages report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from overt.evidence.ids import Numbering, finding_id
from overt.evidence.importers.imported import Imported, Paths, reading, shown_path
from overt.evidence.importers.json_file import parse_json
from overt.evidence.importers.sarif_records import Log, Notification, Place, Result, RunOf
from overt.evidence.records import AnyRecord, FindingSeen, Scan
from overt.model import Finding, Location, Problem, Related, Severity

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE, "none": Severity.NOTE}
_NOT_FOUND = frozenset({"pass", "notApplicable"})


def read_sarif(path: Path, *, suite: str, root: Path) -> Imported:
    """Read a SARIF file.

    Args:
        path: The file.
        suite: Suite that its findings belong to.
        root: Folder of the project; paths are made relative to it.

    Returns:
        For each run of a tool one scan and its findings. A file without a run, a run without results, and a tool
        that says it did not succeed are problems.
    """
    name = shown_path(path, root)

    def read() -> Imported:
        log = parse_json(path, name, Log)
        if not log.version.startswith("2.1"):
            said = f"says version {log.version[:20]!r}" if log.version else "names no version"
            return Imported((), (Problem(f"is not SARIF 2.1.0: it {said}", Location(name)),))
        records, problems = [], []
        for number, run in enumerate(log.runs, 1):
            records += list(_run_records(run, number, suite, Paths(root)))
            problems += list(_run_problems(run, number, name))
        if not log.runs:
            problems.append(Problem("holds no run of any tool", Location(name)))
        return Imported(tuple(records), tuple(problems))

    return reading(path, root, read)


def _run_problems(run: RunOf, number: int, name: str) -> Iterable[Problem]:
    tool = run.tool.driver.name or f"run {number}"
    if not run.tool.driver.name:
        yield Problem(f"run {number} does not name its tool", Location(name))
    if run.results is None:
        yield Problem(f"{tool} left no results: it was not run", Location(name))
    for invocation in run.invocations or ():
        if not invocation.execution_successful:
            notes = [
                *(invocation.tool_execution_notifications or ()),
                *(invocation.tool_configuration_notifications or ()),
            ]
            why = next((note.message.said for note in notes if note.message.said), "")
            message = f"{tool} says that it did not succeed" + (f": {why}" if why else "")
            yield Problem(message, Location(name))


def _run_records(run: RunOf, number: int, suite: str, paths: Paths) -> Iterable[AnyRecord]:
    driver = run.tool.driver
    notes = [note for one in run.invocations or () for note in one.tool_execution_notifications or ()]
    yield Scan(
        id=f"scan:{suite}:{driver.name or 'tool'}" + (f"~{number}" if number > 1 else ""),
        suite=suite,
        tool=driver.name,
        version=driver.semantic_version or driver.version or "",
        files=len(run.artifacts or ()),
        unreadable=tuple(sorted(_unreadable(notes, paths))),
        rules=tuple(rule.id for rule in driver.rules or ()),
    )
    numbering = Numbering()
    for result in run.results or ():
        if result.kind in _NOT_FOUND or result.baseline_state == "absent":
            continue
        finding = _finding(result, run, paths)
        suppressed = [one for one in result.suppressions or () if one.status in {None, "accepted"}]
        yield FindingSeen(
            id=numbering.unique(finding_id(suite, finding)),
            suite=suite,
            finding=finding,
            standing="allowed" if suppressed else "ratcheted" if result.baseline_state == "unchanged" else "new",
            reason=next((one.justification for one in suppressed if one.justification), ""),
        )


def _unreadable(notes: Iterable[Notification], paths: Paths) -> set[str]:
    return {
        paths.relative(place.uri)
        for note in notes
        if note.level == "error"
        for place in note.locations or ()
        if place.uri
    }


def _finding(result: Result, run: RunOf, paths: Paths) -> Finding:
    rules = run.tool.driver.rules or []
    index = result.rule_index if result.rule_index is not None else -1
    rule = rules[index] if 0 <= index < len(rules) else None
    code = result.rule_id or (rule.id if rule else "")
    rule = rule or next((one for one in rules if one.id == code), None)
    level = result.level or (rule.default_configuration.level if rule and rule.default_configuration else None)
    places = result.locations or []
    logical = [one.name_in_full for place in places[:1] for one in place.logical_locations or ()]
    return Finding(
        rule=code or "(no rule)",
        message=result.message.said or code,
        location=_location(places[0], paths) if places else Location(""),
        severity=Severity.NOTE if result.kind == "informational" else _SEVERITIES.get(level or "", Severity.WARNING),
        scope=next(iter(logical), ""),
        tool=run.tool.driver.name,
        related=tuple(Related(_location(one, paths), one.said) for one in (result.related_locations or ())[:50]),
        url=(rule.help_uri or "") if rule else "",
    )


def _location(place: Place, paths: Paths) -> Location:
    return Location(paths.relative(place.uri), max(place.line, 0), max(place.column, 0))
