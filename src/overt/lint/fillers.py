"""Containers that the project fills only while its modules are imported, as all files together tell.

A public function that changes a container of its module may be called by anybody. When every use of it in the project
is a call or a decorator at import, and there is one in another module, the finding becomes a note. It keeps its
severity when anything is not known: the function or its module is handed on as a value, a package passes it on, it is
renamed, or `from module import *` may bring it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from overt.lint.many import examine_all, place_of
from overt.lint.modules import Modules
from overt.lint.paths import is_test_file
from overt.lint.results import Container, Examined, Hit, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.cache import Cache

CODE = "OV202"
SAID = "every call in this project is made while modules are imported"
KEPT = "references.json"
"""The file of the cache that keeps how modules use what they import."""

_READ, _ABSENT = ("", "read"), "absent"
_LONGEST_WAY = 5
_FACTORY = "factory"
_AT_IMPORT = frozenset({"call", "decorator", _FACTORY})
"""The words of `overt.lint.uses`, which is only imported when a file has to be parsed."""

Uses = tuple[tuple[str, str], ...]


class Project:
    """All files of a project, read as far as a question needs them.

    Args:
        root: The project's folder.
        checked: What each file that is checked came to.
        files: Gives all files of the project.
        settings: What rules may ask about the project.
        cache: Where results are kept; None keeps nothing.
        sources: What stands in some of the files, for those that are not to be read.
        workers: How many processes may examine files.
    """

    def __init__(
        self,
        root: Path,
        checked: Mapping[str, Examined],
        files: Callable[[], Sequence[str]],
        settings: Settings,
        cache: Cache | None,
        sources: Mapping[str, bytes],
        workers: int = 1,
    ) -> None:
        self._root, self.checked, self._cache, self._sources = root, dict(checked), cache, sources
        self.modules = Modules(root)
        self._files, self._settings, self._workers = files, settings, workers
        self._kept = cache.beside(KEPT) if cache is not None else None
        self._uses: dict[str, Uses] = {}
        self._index: dict[str, list[tuple[str, str, str]]] | None = None
        self.stars: dict[str, list[str]] = {}

    def importers(self, name: str) -> list[tuple[str, str, str]]:
        """Return who imports something of a name: the file, the dotted name, and the other name that it gets."""
        if self._index is None:
            self._index = self._read_imports()
        return self._index.get(name, [])

    def _read_imports(self) -> dict[str, list[tuple[str, str, str]]]:
        files = self._files()
        rest = [path for path in files if path not in self.checked]
        more = examine_all(self._root, rest, self._settings, self._cache, {}, self._workers) if rest else {}
        index: dict[str, list[tuple[str, str, str]]] = {}
        for path in files:
            imports = (self.checked.get(path) or more.get(path) or Examined()).imports
            for entry in imports.split():
                dotted, _, other = entry.partition("=")
                name = dotted.rpartition(".")[2]
                if name == "*":
                    self.stars.setdefault(path, []).append(dotted)
                else:
                    index.setdefault(name, []).append((path, dotted, other))
        return index

    def uses(self, path: str, words: Sequence[str]) -> Uses | None:
        """Return how a file uses what it imports; None when it cannot be read.

        Args:
            path: The file.
            words: Nothing is told of a file whose text has none of them; without any, all is told.
        """
        known = self._uses.get(path)
        if known is None:
            kept = (
                self._kept.get(path, place_of(self._root, path)) if self._kept and path not in self._sources else None
            )
            known = self._uses[path] = kept.uses if kept is not None else ()
        if known[:1] == (_READ,):
            return known
        if words and all((word, _ABSENT) in known for word in words):
            return ()
        return self._read_uses(path, words, known)

    def _read_uses(self, path: str, words: Sequence[str], known: Uses) -> Uses | None:
        from overt.lint.uses import read_uses

        try:
            source, found = self._source(path)
            if words and not any(word.encode() in source or not word.isascii() for word in words):
                told: Uses = ()
                known = tuple(dict.fromkeys((*known, *((word, _ABSENT) for word in words))))
            else:
                told = known = (_READ, *read_uses(source, path))
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        self._uses[path] = known
        if self._kept is not None and found is not None:
            self._kept.keep(path, self._kept.stamp(found, source), Examined(uses=known))
        return told

    def _source(self, path: str) -> tuple[bytes, os.stat_result | None]:
        if path in self._sources:
            return self._sources[path], None
        with Path(place_of(self._root, path)).open("rb") as stream:
            found = os.fstat(stream.fileno())
            return stream.read(), found

    def close(self) -> None:
        """Keep what was read."""
        if self._kept is not None:
            self._kept.close()


def filled_at_import(project: Project) -> dict[str, Examined]:
    """Return what the files that are checked came to, with notes for containers that only imports fill.

    Args:
        project: The project.
    """
    found = dict(project.checked)
    for path, result in project.checked.items():
        names = {each.name for each in result.containers if each.fillers and _is_filled(project, path, each)}
        if names:
            hits = (_lowered(hit) if hit.code == CODE and hit.symbol in names else hit for hit in result.hits)
            found[path] = result._replace(hits=tuple(hits))
    project.close()
    return found


def _lowered(hit: Hit) -> Hit:
    told, stop, why = hit.message.partition(". ")
    return hit._replace(severity="note", message=f"{told}; {SAID}{stop}{why}")


def _is_filled(project: Project, path: str, container: Container) -> bool:
    for filler in container.fillers.split():
        wanted = frozenset({_FACTORY}) if filler.startswith("@") else _AT_IMPORT
        if not _Function(project, path, filler.lstrip("@")).is_used_at_import(wanted):
            return False
    return True


class _Function:
    """A function of a module, and who else of the project may use it.

    Args:
        project: The project.
        home: The file that defines it.
        name: Its name.
    """

    def __init__(self, project: Project, home: str, name: str) -> None:
        self._project, self._home, self._name = project, home, name
        self._find = project.modules.home
        self._passed: set[str] = set()

    def is_used_at_import(self, wanted: frozenset[str]) -> bool:
        """Tell whether all uses in the project are of some kinds, and one is in another module that is no test."""
        importers = [each for each in self._project.importers(self._name) if each[0] != self._home]
        for _ in range(_LONGEST_WAY):
            more = {path for path, dotted, _ in importers if self._leads(self._find(path, dotted))}
            if more <= self._passed:
                break
            self._passed |= more
        if any(other and self._leads(self._find(path, dotted)) for path, dotted, other in importers):
            return False
        if any(self._leads(self._find(p, each)) for p, all_of_it in self._project.stars.items() for each in all_of_it):
            return False
        used = False
        for path, words in self._around():
            uses = self._project.uses(path, words)
            kinds = set(self._kinds(path, uses)) if uses is not None else {""}
            # What a file takes and does not use, it may pass on.
            if not kinds <= wanted or (path in self._passed and not kinds):
                return False
            used = used or (bool(kinds) and not is_test_file(path))
        return used

    def _leads(self, place: str) -> bool:
        """Tell whether a file is that of the function, or one that has imported it."""
        return place == self._home or place in self._passed

    def _around(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield the files that may reach the function, and the words of which one has to be in their text for that."""
        parts = _parts(self._home)
        of_module = {path for path, dotted, _ in self._of(parts[-1]) if self._find(path, f"{dotted}.x") == self._home}
        certain = self._passed | of_module
        steps = {*parts, *(_parts(path)[-1] for path in certain)}
        near = {self._home, *certain}
        maybe = set()
        for step in steps:
            for path, dotted, _ in self._of(step):
                place = self._find(path, f"{dotted}.x")
                if place in near or place.endswith("__init__.py") or (not place and step in parts):
                    maybe.add(path)
        words = (self._name, parts[-1])
        yield from ((path, () if path in certain else words) for path in sorted(certain | maybe))

    def _of(self, name: str) -> Iterator[tuple[str, str, str]]:
        return (each for each in self._project.importers(name) if each[0] != self._home)

    def _kinds(self, path: str, uses: Uses) -> Iterator[str]:
        """Yield how a file uses the function; an empty word stands for what is not known."""
        for dotted, use in uses:
            parts = dotted.split(".")
            if use == _ABSENT or not dotted:
                continue
            if self._find(path, f"{dotted}.x") == self._home:
                yield ""  # the module itself is handed on
            for index, part in enumerate(parts):
                if part == self._name and index:
                    yield from self._use(path, parts[: index + 1], use, last=index == len(parts) - 1)

    def _use(self, path: str, parts: list[str], use: str, *, last: bool) -> Iterator[str]:
        place = self._find(path, ".".join(parts))
        if self._leads(place):
            yield use if last else ""
        elif not place and (not parts[0] or self._find(path, f"{parts[0]}.x")):
            yield ""


def _parts(path: str) -> list[str]:
    from overt.lint.engine import module_name

    return module_name(path).split(".")
