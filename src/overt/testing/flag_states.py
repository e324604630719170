"""The state of feature flags that a run of tests is in, and which flags its tests have asked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from overt.flags.states import STATE_VARIABLE, state_values

if TYPE_CHECKING:
    from overt.flags import FeatureFlags
    from overt.flags.records import Value

PROPERTY = "overt.flags"
"""Name of the test property that carries the names of the flags that a test asked, with spaces between them."""


class FlagsState:
    """The state that flags are to be in, and what was asked of them.

    Args:
        environment: The environment of the process, where `overt validate --flags` puts the state.

    Raises:
        ValueError: The environment asks for a state that there is not.

    Example:
        >>> state = FlagsState({"OVERT_FLAGS": "mixed"})
        >>> state.name, state.values(["new-cart", "new-search"])
        ('mixed', {'new-cart': 50.0, 'new-search': True})
        >>> state.asked("new-cart")
        >>> state.taken(), state.taken()
        (['new-cart'], [])
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        state_values(environment, ())
        self._environment = environment
        self.name = environment.get(STATE_VARIABLE, "")
        """`on`, `off` or `mixed`; empty when the tests choose."""
        self._watched: list[tuple[FeatureFlags, dict[str, int]]] = []
        self._told: set[str] = set()

    def values(self, names: Iterable[str]) -> dict[str, Value]:
        """Return what flags are to be; nothing when the tests choose.

        Args:
            names: Names of the flags.
        """
        return state_values(self._environment, names)

    def asked(self, *names: str) -> None:
        """Tell that the test that runs asks flags: for flags that are not of `overt.flags`.

        Args:
            names: Names of the flags.
        """
        self._told.update(names)

    @contextmanager
    def held(self, flags: FeatureFlags) -> Iterator[FeatureFlags]:
        """Hold flags in this state for a block, and follow which of them are read.

        Args:
            flags: The flags; what they are overridden with inside the block goes first.
        """
        watched = (flags, flags.uses())
        self._watched.append(watched)
        try:
            with flags.override(self.values(flag.name for flag in flags.declared)):
                yield flags
        finally:
            self._told.update(_read(*watched))
            self._watched = [other for other in self._watched if other is not watched]

    def taken(self) -> list[str]:
        """Return the names of the flags that were asked since this was called last, sorted."""
        names, self._told = self._told, set()
        for flags, before in self._watched:
            names.update(_read(flags, before))
            before.update(flags.uses())
        return sorted(names)


def _read(flags: FeatureFlags, before: Mapping[str, int]) -> list[str]:
    """Return the names of the flags that were read since."""
    return [name for name, uses in flags.uses().items() if uses > before[name]]


def declared_names(root: Path) -> list[str]:
    """Return the names of the flags that the `overt.toml` of a project declares; none when it cannot be read.

    Args:
        root: Folder of the project.
    """
    try:
        document: dict[str, Any] = tomllib.loads((root / "overt.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []  # what is wrong with the file is told by overt itself
    flags = document.get("flags")
    return list(flags) if isinstance(flags, dict) else []


def kind_of(values: Mapping[str, Any]) -> str:
    """Return which state some values are: `on` and `off` when all of them are, else `mixed`.

    Args:
        values: Values of flags by name.

    Example:
        >>> kind_of({"a": True, "b": 100}), kind_of({"a": False}), kind_of({"a": True, "b": 25})
        ('on', 'off', 'mixed')
    """
    every = set(map(float, values.values()))
    on, off = all(value is True or value == 100 for value in values.values()), every == {0.0}
    return "on" if on else "off" if off else "mixed"
