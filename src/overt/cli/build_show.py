"""What `overt build` says when it is done."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from overt.model import State
from overt.system.units import bytes_text, count, duration

if TYPE_CHECKING:
    from overt.site.build import Built

_COLOURS = {State.PROVED: "32", State.REFUTED: "31", State.CONFLICT: "31"}
_SHOWN = 12


def as_json(built: Built) -> str:
    """Return a build as one JSON document."""
    counted = Counter(built.states)
    document = {
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
    return json.dumps(document, indent=2) + "\n"


def _states(built: Built, *, colour: bool) -> str:
    counted = Counter(built.states)
    words = []
    for state in State:
        if counted[state]:
            word = f"{counted[state]} {state.value}"
            words.append(f"\x1b[{_COLOURS.get(state, '33')}m{word}\x1b[0m" if colour else word)
    return ", ".join(words) or "nothing stated"


def as_text(built: Built, *, colour: bool) -> str:
    """Return a build in a few lines for people.

    Args:
        built: The build.
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
    notes = [*map(str, built.problems), *built.warnings]
    if seen.hosts:
        helps = " (theme.font: false helps)" if any("://fonts." in host for host in seen.hosts) else ""
        more = f" and {len(seen.hosts) - 3} more" if len(seen.hosts) > 3 else ""
        notes.append(f"pages load from other hosts: {', '.join(seen.hosts[:3])}{more}{helps}")
    if notes:
        lines += ["", f"{count(len(notes), 'thing')} to look at:", *(f"  {note}" for note in notes[:_SHOWN])]
        lines += [f"  and {len(notes) - _SHOWN} more: --json has them all"] if len(notes) > _SHOWN else []
    return "\n".join(lines) + "\n"
