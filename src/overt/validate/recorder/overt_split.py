"""Deals tests out to shards. PYTEST_DONT_REWRITE: used by the recorder, inside the project's own interpreter.

Standard library only, Python 3.8 or newer, no clock, no randomness: the same names and the same weights give the same
parts on every machine, in whatever order the names come.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

WHOLE_FILES = 4
"""A file that weighs more than this part of a fair share is cut into its tests; others stay whole."""


def weight_of(name: str, known: Mapping[str, Any]) -> int:
    """Return what a test weighs: as recorded, else as its file's other tests do, else as the average test.

    Args:
        name: Name of the test.
        known: `each_us`, and by file its own `each_us` and the `tests` that stand out.

    Example:
        >>> known = {"each_us": 5, "files": {"a.py": {"each_us": 2, "tests": {"slow": 90}}}}
        >>> weight_of("a.py::slow", known), weight_of("a.py::new", known), weight_of("b.py::new", known)
        (90, 2, 5)
    """
    file, _, rest = name.partition("::")
    in_file: Mapping[str, Any] = known.get("files", {}).get(file) or {}
    weight = in_file.get("tests", {}).get(rest) or in_file.get("each_us") or known.get("each_us") or 1
    return max(1, int(weight))


def deal(names: Iterable[str], shards: int, known: Mapping[str, Any], loads: Sequence[int] = ()) -> list[list[str]]:
    """Return the names of each shard: the heaviest file first, each to the shard that has least to do so far.

    Args:
        names: The tests; names that come twice count once.
        shards: How many shards there are.
        known: What they weigh, as `weight_of` takes it.
        loads: What each shard has to do already, in the same unit; nothing when empty.

    Example:
        >>> deal(["a::1", "b::1", "c::1", "c::2"], 2, {})
        [['a::1', 'c::1'], ['b::1', 'c::2']]
        >>> deal(["a::1", "b::1"], 2, {}, [5, 0])
        [[], ['a::1', 'b::1']]
    """
    weights = {name: weight_of(name, known) for name in sorted(set(names))}
    fair = (sum(weights.values()) + sum(loads)) / shards
    parts: list[list[str]] = [[] for _ in range(shards)]
    least = [(load, number) for number, load in enumerate(loads or [0] * shards)]
    heapq.heapify(least)
    for weight, together in _units(weights, fair / WHOLE_FILES):
        load, number = heapq.heappop(least)
        parts[number] += together
        heapq.heappush(least, (load + weight, number))
    return [sorted(part) for part in parts]


def _units(weights: Mapping[str, int], largest: float) -> list[tuple[int, list[str]]]:
    """Return what goes to one shard together, with its weight, the heaviest first."""
    files: dict[str, list[str]] = {}
    for name in weights:
        files.setdefault(name.partition("::")[0], []).append(name)
    units: list[tuple[int, list[str]]] = []
    for together in files.values():
        weight = sum(weights[name] for name in together)
        units += [(weight, together)] if weight <= largest else [(weights[name], [name]) for name in together]
    return sorted(units, key=lambda unit: (-unit[0], unit[1]))
