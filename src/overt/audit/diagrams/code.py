"""What a box of a diagram may stand for: a module or package of the project, and what it imports."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from overt.audit.diagrams.record import Node
from overt.audit.imports import module_name, read_imports
from overt.audit.references.record import near
from overt.system.files import select

_MOST_BYTES = 40_000_000
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?")


class Code:
    """The modules of a project and what imports what.

    Args:
        imports: Every module, dotted, to the modules that it imports.
        packages: Importable package folders, relative to the root, POSIX.
    """

    def __init__(self, imports: Mapping[str, frozenset[str]], packages: Sequence[str] = ()) -> None:
        self.imports, self._packages = imports, tuple(packages)
        parents = {".".join(name.split(".")[:end]) for name in imports for end in range(1, name.count(".") + 2)}
        self.names = frozenset(parents)
        self._tops = {name.partition(".")[0] for name in imports}
        short: dict[str, list[str]] = {}
        for name in sorted(self.names):
            if name.count(".") <= 1:
                short.setdefault(name.rpartition(".")[2], []).append(name)
        self._short = {word: names[0] for word, names in short.items() if len(names) == 1}

    def find(self, node: Node, *, exact: bool) -> tuple[str, str, str]:
        """Return what a box stands for: the module, or a name that no module has and its nearest neighbour.

        Args:
            node: The box.
            exact: Whether a single word may stand for a package of that name.

        Returns:
            The module, else empty; the name that does not exist, else empty; a hint at the nearest one.
        """
        lines = [line.strip().strip("()[]`") for line in node.label.split("\n")]
        for line in lines:
            if line in self.names and ("." in line or exact):
                return line, "", ""
            if exact and line in self._short:
                return self._short[line], "", ""
            if _PATH.fullmatch(line):
                of_path = self._of_path(line)
                if of_path:
                    return of_path, "", ""
            if _DOTTED.fullmatch(line) and line.partition(".")[0] in self._tops:
                return "", line, near(line, self.names)
        return "", "", ""

    def _of_path(self, path: str) -> str:
        for package in self._packages:
            bare = path.rstrip("/")
            name = module_name(bare if bare.endswith(".py") else f"{bare}/__init__.py", package)
            if name in self.names:
                return name
        return ""

    def between(self, start: str, to: str) -> list[tuple[str, str]]:
        """Return the imports that lead from one part of the code to another, each as importer and imported."""
        if _inside(start, to) or _inside(to, start):
            return []
        return [
            (module, target)
            for module, targets in self.imports.items()
            if _inside(module, start)
            for target in sorted(targets)
            if _inside(target, to)
        ]

    def among(self, parts: Iterable[str]) -> list[tuple[str, str]]:
        """Return which of some parts of the code import which, in their order; parts of one another are left out."""
        order = {part: number for number, part in enumerate(parts)}
        found = {
            (start, to)
            for module, targets in self.imports.items()
            for start in _parts_of(module, order)
            for target in targets
            for to in _parts_of(target, order)
            if not (_inside(start, to) or _inside(to, start))
        }
        return sorted(found, key=lambda edge: (order[edge[0]], order[edge[1]]))


def _parts_of(name: str, parts: Collection[str]) -> list[str]:
    ends = range(1, name.count(".") + 2)
    pieces = name.split(".")
    return [part for end in ends if (part := ".".join(pieces[:end])) in parts]


def _inside(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


def read_code(root: Path, files: Sequence[str], packages: Sequence[str]) -> Code:
    """Return the modules of a project, read from its files.

    Args:
        root: Its folder.
        files: Its files, relative to the root, POSIX.
        packages: Importable package folders, relative to the root, POSIX.
    """
    sources: dict[str, bytes] = {}
    room = _MOST_BYTES
    for name in select(files, packages) if packages else ():
        if not name.endswith(".py"):
            continue
        try:
            path = root / name
            room -= path.stat().st_size
            if room < 0:
                break
            sources[name] = path.read_bytes()
        except OSError:
            continue
    return Code(read_imports(sources, packages), packages)
