"""The Python names of a project, read by griffe from the source alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from overt.audit.project import Project
from overt.audit.references.quiet import quiet

if TYPE_CHECKING:
    import griffe

_BARE = re.compile(r"(?:\w+\.)*(?:object|Protocol|Generic|ABC)(?:\[.*\])?")
"""Bases that bring no public names."""

_HARMLESS = frozenset({"dataclass", "define", "frozen", "mutable", "final", "runtime_checkable", "total_ordering"})
"""Decorators of classes that bring no public names."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the tree knows of a dotted name.

    Args:
        found: Whether it is there.
        doubt: Why that cannot be told; empty when it can.
        depth: How many of its parts are there.
        siblings: What there is in place of the first part that is not.
        in_class: Whether the first part that is not there is wanted of a class.
    """

    found: bool = False
    doubt: str = ""
    depth: int = 0
    siblings: tuple[str, ...] = ()
    in_class: bool = False


class SymbolTree:
    """The packages of a project, loaded once and never imported.

    Args:
        project: The repository.
    """

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def _roots(self) -> Mapping[str, griffe.Object]:
        try:
            import griffe
        except ImportError:
            return {}
        found: dict[str, griffe.Object] = {}
        with quiet(griffe.logger):
            for name, path in self._project.packages.items():
                if not self._project.is_readable(path):
                    continue
                parent = (self._project.root / path).parent
                loader = griffe.GriffeLoader(search_paths=[parent], allow_inspection=False)
                try:
                    loaded = loader.load(name, try_relative_path=False)
                    loader.expand_wildcards(loaded)  # type: ignore[arg-type]
                except _failures(griffe):
                    continue
                if not loaded.is_alias:
                    found[name] = loaded  # type: ignore[assignment]
        return found

    def find(self, name: str) -> Answer:
        """Return what is known of a dotted name that begins with one of the packages."""
        parts = name.split(".")
        try:
            import griffe
        except ImportError:
            return Answer(doubt="griffe is not installed, which the extra `site` brings")
        here: griffe.Object | griffe.Alias | None = self._roots.get(parts[0])
        if here is None:
            return Answer(doubt=f"the source of {parts[0]} cannot be read")
        with quiet(griffe.logger):
            for depth, part in enumerate(parts[1:], start=1):
                try:
                    members = here.all_members
                    following = members.get(part)
                    if following is None:
                        return _lacking(here, part, depth, tuple(members))
                except _failures(griffe):
                    return Answer(doubt=f"{'.'.join(parts[:depth])} comes from elsewhere")
                here = following
        return Answer(found=True, depth=len(parts))

    @cached_property
    def classes(self) -> Mapping[str, tuple[str, ...]]:
        """Where each class is, by its bare name."""
        found: dict[str, list[str]] = {}
        for kind, name, path in self._walk():
            if kind == "class":
                found.setdefault(name, []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def _functions(self) -> Mapping[str, str]:
        return {name: path for kind, name, path in self._walk() if kind == "function"}

    def anywhere(self, function: str) -> str:
        """Return where a function or method of this bare name is; empty when there is none."""
        return self._functions.get(function, "")

    def _walk(self) -> Iterator[tuple[str, str, str]]:
        waiting: list[griffe.Object | griffe.Alias] = list(self._roots.values())
        while waiting:
            here = waiting.pop()
            for member in here.members.values():
                if member.is_alias:
                    continue
                yield member.kind.value, member.name, member.path
                if member.is_module or member.is_class:
                    waiting.append(member)


def _failures(griffe: object) -> tuple[type[BaseException], ...]:
    root: type[BaseException] = griffe.GriffeError  # type: ignore[attr-defined]
    return (
        root,
        ImportError,
        SyntaxError,
        ValueError,
        RecursionError,
        MemoryError,
        OSError,
        KeyError,
        AttributeError,
        TypeError,
    )


def _lacking(here: griffe.Object | griffe.Alias, part: str, depth: int, members: tuple[str, ...]) -> Answer:
    """Answer for a part that is not among the members: surely missing only where members are all known."""
    if part.startswith("__") and part.endswith("__"):
        return Answer(doubt="every object has names of this kind")
    if "__getattr__" in members and not _refuses(here, part):
        return Answer(doubt=f"{here.path} makes names while it runs")
    if here.is_module:
        source = "\n".join(here.lines)
        quoted = re.search(rf"[\"']{re.escape(part)}[\"']", source)
        if quoted or re.search(r"^\s*from .* import \*", source, re.MULTILINE):
            return Answer(doubt=f"{here.path} may take {part} in from elsewhere")
        if any(name.endswith("*") or "/" in name for name in members):
            return Answer(doubt=f"{here.path} takes in names from elsewhere")
        return Answer(depth=depth, siblings=members)
    if not here.is_class:
        return Answer(doubt=f"{here.path} is a value whose names are not known")
    if _has_unknown_bases(here):
        return Answer(doubt=f"{here.path} inherits from elsewhere")
    return Answer(depth=depth, siblings=members, in_class=True)


def _refuses(here: griffe.Object | griffe.Alias, part: str) -> bool:
    """Tell whether a module's `__getattr__` serves a list of its own, and this name is not on it."""
    if not here.is_module:
        return False
    text = "\n".join(here.lines)
    return "raise AttributeError" in text and not re.search(rf"\b{re.escape(part)}\b", text)


def _adds_nothing(decorator: Any) -> bool:
    return str(decorator.callable_path).rpartition(".")[2] in _HARMLESS


def _has_unknown_bases(here: griffe.Object | griffe.Alias) -> bool:
    waiting: list[Any] = [here]
    for _ in range(100):
        if not waiting:
            return False
        current = waiting.pop()
        current = current.final_target if current.is_alias else current
        unknown = [base for base in current.bases if not _BARE.fullmatch(str(base))]
        if len(current.resolved_bases) < len(unknown) or not all(map(_adds_nothing, current.decorators)):
            return True
        waiting += current.resolved_bases
    return True
