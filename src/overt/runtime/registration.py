"""An entry of a registry, and what can be wrong with a request for one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import Any

from overt.runtime.figures import shown
from overt.runtime.owners import MODULES_OF_OWNERS, Endless, Gone, Life, ObjectLife, TaskLife, watch

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


class Registration(ObjectLife):
    """What a registry holds under a key; it never changes, a change makes another one.

    It is a weak reference to its owner, so that one look tells whether that lives; called, it returns None once the
    owner is dead. To keep a registration keeps neither an owner that is an object alive, nor an agent that is its own
    owner. Two registrations are equal only if they are the same.
    """

    __slots__ = ("held_agent", "held_owner", "metadata")

    metadata: Mapping[str, Any]
    """Read-only mapping."""
    held_agent: Any
    """The agent; `SAME` when it owns itself."""
    held_owner: Any
    """The owner; `SAME` when this, or the life, leads to it."""

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__

    @property
    def life(self) -> Life:
        """Whether the owner lives."""
        return self

    @property
    def agent(self) -> Any:
        """What was registered; None when it owned itself and is gone."""
        return self.owner if self.held_agent is SAME else self.held_agent

    @property
    def owner(self) -> Any:
        """What the entry's life is tied to; None when it was held weakly and is gone."""
        return self() if self.held_owner is SAME else self.held_owner

    @property
    def alive(self) -> bool:
        """Whether the owner lives."""
        return self() is not None

    def with_metadata(self, owner: Any, metadata: Mapping[str, Any]) -> Registration:
        """Return the same entry with other metadata; the caller has what this refers to, so that it cannot die."""
        gone: Any = self.__callback__
        row = Registration(owner, gone)
        row.key, row.held_agent, row.held_owner, row.metadata = self.key, self.held_agent, self.held_owner, metadata
        return row

    def __repr__(self) -> str:
        return f"Registration(key={shown(self.key)}, agent={shown(self.agent)}, metadata={shown(dict(self.metadata))})"


class TiedRegistration(Registration):
    """A registration whose owner is a task, another thread or a process, or which has none."""

    __slots__ = ("held_life",)

    held_life: Life

    def __call__(self) -> Any:
        """Return something while the owner lives, else None."""
        return self.held_life()

    @property
    def life(self) -> Life:
        """Whether the owner lives."""
        return self.held_life

    def with_metadata(self, owner: Any, metadata: Mapping[str, Any]) -> Registration:  # noqa: ARG002
        """Return the same entry with other metadata."""
        return _tied(self.key, self.held_agent, self.held_owner, metadata, self.held_life)


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
    kept = frozen(metadata) if metadata else NO_METADATA
    row: Registration
    try:
        kind = type(subject)
        if kind.__base__ is object and kind.__module__ not in MODULES_OF_OWNERS:  # is_plain(), without the call
            row = Registration(subject, gone)
            row.key = key
            row.held_agent = SAME if subject is agent else agent
            row.held_owner = SAME
            row.metadata = kept
            return row
        life = watch(key, subject, gone)
    except TypeError:
        if owner is not None:
            raise TypeError(
                f"a {type(owner).__name__} cannot be an owner, it cannot be referenced weakly; "
                "pass a thread, a task, a process or an object of a class of your own"
            ) from None
        return _tied(key, agent, agent, kept, Endless(key))
    held = SAME if subject is agent else agent
    if type(life) is not ObjectLife:
        return _tied(key, held, SAME if type(life) is TaskLife else subject, kept, life)
    target = life()
    row = Registration(target, gone)
    row.key, row.held_agent, row.held_owner, row.metadata = key, held, SAME if target is subject else subject, kept
    return row


def _tied(key: Hashable, agent: Any, owner: Any, metadata: Mapping[str, Any], life: Life) -> Registration:
    row = TiedRegistration(Registration)  # something that never dies; what counts is the life
    row.key, row.held_agent, row.held_owner, row.metadata, row.held_life = key, agent, owner, metadata, life
    return row
