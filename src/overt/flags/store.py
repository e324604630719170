"""What every store of flags does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from overt.flags.records import Change, Overtaken, Snapshot, Value


class Word(Protocol):
    """One number that is different after every change; odd while a change is being written."""

    def __getitem__(self, index: int, /) -> int:
        """Return the number, at index 0."""


class Note(NamedTuple):
    """Something else to remember with a change, for example the stage of a migration.

    Args:
        topic: What it belongs to.
        data: What JSON can hold.
        after: How many notes on the topic whoever makes the change knows of; when there are more or less, nothing is
            changed. None when that does not matter.
    """

    topic: str
    data: Mapping[str, Any]
    after: int | None = None

    def check(self, found: int) -> None:
        """Refuse the note when it comes too late.

        Args:
            found: How many notes there are on the topic.

        Raises:
            Overtaken: Not as many as were known.
        """
        if self.after is not None and self.after != found:
            raise Overtaken(
                f"{found} notes on {self.topic} where {self.after} were known", "look again, and decide anew"
            )


class Store(Protocol):
    """Where the values of flags are kept, with every change ever made."""

    @property
    def word(self) -> Word:
        """The number that tells, without a look into the store, that something changed."""

    def check(self) -> None:
        """Look whether the store is still there, without reading it.

        Raises:
            StoreError: It is not, or not as it was left.
        """

    def load(self) -> Snapshot:
        """Return everything that is set.

        Raises:
            StoreError: The store cannot be read.
        """

    def apply(
        self, values: Mapping[str, Value | None], *, at: float, by: str, reason: str, note: Note | None = None
    ) -> Sequence[Change]:
        """Set flags, all or none, and remember it; None takes a value away.

        Args:
            values: New value by flag.
            at: Seconds since 1970 UTC.
            by: Who makes the change.
            reason: Why.
            note: Remembered in the same step.

        Raises:
            StoreError: The store cannot be written; nothing was changed.
            Overtaken: The note came too late; nothing was changed.
        """

    def renew(self, *, at: float) -> None:
        """Make way for a change that must be made: what is damaged is put aside, what is gone is made anew.

        The next change enters the last known values first, and whoever else uses the store takes it for the newest. A
        store that is whole stays as it is.

        Args:
            at: Seconds since 1970 UTC.

        Raises:
            StoreError: It cannot be looked at.
        """

    def history(
        self, flag: str | None = None, *, limit: int | None = None, before: int | None = None
    ) -> Sequence[Change]:
        """Return the changes, of one flag or of all, the oldest first.

        Args:
            flag: Of which flag; of all when None.
            limit: How many at most, the newest of them; all when None.
            before: Only so many of the first are looked at: for the page before one that begins there.

        Raises:
            StoreError: The store cannot be read.
        """

    def count(self, flag: str | None = None) -> int:
        """Return how many changes there were, of one flag or of all.

        Raises:
            StoreError: The store cannot be read.
        """

    def last(self, flag: str) -> Change | None:
        """Return the last change of a flag; None when there was none.

        Raises:
            StoreError: The store cannot be read.
        """

    def notes(self, topic: str) -> Sequence[Mapping[str, Any]]:
        """Return what was noted on a topic, the oldest first, each with `at`, `by` and `reason`.

        Raises:
            StoreError: The store cannot be read.
        """

    def keep(self, topic: str, member: str, data: Mapping[str, Any]) -> None:
        """Remember the latest that a process has to tell, in the place of what it told before; no change of a flag.

        What others told more than an hour before is forgotten.

        Args:
            topic: What it is about.
            member: Who tells.
            data: What JSON can hold; `at` is seconds since 1970 UTC.

        Raises:
            StoreError: The store cannot be written.
        """

    def kept(self, topic: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the latest that each process has told on a topic.

        Raises:
            StoreError: The store cannot be read.
        """

    def close(self) -> None:
        """Let go of files and connections; again is harmless."""


def window(total: int, limit: int | None, before: int | None) -> tuple[int, int]:
    """Return where a part of a history begins and ends, counted from the oldest change.

    Args:
        total: How many changes there are.
        limit: How many at most, the newest of them; all when None.
        before: Only so many of the first are looked at; all when None.

    Example:
        >>> window(10, 3, None), window(10, 3, 7), window(10, None, 7), window(10, 3, 2)
        ((7, 10), (4, 7), (0, 7), (0, 2))
    """
    end = total if before is None else max(0, min(before, total))
    return (0 if limit is None else max(0, end - max(0, limit))), end


KEPT_SECONDS = 3600.0
"""How long a store keeps what a process has told and not told again."""


def outdated(told: Mapping[str, Mapping[str, Any]], now: float) -> list[str]:
    """Return the members whose last word is too old to be kept.

    Args:
        told: Data by member.
        now: Seconds since 1970 UTC.

    Example:
        >>> outdated({"a": {"at": 0.0}, "b": {"at": 3000.0}}, 4000.0)
        ['a']
    """
    return [member for member, data in told.items() if now - float(data.get("at", 0.0)) > KEPT_SECONDS]
