"""The values that flags have now: served from memory, read from the store again when that has changed."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable, Mapping

from overt.flags.buckets import Rollout
from overt.flags.records import Change, Flag, StoreError, UnknownFlag, Value
from overt.flags.store import Store, Word
from overt.flags.telling import Telling
from overt.runtime.figures import Tally
from overt.runtime.forks import ForkLock
from overt.runtime.helper import Helper
from overt.runtime.telemetry import Telemetry

_Row = tuple[bool | None, Callable[[], int], Rollout | None]
"""The answer, or None when it depends on the key; what counts a use; what decides by key."""

_WATCH_SECONDS = 0.1
_RETRY_SECONDS = 0.2
_WRITING_SECONDS = 0.002


class Serving(Telling):
    """Serves the values of declared flags from memory.

    Args:
        store: Where values and history are kept.
        flags: The declared flags.
        telemetry: Where changes are announced.
        clock: Returns seconds since 1970 UTC.

    Raises:
        ValueError: Two flags have one name.
    """

    def __init__(
        self, store: Store, flags: Iterable[Flag], *, telemetry: Telemetry | None, clock: Callable[[], float]
    ) -> None:
        declared = list(flags)
        self._flags = {flag.name: flag for flag in declared}
        if len(self._flags) < len(declared):
            raise ValueError("two flags have one name")
        super().__init__(telemetry)
        self._store, self._clock = store, clock
        self._uses = {name: Tally() for name in self._flags}
        self._lock = ForkLock()
        self._values: dict[str, Value] = {}
        self._overrides: tuple[Mapping[str, Value], ...] = ()
        self._table: dict[str, _Row] = {}
        self._keyless: set[str] = set()
        self._helper = Helper("overt-flags", self._look)
        self._closed, self._retry_at, self._loaded = False, 0.0, False
        self._problem: StoreError | None = None
        self._word: Word = array("Q", [0])
        self._seen, self._odd = -1, 0
        self._rebuild()
        self._refresh()

    @property
    def problem(self) -> StoreError | None:
        """Why the store cannot be used; None when it can. Asking looks whether the store is still there."""
        self._inspect()
        return self._problem

    @property
    def loaded(self) -> bool:
        """Whether the store could be read at least once; until then flags have their defaults."""
        return self._loaded

    def uses(self) -> dict[str, int]:
        """Return how often each flag was read here."""
        return {name: uses.value() for name, uses in self._uses.items()}

    def _name(self, flag: object) -> str:
        name = flag.name if isinstance(flag, Flag) else flag
        if not isinstance(name, str) or name not in self._flags:
            raise UnknownFlag(name, self._flags)
        return name

    def _value(self, name: str) -> Value:
        for layer in reversed(self._overrides):
            if name in layer:
                return layer[name]
        return self._values.get(name, self._flags[name].default)

    def _rebuild(self) -> None:
        """Make the table that reads look into; replaced whole, so that a reader sees one state of all flags."""
        table: dict[str, _Row] = {}
        for name in self._flags:
            value = self._value(name)
            partial = not isinstance(value, bool) and 0 < value < 100
            old = self._table.get(name, (None, None, None))[2]
            rollout = (old if old and old.percentage == value else Rollout(name, value)) if partial else None
            table[name] = (None if partial else bool(value), self._uses[name].hit, rollout)
        self._table = table

    def _catch_up(self) -> None:
        if self._word[0] != self._seen:
            self._refresh()

    def _refresh(self) -> None:
        """Read the store again, unless another thread is at it: then the last known values are right to serve."""
        if self._closed or time.monotonic() < self._retry_at or not self._lock.acquire(blocking=False):
            return
        try:
            self._reload()
        finally:
            self._lock.release()
        if self._watchers or self._store_watchers or self._untold:
            self._helper.ensure()  # a forked child has no helper until it notices a change
            self._helper.ring()  # it asks the store who made the change: a reader does not wait for that

    def _inspect(self) -> None:
        """Look whether the store is still there, which reads do not do, and whether one that was not is back."""
        if not self._closed:
            try:
                self._store.check()
            except StoreError as error:
                self._failed(error)
        if self._problem is not None:
            self._refresh()

    def _reload(self) -> None:
        """Read the store; called with the lock held."""
        try:
            self._word = self._store.word
            seen = self._word[0]
            # While the number is odd a change is being written, or its writer was killed: look again soon.
            pause = _RETRY_SECONDS if seen == self._odd else _WRITING_SECONDS
            self._odd, self._retry_at = (seen, time.monotonic() + pause) if seen % 2 else (0, 0.0)
            snapshot = self._store.load()
            self._take(snapshot.values)
            self._loaded = True
            self._seen = -1 if seen % 2 else seen
            if self._problem is not None:
                self._problem = None
                self._untold_problems.append(None)
        except StoreError as error:
            self._failed(error)

    def _take(self, values: Mapping[str, Value]) -> None:
        old, self._values = self._values, {name: values[name] for name in self._flags if name in values}
        new = self._values
        # A bool and a number may be equal (True and 1.0 are) and yet say different things.
        changed = [n for n in self._flags if (old.get(n), type(old.get(n))) != (new.get(n), type(new.get(n)))]
        if not changed:
            return
        self._rebuild()
        self._keyless.difference_update(changed)
        if self._loaded and (self._watchers or self._telemetry is not None):
            self._untold.extend(Change(self._clock(), "", name, old.get(name), new.get(name), "") for name in changed)

    def _explained(self, change: Change) -> Change:
        """Return a change with who made it, when and why, as far as the store can tell."""
        try:
            last = self._store.last(change.flag)
        except StoreError:
            last = None
        return change if last is None else last._replace(old=change.old, new=change.new)

    def _look(self) -> float | None:
        """Look for changes of other processes, for those who watch."""
        self._inspect()
        self._catch_up()
        self._tell()
        self._tell_problems()
        return _WATCH_SECONDS if self._watchers or self._store_watchers else None

    def _without_key(self, flag: str) -> bool:
        if flag not in self._keyless:
            self._keyless.add(flag)
            self._log("flag %s is on for a percentage of keys and was read without a key: off", flag)
            self._announce("keyless", {"count": 1}, {"flag": flag})
        return False

    def _failed(self, error: StoreError) -> None:
        first, self._problem = self._problem is None, error
        self._retry_at, self._seen = time.monotonic() + _RETRY_SECONDS, -1
        if first:
            self._untold_problems.append(error)
            self._log("%s; serving the last known values", error)
            self._announce("store_failed", {"count": 1}, {"error": str(error)})
