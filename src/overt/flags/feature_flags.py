"""Feature flags: read from memory, changed in a store, told to everybody who watches."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from overt.flags.compare import Guard
from overt.flags.records import Change, Flag, FlagsError, FlagState, Overtaken, StoreError, Value, checked
from overt.flags.serving import Serving
from overt.flags.store import Note, Store
from overt.flags.telling import StoreWatcher, Watcher
from overt.runtime.telemetry import Telemetry

P = ParamSpec("P")
R = TypeVar("R")


class FeatureFlags(Serving):
    """The declared flags of a program and their values.

    A read looks into memory; it looks into the store only after a shared number has said that something changed. When
    the store cannot be read, the last known values are served, `problem` says why, and so does the event
    `("overt", "flags", "store_failed")`.

    Args:
        store: Where values and history are kept; closed by `close()`.
        flags: The declared flags.
        telemetry: Where changes are announced as `("overt", "flags", "changed")`.
        clock: Returns seconds since 1970 UTC.

    Raises:
        ValueError: Two flags have one name.

    Example:
        >>> from overt.flags import MemoryStore
        >>> flag = Flag("new-cart", owner="shop", purpose="the new cart", created="2026-11-22", until="2027-06-30")
        >>> with FeatureFlags(MemoryStore(), [flag]) as flags:
        ...     before = flags.enabled("new-cart")
        ...     _ = flags.enable("new-cart", by="ann", reason="the new cart is ready")
        ...     before, flags.enabled("new-cart"), flags.history("new-cart")[0].by
        (False, True, 'ann')
    """

    def __init__(
        self,
        store: Store,
        flags: Iterable[Flag],
        *,
        telemetry: Telemetry | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(store, flags, telemetry=telemetry, clock=clock)

    # -- reads ---------------------------------------------------------------------------------------------------

    def enabled(self, flag: str, key: object = None) -> bool:
        """Tell whether a flag is on.

        Args:
            flag: Its name, or the flag itself.
            key: Who asks, for a percentage: the same key always gets the same answer at the same percentage.

        Raises:
            UnknownFlag: No such flag is declared.
        """
        if self._word[0] != self._seen:
            self._refresh()
        try:
            answer, use, rollout = self._table[flag]
        except KeyError:
            return self.enabled(self._name(flag), key)
        use()
        if rollout is None:
            return answer is True
        if key is None:
            return self._without_key(flag)
        try:
            return rollout.remembered[key]
        except (KeyError, TypeError):
            return rollout.covers(key)

    def switch(self, flag: str, key: object = None) -> Callable[[], bool]:
        """Return a callable that tells whether a flag is on, for everything in `overt.runtime` that is switched.

        Raises:
            UnknownFlag: No such flag is declared.
        """
        name = self._name(flag)
        return lambda: self.enabled(name, key)

    def guard(
        self, flag: str, *, new: Callable[P, R], legacy: Callable[P, R], key: object = None, **options: Any
    ) -> Guard[P, R]:
        """Return a function of which a flag chooses the implementation at every call, see `Guard`.

        Args:
            flag: Name of the flag; on is the new implementation.
            new: The new implementation.
            legacy: The one it is to replace.
            key: Who asks, for a percentage: a key, or a function of the arguments that returns it.
            options: Further options of `Guard`: `compare`, `fallback`, `expected`, `telemetry`.

        Raises:
            UnknownFlag: No such flag is declared.
            ValueError: One is async and the other is not, or the share is none.
        """
        return Guard(self, flag, new=new, legacy=legacy, key=key, **options)

    def all(self) -> dict[str, Value]:
        """Return the value of every flag: on or off, or a percentage."""
        self._catch_up()
        return {name: self._value(name) for name in self._flags}

    def value(self, flag: str) -> Value:
        """Return the value of a flag: on or off, or a percentage. It counts as a use.

        Raises:
            UnknownFlag: No such flag is declared.
        """
        name = self._name(flag)
        self._catch_up()
        self._uses[name].hit()
        return self._value(name)

    def describe(self, flag: str) -> FlagState:
        """Return everything there is to know about a flag.

        Raises:
            UnknownFlag: No such flag is declared.
        """
        name = self._name(flag)
        self._catch_up()
        declared, stored = self._flags[name], self._values.get(name)
        try:
            changed = self._store.last(name)
        except StoreError as error:
            self._failed(error)
            changed = None
        return FlagState(
            name=name,
            owner=declared.owner,
            purpose=declared.purpose,
            created=declared.created,
            until=declared.until,
            default=declared.default,
            value=self._value(name),
            stored=stored,
            overridden=any(name in layer for layer in self._overrides),
            uses=self._uses[name].value(),
            changed=changed,
        )

    @property
    def declared(self) -> tuple[Flag, ...]:
        """The declared flags, in order."""
        return tuple(self._flags.values())

    def history(
        self, flag: str | None = None, *, limit: int | None = None, before: int | None = None
    ) -> Sequence[Change]:
        """Return the changes, of one flag or of all, the oldest first.

        Args:
            flag: Of which flag; of all when None.
            limit: How many at most, the newest of them; all when None.
            before: Only so many of the first are looked at: for the page before one that begins there.

        Raises:
            UnknownFlag: No such flag is declared.
            StoreError: The store cannot be read.
        """
        return self._store.history(None if flag is None else self._name(flag), limit=limit, before=before)

    def count(self, flag: str | None = None) -> int:
        """Return how many changes there were, of one flag or of all.

        Raises:
            UnknownFlag: No such flag is declared.
            StoreError: The store cannot be read.
        """
        return self._store.count(None if flag is None else self._name(flag))

    def notes(self, topic: str) -> Sequence[Mapping[str, Any]]:
        """Return what was noted with changes on a topic, the oldest first.

        Raises:
            StoreError: The store cannot be read.
        """
        return self._store.notes(topic)

    def keep(self, topic: str, member: str, data: Mapping[str, Any]) -> None:
        """Tell the store the latest on a topic, in the place of what the same member told before.

        Raises:
            StoreError: The store cannot be written.
        """
        self._store.keep(topic, member, data)

    def kept(self, topic: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the latest that each member has told the store on a topic, within about an hour.

        Raises:
            StoreError: The store cannot be read.
        """
        return self._store.kept(topic)

    # -- changes -------------------------------------------------------------------------------------------------

    def enable(self, flag: str, *, by: str = "", reason: str = "") -> Change:
        """Turn a flag on for everybody."""
        return self.set(flag, True, by=by, reason=reason)  # noqa: FBT003

    def disable(self, flag: str, *, by: str = "", reason: str = "") -> Change:
        """Turn a flag off for everybody."""
        return self.set(flag, False, by=by, reason=reason)  # noqa: FBT003

    def set_percentage(self, flag: str, percentage: float, *, by: str = "", reason: str = "") -> Change:
        """Turn a flag on for a percentage of the keys.

        Raises:
            ValueError: Not a number from 0 to 100.
        """
        if isinstance(percentage, bool):
            raise ValueError(f"a percentage is a number from 0 to 100, not {percentage}")  # noqa: TRY004
        return self.set(flag, percentage, by=by, reason=reason)

    def set(self, flag: str, value: Value, *, by: str = "", reason: str = "") -> Change:
        """Turn a flag on or off, or on for a percentage of the keys.

        Args:
            flag: Its name.
            value: True, False, or a percentage from 0 to 100.
            by: Who makes the change.
            reason: Why.

        Raises:
            UnknownFlag: No such flag is declared.
            ValueError: The value is none.
            StoreError: The store cannot be written; nothing was changed.
        """
        return self.apply({flag: checked(value)}, by=by, reason=reason)[0]

    def reset(self, flag: str, *, by: str = "", reason: str = "") -> Change:
        """Give a flag its default again.

        Raises:
            UnknownFlag: No such flag is declared.
            StoreError: The store cannot be written; nothing was changed.
        """
        return self.apply({flag: None}, by=by, reason=reason)[0]

    def apply(
        self, values: Mapping[str, Value | None], *, by: str = "", reason: str = "", note: Note | None = None
    ) -> Sequence[Change]:
        """Change several flags in one step, all or none; None gives a flag its default again.

        Raises:
            UnknownFlag: One of them is not declared.
            ValueError: A value is none.
            StoreError: The store cannot be written; nothing was changed.
        """
        if self._closed:
            raise FlagsError("the flags are closed")
        wanted = {self._name(flag): None if value is None else checked(value) for flag, value in values.items()}
        with self._lock.bare():
            # Held until the change is in the table, so that this thread is the one that tells it.
            try:
                changes = self._store.apply(wanted, at=self._clock(), by=by, reason=reason, note=note)
            except Overtaken:
                raise
            except StoreError as error:
                self._failed(error)
                raise
            self._reload()
        self._tell()
        return changes

    def insist(
        self, values: Mapping[str, Value | None], *, by: str = "", reason: str = "", note: Note | None = None
    ) -> str:
        """Change flags as `apply` does, and when the store was deleted or is damaged, make it anew for that.

        A new store begins with the last known values; a note is then made whatever came before it, and says as
        `problem` what happened.

        Returns:
            What happened to the store; empty when nothing did.

        Raises:
            UnknownFlag: One of them is not declared.
            ValueError: A value is none.
            StoreError: The store cannot be written nor made anew; nothing was changed.
            Overtaken: The note came too late.
        """
        try:
            self.apply(values, by=by, reason=reason, note=note)
            if self._problem is not None:
                raise self._problem  # it was written, but cannot be read: what was known last is still served
        except Overtaken:
            raise
        except StoreError as error:
            self.renew()
            if note is not None:
                note = note._replace(after=None, data={**note.data, "problem": error.message})
            self.apply(values, by=by, reason=reason, note=note)
            return error.message
        return ""

    def renew(self) -> None:
        """Make way for a change that must be made, see `Store.renew`.

        Raises:
            StoreError: The store cannot be looked at.
        """
        self._store.renew(at=self._clock())

    @contextmanager
    def override(self, values: Mapping[str, Value] | None = None, /, **named: Value) -> Iterator[Self]:
        """Hold flags in a state for a block: for tests, in this object only, never in the store.

        Args:
            values: Value by name, for names that are no Python names.
            named: Value by name; an underscore stands for a hyphen when there is no such flag.

        Raises:
            UnknownFlag: One of them is not declared.
        """
        layer = {self._name(name): checked(value) for name, value in (values or {}).items()}
        for name, value in named.items():
            layer[name if name in self._flags else self._name(name.replace("_", "-"))] = checked(value)
        with self._lock.bare():
            self._overrides = (*self._overrides, layer)
            self._rebuild()
        try:
            yield self
        finally:
            with self._lock.bare():
                self._overrides = tuple(other for other in self._overrides if other is not layer)
                self._rebuild()

    def watch(self, callback: Watcher) -> Callable[[], None]:
        """Call a function with every change from now on, also with those that other processes make.

        One that raises is told to the logger `overt.flags` and called again at the next change.

        Returns:
            What ends the watch.
        """
        with self._lock.bare():
            self._watchers = (*self._watchers, callback)
        self._helper.ensure()
        self._helper.ring()

        def unwatch() -> None:
            with self._lock.bare():
                self._watchers = tuple(other for other in self._watchers if other is not callback)

        return unwatch

    def watch_store(self, callback: StoreWatcher) -> Callable[[], None]:
        """Call a function with the problem when the store cannot be used any more, and with None when it can again.

        Returns:
            What ends the watch.
        """
        with self._lock.bare():
            if not self._store_watchers:
                self._untold_problems.clear()  # whoever begins to watch can ask for the one that there is
            self._store_watchers = (*self._store_watchers, callback)
        self._helper.ensure()
        self._helper.ring()

        def unwatch() -> None:
            with self._lock.bare():
                self._store_watchers = tuple(other for other in self._store_watchers if other is not callback)

        return unwatch

    def close(self) -> None:
        """Stop watching and close the store; reads go on with the last known values."""
        self._helper.stop()
        with self._lock.bare():
            self._closed, self._watchers, self._store_watchers = True, (), ()
            self._word = array("Q", [0])
            self._seen = 0
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
