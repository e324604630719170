"""Where memory that stays behind was allocated."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Final

NAMED: Final = 5
"""Places that are named."""

_OURS: Final = str(Path(__file__).parent)


def suspects_between(first: tracemalloc.Snapshot, last: tracemalloc.Snapshot, iterations: int) -> tuple[str, ...]:
    """Return where Python's allocators gave out what was not given back between two snapshots, the largest first.

    Args:
        first: The earlier one.
        last: The later one.
        iterations: What was done in between.
    """
    grown: Counter[str] = Counter()
    for one in last.compare_to(first, "traceback"):
        place = _place(one.traceback)
        if place:
            grown[place] += one.size_diff
    # No figure is given: a list that was there before counts as new, with all it holds, once it needs more room.
    return tuple(place for place, size in grown.most_common(NAMED) if size > iterations)


def is_ours(file: str) -> bool:
    """Tell whether a file belongs to what measures, or is none."""
    return file.startswith((_OURS, "<")) or file == tracemalloc.__file__


def shown(file: str, line: int) -> str:
    """Return a place, its file relative to the current folder when it lies below it."""
    return f"{file.removeprefix(f'{Path.cwd()}/')}:{line}"


def _place(traceback: tracemalloc.Traceback) -> str:
    """Return the innermost line outside this package; empty when there is none."""
    frames = (frame for frame in reversed(traceback) if not is_ours(frame.filename))
    frame = next(frames, None)
    return shown(frame.filename, frame.lineno) if frame else ""
