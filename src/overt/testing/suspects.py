"""Where memory that stays behind was allocated."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Final

_NAMED: Final = 5
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
    return tuple(place for place, size in grown.most_common(_NAMED) if size > iterations)


def _place(traceback: tracemalloc.Traceback) -> str:
    """Return the innermost line outside this package; empty when there is none."""
    for frame in reversed(traceback):
        if not frame.filename.startswith((_OURS, "<")) and frame.filename != tracemalloc.__file__:
            return f"{frame.filename}:{frame.lineno}"
    return ""
