"""What `overt build` says when it is done."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from overt.model import State
from overt.system.text import plain_text
from overt.system.units import bytes_text, count, duration

if TYPE_CHECKING:
    from overt.site.against import Differences
    from overt.site.build import Built

_COLOURS = {State.PROVED: "32", State.REFUTED: "31", State.CONFLICT: "31"}
_SHOWN = 12


def as_json(built: Built, changes: Differences | None = None) -> str:
    """Return a build as one JSON document.

    Args:
        built: The build.
        changes: What differs from another site; None when that was not asked.
    """
    counted = Counter(built.states)
    document: dict[str, Any] = {
        "output": str(built.output),
        "url": (built.output / "index.html").as_uri(),
        "pages": built.inspection.pages,
        "bytes": built.inspection.bytes,
        "states": {state.value: counted[state] for state in State if counted[state]},
        "unheld": {state.value: number for state, number in sorted(Counter(built.unheld).items())},
        "problems": [
            {
                "message": problem.message,
                "path": problem.where.path if problem.where else "",
                "line": problem.where.line if problem.where else 0,
                "hint": problem.hint,
            }
            for problem in built.problems
        ],
        "warnings": list(built.warnings),
        "hosts": list(built.inspection.hosts),
        "duration_ns": built.duration_ns,
        "unchanged": built.unchanged,
    }
    if changes is not None:
        document["changes"] = asdict(changes)
    return json.dumps(document, indent=2) + "\n"


def _states(built: Built, *, colour: bool) -> str:
    counted = Counter(built.states)
    words = []
    for state in State:
        if counted[state]:
            word = f"{counted[state]} {state.value}"
            words.append(f"\x1b[{_COLOURS.get(state, '33')}m{word}\x1b[0m" if colour else word)
    return ", ".join(words) or "nothing stated"


def _changes(changes: Differences) -> list[str]:
    if not changes.known:
        return ["Changes there is no other site to compare with yet"]
    pages = f"{len(changes.changed):,} changed, {len(changes.added):,} new, {len(changes.gone):,} gone"
    lines = [f"Changes pages: {pages}; states: {len(changes.states):,}"]
    lines += [f"  {plain_text(name)}: {old or 'not there'} → {now or 'not there'}" for name, old, now in changes.states]
    return lines


def as_text(built: Built, changes: Differences | None = None, *, colour: bool) -> str:
    """Return a build in a few lines for people.

    Args:
        built: The build.
        changes: What differs from another site; None when that was not asked.
        colour: Whether to colour states.
    """
    seen = built.inspection
    took = "as they were: nothing has changed" if built.unchanged else f"built in {duration(built.duration_ns)}"
    lines = [
        f"Site    {built.output}",
        f"Open    {(built.output / 'index.html').as_uri()}",
        f"Pages   {seen.pages:,} ({bytes_text(seen.bytes)}), {took}",
        f"States  {_states(built, colour=colour)}",
    ]
    if changes is not None:
        lines += _changes(changes)
    notes = [*map(str, built.problems), *built.warnings]
    if seen.hosts:
        helps = " (theme.font: false helps)" if any("://fonts." in host for host in seen.hosts) else ""
        more = f" and {len(seen.hosts) - 3} more" if len(seen.hosts) > 3 else ""
        notes.append(f"pages load from other hosts: {', '.join(seen.hosts[:3])}{more}{helps}")
    if notes:
        lines += ["", f"{count(len(notes), 'thing')} to look at:", *(f"  {note}" for note in notes[:_SHOWN])]
        lines += [f"  and {len(notes) - _SHOWN} more: --json has them all"] if len(notes) > _SHOWN else []
    return "\n".join(lines) + "\n"
