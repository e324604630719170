"""An entry of a registry, and what can be wrong with a request for one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import Any

from overt.runtime.figures import shown
from overt.runtime.owners import Endless, Gone, Life, TaskLife, watch

SAME: Any = object()
"""Stands for an agent that owns itself, and for an owner that its life leads to."""

NO_METADATA: Mapping[str, Any] = MappingProxyType({})


class AlreadyRegistered(ValueError):
    """The key has a live entry.

    Args:
        key: The key that was to be registered.
    """

    def __init__(self, key: object) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        """Return what happened and what to do."""
        return f"{shown(self.key)} is registered; unregister it first, or choose another key"


class NotRegistered(KeyError):
    """The key has no live entry: it was never there, was taken out, or its owner is dead.

    Args:
        key: The key that was asked for.
    """

    def __init__(self, key: object) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        """Return what happened."""
        return f"{shown(self.key)} is not registered, or its owner is dead"


class Registration:
    """What a registry holds under a key; it never changes, a change makes another one.

    An owner that is an object is held weakly, and so is an agent that is its own owner: to keep a registration does
    not keep them alive.

    Args:
        key: The key.
        agent: What was registered; `SAME` when it owns itself.
        owner: What the entry's life is tied to; `SAME` when the life itself leads to it.
        metadata: Read-only mapping.
        life: Whether the owner lives.
    """

    __slots__ = ("_agent", "_owner", "key", "life", "metadata")

    def __init__(self, key: Hashable, agent: Any, owner: Any, metadata: Mapping[str, Any], life: Life) -> None:
        self.key, self._agent, self._owner, self.metadata, self.life = key, agent, owner, metadata, life

    @property
    def agent(self) -> Any:
        """What was registered; None when it owned itself and is gone."""
        return self.owner if self._agent is SAME else self._agent

    @property
    def owner(self) -> Any:
        """What the entry's life is tied to; None when it was held weakly and is gone."""
        return self.life() if self._owner is SAME else self._owner

    @property
    def alive(self) -> bool:
        """Whether the owner lives."""
        return self.life() is not None

    def with_metadata(self, metadata: Mapping[str, Any]) -> Registration:
        """Return the same entry with other metadata."""
        return Registration(self.key, self._agent, self._owner, metadata, self.life)

    def __repr__(self) -> str:
        return f"Registration(key={shown(self.key)}, agent={shown(self.agent)}, metadata={shown(dict(self.metadata))})"


def frozen(metadata: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return a read-only copy of metadata."""
    return MappingProxyType(dict(metadata)) if metadata else NO_METADATA


def registration(key: Hashable, agent: Any, owner: Any, metadata: Mapping[str, Any] | None, gone: Gone) -> Registration:
    """Return the entry of an agent with the life of its owner.

    Args:
        key: The key.
        agent: What is registered.
        owner: What its life is tied to; None for the agent itself.
        metadata: Copied.
        gone: Called with the life when it ends, see `overt.runtime.owners.watch`.

    Raises:
        TypeError: The given owner cannot be watched.
    """
    subject = agent if owner is None else owner
    kept = frozen(metadata)
    try:
        life = watch(key, subject, gone)
    except TypeError:
        if owner is not None:
            raise TypeError(
                f"a {type(owner).__name__} cannot be an owner, it cannot be referenced weakly; "
                "pass a thread, a task, a process or an object of a class of your own"
            ) from None
        return Registration(key, agent, agent, kept, Endless(key))
    weak = type(life) is TaskLife or life() is subject
    return Registration(key, SAME if subject is agent else agent, SAME if weak else subject, kept, life)
