"""How `overt init` tells what it found and what it writes."""

from __future__ import annotations

import json
from collections.abc import Iterator

from overt.campaign.adopt import Change
from overt.cli.init_measure import Survey
from overt.system.text import plain_text

_MARKS = {"create": "+", "append": "~", "keep": "="}
_COLOURS = {"create": "32", "append": "33", "keep": "2"}


def _list(names: tuple[str, ...], nothing: str) -> str:
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    return shown or nothing


def _rows(found: Survey) -> Iterator[tuple[str, str]]:
    detected = found.detected
    yield "project", detected.name + (f": {detected.description}" if detected.description else "")
    yield "packages", _list(detected.packages, "none found")
    runner = f"{detected.runner} in {_list(detected.tests, 'the whole project')}" if detected.runner else "none found"
    yield "tests", runner + (f" ({detected.runner_config})" if detected.runner_config else "")
    if detected.results:
        yield "results", _list(detected.results, "")
    yield "linters", _list(tuple(detected.linters), "none configured")
    place = f" in {detected.docs.folder}/" if detected.docs.folder else ""
    yield "documents", f"{detected.docs.kind}{place}"
    yield "CI", _list(tuple(detected.ci), "none")
    if detected.languages:
        yield "also", _list(tuple(f"{name} ({path})" for name, path in detected.languages.items()), "")
    if len(detected.projects) > 1:
        yield "projects", _list(tuple(path or "." for path in detected.projects), "")


def tree(changes: tuple[Change, ...], *, colour: bool) -> str:
    """Return the files as a tree, one line each, with the reason beside.

    Args:
        changes: The files.
        colour: Whether to colour the marks.
    """
    rows: list[tuple[str, str, str]] = []
    before: list[str] = []
    for change in sorted(changes, key=lambda change: [(part != change.path, part) for part in change.path.split("/")]):
        *folders, name = change.path.split("/")
        for depth, folder in enumerate(folders):
            if before[: depth + 1] != folders[: depth + 1]:
                rows.append(("", f"{'  ' * depth}{folder}/", ""))
        before = folders
        said = f"kept: {change.reason}" if change.action == "keep" else change.reason
        rows.append((change.action, f"{'  ' * len(folders)}{name}", said))
    width = max((len(name) for _, name, _ in rows), default=0)
    lines = []
    for action, name, said in rows:
        line = f"  {_MARKS.get(action, ' ')} {name:<{width}}  {said}".rstrip()
        lines.append(f"\x1b[{_COLOURS[action]}m{line}\x1b[0m" if colour and action else line)
    return "\n".join(lines) + "\n"


def before(found: Survey, *, colour: bool) -> str:
    """Return what is told before anything is written.

    Args:
        found: What was found.
        colour: Whether to colour the marks.
    """
    rows = list(_rows(found))
    text = "Found\n" + "".join(f"  {name:<9}  {plain_text(value)}\n" for name, value in rows)
    return f"{text}\nFiles  (+ new, ~ lines added, = kept)\n{tree(found.adoption.changes, colour=colour)}"


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"


def _hidden_state(found: Survey) -> str:
    known, count = found.known, found.known.hidden_state
    if count is None:
        return ""
    besides = f" and {_number(known.hidden_notes, 'note')}" if known.hidden_notes else ""
    said = f"Hidden state: {_number(count, 'finding')}{besides} today"
    if found.adopted:
        return f"{said}, {known.hidden_new:,} of them new; see overt check.\n"
    if not count:
        return f"{said}.\n"
    path = found.adoption.campaign.hidden_state.ratchet
    it, may = ("it", "it may only go") if count == 1 else ("them", "their number may only fall")
    return f"{said}. {path} holds {it}:\n              {may}, and a new one fails the build.\n"


def commands(found: Survey) -> list[str]:
    """Return the next two commands, after those that install what is missing."""
    install = [f'python -m pip install "overt[{",".join(found.missing_extras)}]"'] if found.missing_extras else []
    return [*install, "overt validate", "overt build"]


def after(found: Survey, *, written: bool) -> str:
    """Return what is told at the end.

    Args:
        found: What was found.
        written: Whether the files were written.
    """
    number = len(found.adoption.to_write)
    files = f"{number} file{'s' * (number != 1)}"
    if not number:
        result = "Nothing to do: everything is there.\n"
    else:
        result = f"Wrote {files}.\n" if written else f"Would write {files}; nothing was written.\n"
    notes = "".join(f"Note: {plain_text(note)}\n" for note in found.adoption.notes)
    if found.missing_extras:
        notes += f"Note: overt's extras for {' and '.join(found.missing_extras)} are not installed here.\n"
    following = "".join(f"  {command}\n" for command in commands(found))
    return f"\n{result}{_hidden_state(found)}{notes}\nNext\n{following}"


def as_json(found: Survey, *, written: bool) -> str:
    """Return everything as one JSON document.

    Args:
        found: What was found.
        written: Whether the files were written.
    """
    detected = found.detected
    document = {
        "detected": {
            "name": detected.name,
            "description": detected.description,
            "packages": detected.packages,
            "tests": detected.tests,
            "runner": detected.runner,
            "results": detected.results,
            "linters": detected.linters,
            "docs": {"kind": detected.docs.kind, "folder": detected.docs.folder, "config": detected.docs.config},
            "ci": detected.ci,
            "languages": detected.languages,
            "projects": detected.projects,
        },
        "files": [
            {"path": change.path, "action": change.action, "reason": change.reason} for change in found.adoption.changes
        ],
        "written": written,
        "adopted_before": found.adopted,
        "hidden_state": {
            "findings": found.known.hidden_state,
            "new": found.known.hidden_new if found.adopted else 0,
            "notes": found.known.hidden_notes,
        },
        "notes": found.adoption.notes,
        "missing_extras": found.missing_extras,
        "next": commands(found),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
