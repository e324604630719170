"""Which feature flags a project's code reads, and which names it reads that no flag has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from overt.lint.examine import is_test_file
from overt.lint.flag_calls import Arg, Call, FlagFacts, read_file
from overt.model import Location
from overt.system.text import nearest

_OPENFEATURE = tuple(
    f"get_{kind}_{what}{end}"
    for kind in ("boolean", "integer", "float")
    for what in ("value", "details")
    for end in ("", "_async")
)
_READERS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "enabled": (0, "flag"),
        "switch": (0, "flag"),
        "guard": (0, "flag"),
        "Guard": (1, "flag"),
        **dict.fromkeys(_OPENFEATURE, (0, "flag_key")),
    }
)
"""What reads a flag: where in its arguments the name stands, and what that parameter is called."""

_MOST_WRAPPED = 5


@dataclass(frozen=True, slots=True)
class FlagReads:
    """What the code reads.

    Args:
        files: How many files were looked at.
        readers: By declared flag, the places that read it.
        undeclared: Names that are read and that no flag has, with the place and the nearest flag; empty when none is
            near.
        unreadable: Files that could not be read or parsed.
    """

    files: int
    readers: Mapping[str, tuple[Location, ...]]
    undeclared: tuple[tuple[str, Location, str], ...]
    unreadable: tuple[str, ...]


def flag_reads(root: Path, files: Sequence[str], declared: Collection[str]) -> FlagReads:
    """Look for what reads flags in the Python files of a project, its tests left out.

    A flag is read where its name, or a constant that stands for it, is given to `enabled`, `switch`, `guard`, to the
    getters of OpenFeature, or to a function that hands it on to one of them. Where a name is put together or comes from
    a table, every flag counts as read whose name fits or stands in the same file.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        declared: Names of the flags.
    """
    looked = [name for name in files if name.endswith(".py") and not is_test_file(name)]
    facts, unreadable = [], []
    for name in looked:
        try:
            facts.append(read_file(name, (root / name).read_bytes()))
        except (OSError, SyntaxError, ValueError, RecursionError):
            unreadable.append(name)
    search = _Search(facts, declared)
    search.run()
    found = {flag: tuple(sorted(search.readers.get(flag, ()))) for flag in declared}
    return FlagReads(len(looked), found, tuple(sorted(set(search.undeclared))), tuple(unreadable))


class _Search:
    """Looks at every call once its readers are known.

    Args:
        facts: What each file says.
        declared: Names of the flags.
    """

    def __init__(self, facts: Sequence[FlagFacts], declared: Collection[str]) -> None:
        self._facts, self._declared = facts, declared
        self._readers = dict(_READERS)
        self._constants: dict[str, set[str]] = {}
        self._own = set().union(*(one.declared for one in facts))
        for one in facts:
            for name, texts in one.constants.items():
                self._constants.setdefault(name, set()).update(texts)
        self.readers: dict[str, set[Location]] = {}
        self.undeclared: list[tuple[str, Location, str]] = []

    def run(self) -> None:
        """Find the functions that hand a flag's name on to a reader, then look at every call of a reader."""
        for _ in range(_MOST_WRAPPED):
            known = len(self._readers)
            for one in self._facts:
                for call, said in self._reading(one):
                    self._wrapped(one, call, said)
            if len(self._readers) == known:
                break
        for one in self._facts:
            for call, said in self._reading(one):
                self._read(one, call, said)

    def _reading(self, one: FlagFacts) -> Iterator[tuple[Call, Arg]]:
        for call in one.calls:
            if call.callee in self._readers:
                place, name = self._readers[call.callee]
                said = call.args[place] if place < len(call.args) else call.named.get(name)
                if said is not None:
                    yield call, said

    def _wrapped(self, one: FlagFacts, call: Call, said: Arg) -> None:
        """Take the function around a call as a reader, when it hands on what it was given."""
        kind, text = said
        if kind != "name" or not call.inside:
            return
        for (owner, attribute), parameter in one.attributes.items():
            if attribute == text:
                self._hand_on(one, owner, parameter)
        self._hand_on(one, call.inside, text)

    def _hand_on(self, one: FlagFacts, function: str, parameter: str) -> None:
        parameters = one.parameters.get(function, [])
        if parameter in parameters:
            self._readers.setdefault(function, (parameters.index(parameter), parameter))

    def _read(self, one: FlagFacts, call: Call, said: Arg) -> None:
        kind, text = said
        place = Location(one.path, call.line)
        if kind == "text":
            self._named(one, call, text, place)
        elif kind == "pattern":
            self._note([flag for flag in self._declared if re.fullmatch(text, flag)], place)
        elif stands_for := self._constants.get(text, set()).intersection(self._declared):
            self._note(sorted(stands_for), place)
        elif text.isupper() and text in self._constants:
            for name in sorted(self._constants[text]):
                self._named(one, call, name, place)
        else:
            self._note([flag for flag in self._declared if flag in one.strings], place)

    def _named(self, one: FlagFacts, call: Call, text: str, place: Location) -> None:
        if text in self._declared:
            self._note([text], place)
            return
        if text in self._own:
            return
        near = nearest(text, self._declared)
        # Other things are enabled and switched too: it is a flag's name when it looks like one, or is asked of flags.
        asked = "flag" in call.owner.lower() or call.callee == "Guard" or call.callee in _OPENFEATURE
        if (asked and not one.makes_flags) or (near and call.owner):
            self.undeclared.append((text, place, near))

    def _note(self, flags: Sequence[str], place: Location) -> None:
        for flag in flags:
            self.readers.setdefault(flag, set()).add(place)
