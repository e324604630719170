"""The graph of packages and their imports, small enough to be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from overt.site.modules import Module

LARGEST = 36
"""Parts shown in one picture; the smallest of more are left to the table."""


@dataclass(frozen=True, slots=True)
class Part:
    """A node of the picture: a module, or a package with all its modules.

    Args:
        name: Dotted name.
        modules: Names of the modules in it.
        lines: Lines of code in all.
        summary: What it is for; first sentence of its docstring.
    """

    name: str
    modules: tuple[str, ...]
    lines: int
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Parts and the imports between them.

    Args:
        parts: Nodes, sorted by name.
        imports: (from, to) to the number of modules that import across it.
        deferred: Those that never happen at once: in functions, or for types alone.
    """

    parts: tuple[Part, ...]
    imports: Mapping[tuple[str, str], int]
    deferred: frozenset[tuple[str, str]] = frozenset()

    def of(self, name: str) -> tuple[list[str], list[str]]:
        """Return what a part imports and what it is imported by, sorted."""
        return (
            sorted(to for start, to in self.imports if start == name),
            sorted(start for start, to in self.imports if to == name),
        )


def _depth(modules: Sequence[Module]) -> int:
    """How many parts of a name make a node: of few packages their children, of many the packages themselves."""
    roots = {module.name.split(".")[0] for module in modules}
    return 2 if len(roots) <= 3 else 1


def collapse(modules: Sequence[Module]) -> Graph:
    """Return the modules collapsed to the first level below their package."""
    depth = _depth(modules)
    home = {module.name: ".".join(module.name.split(".")[:depth]) for module in modules}
    members: dict[str, list[Module]] = {}
    for module in modules:
        members.setdefault(home[module.name], []).append(module)
    edges = Counter(
        (home[module.name], to)
        for module in modules
        for to in {home[target] for target in module.imports}
        if to != home[module.name]
    )
    at_once = {
        (home[module.name], home[target])
        for module in modules
        for target in module.imports
        if target not in module.deferred
    }
    parts = [
        Part(
            name,
            tuple(module.name for module in inside),
            sum(module.lines for module in inside),
            next((module.summary for module in inside if module.name == name), ""),
        )
        for name, inside in sorted(members.items())
    ]
    # A package that only holds others, with no import of its own, would be an island in the picture.
    touched = {name for edge in edges for name in edge}
    kept = tuple(part for part in parts if part.name in touched or "." in part.name or len(parts) == 1)
    return Graph(kept, dict(sorted(edges.items())), frozenset(edges.keys() - at_once))


def largest(graph: Graph, limit: int = LARGEST) -> Graph:
    """Return the parts with the most lines and the imports between them."""
    kept = {part.name for part in sorted(graph.parts, key=lambda part: (-part.lines, part.name))[:limit]}
    return Graph(
        tuple(part for part in graph.parts if part.name in kept),
        {edge: number for edge, number in graph.imports.items() if kept.issuperset(edge)},
        graph.deferred,
    )


def _reachable(start: str, nexts: Mapping[str, Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for name in nexts.get(waiting.pop(), ()):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen


def essential(graph: Graph) -> Graph:
    """Return the graph without the arrows that a path of other arrows implies; arrows within a cycle all stay."""
    nexts: dict[str, set[str]] = {}
    for start, to in graph.imports:
        nexts.setdefault(start, set()).add(to)
    reach = {part.name: _reachable(part.name, nexts) for part in graph.parts}
    kept = {
        (start, to): number
        for (start, to), number in graph.imports.items()
        if start in reach[to]
        or not any(to in reach[by] and start not in reach[by] and by not in reach[to] for by in nexts[start] - {to})
    }
    return Graph(graph.parts, kept, graph.deferred)


def without_ways_back(graph: Graph) -> Graph:
    """Return the graph without deferred imports that would close a circle: a picture reads from top to bottom."""
    kept = {edge: number for edge, number in graph.imports.items() if edge not in graph.deferred}
    nexts: dict[str, set[str]] = {}
    for start, to in kept:
        nexts.setdefault(start, set()).add(to)
    for start, to in sorted(graph.deferred & graph.imports.keys()):
        if start not in _reachable(to, nexts):
            kept[start, to] = graph.imports[start, to]
            nexts.setdefault(start, set()).add(to)
    return Graph(graph.parts, dict(sorted(kept.items())), graph.deferred)


def cycles(graph: Graph) -> list[tuple[str, ...]]:
    """Return the groups of parts that import each other in a circle at once, each sorted."""
    nexts: dict[str, set[str]] = {}
    for start, to in graph.imports.keys() - graph.deferred:
        nexts.setdefault(start, set()).add(to)
    reach = {part.name: _reachable(part.name, nexts) for part in graph.parts}
    groups = {
        tuple(sorted(other for other in reach[name] if name in reach.get(other, ())))
        for name in reach
        if name in reach[name]
    }
    return sorted(groups)


def connected(graph: Graph) -> Graph:
    """Return the parts that import or are imported; in a picture the others would only be boxes."""
    touched = {name for edge in graph.imports for name in edge}
    return Graph(tuple(part for part in graph.parts if part.name in touched), graph.imports, graph.deferred)
