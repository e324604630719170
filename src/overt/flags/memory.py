"""Flags in the memory of one process."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from overt.flags.records import Change, Snapshot, Value
from overt.flags.store import Note, outdated, window
from overt.runtime.forks import ForkLock


class MemoryStore:
    """Keeps flags and their history until it is dropped: for tests, and for programs that decide at their start.

    Example:
        >>> store = MemoryStore()
        >>> _ = store.apply({"new-cart": 25.0}, at=0.0, by="ann", reason="first look")
        >>> store.load().values["new-cart"]
        25.0
    """

    def __init__(self) -> None:
        self.word = array("Q", [0])
        self._lock = ForkLock()
        self._values: dict[str, Value] = {}
        self._history: list[Change] = []
        self._kept: dict[str, dict[str, dict[str, Any]]] = {}
        self._notes: list[tuple[str, dict[str, Any]]] = []

    def check(self) -> None:
        """Do nothing: memory does not go away."""

    def load(self) -> Snapshot:
        """Return everything that is set."""
        with self._lock.bare():
            return Snapshot(self.word[0] // 2, dict(self._values))

    def apply(
        self, values: Mapping[str, Value | None], *, at: float, by: str, reason: str, note: Note | None = None
    ) -> Sequence[Change]:
        """Set flags, all or none, and remember it; None takes a value away.

        Raises:
            Overtaken: The note came too late.
        """
        with self._lock.bare():
            if note is not None:
                note.check(sum(topic == note.topic for topic, _ in self._notes))
            changes = [Change(at, by, flag, self._values.get(flag), new, reason) for flag, new in values.items()]
            for change in changes:
                if change.new is None:
                    self._values.pop(change.flag, None)
                else:
                    self._values[change.flag] = change.new
            self._history.extend(changes)
            if note is not None:
                self._notes.append((note.topic, {**note.data, "at": at, "by": by, "reason": reason}))
            self.word[0] += 2
        return changes

    def renew(self, *, at: float) -> None:
        """Do nothing: memory does not go away."""

    def history(
        self, flag: str | None = None, *, limit: int | None = None, before: int | None = None
    ) -> Sequence[Change]:
        """Return the changes, of one flag or of all, the oldest first."""
        with self._lock.bare():
            found = self._of(flag)
        start, end = window(len(found), limit, before)
        return found[start:end]

    def count(self, flag: str | None = None) -> int:
        """Return how many changes there were, of one flag or of all."""
        with self._lock.bare():
            return len(self._history) if flag is None else len(self._of(flag))

    def _of(self, flag: str | None) -> list[Change]:
        return [change for change in self._history if flag in (None, change.flag)]

    def last(self, flag: str) -> Change | None:
        """Return the last change of a flag; None when there was none."""
        with self._lock.bare():
            return next((change for change in reversed(self._history) if change.flag == flag), None)

    def notes(self, topic: str) -> Sequence[Mapping[str, Any]]:
        """Return what was noted on a topic, the oldest first."""
        with self._lock.bare():
            return [dict(data) for name, data in self._notes if name == topic]

    def keep(self, topic: str, member: str, data: Mapping[str, Any]) -> None:
        """Remember the latest that a process has to tell."""
        with self._lock.bare():
            told = self._kept.setdefault(topic, {})
            told[member] = dict(data)
            for gone in outdated(told, float(data["at"])):
                del told[gone]

    def kept(self, topic: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the latest that each process has told on a topic."""
        with self._lock.bare():
            return dict(self._kept.get(topic, {}))

    def close(self) -> None:
        """Do nothing: memory needs no closing."""
