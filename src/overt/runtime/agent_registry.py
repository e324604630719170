"""Who is there, by key: entries that die with their owners, read without a lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from time import perf_counter_ns
from typing import Any, TypeVar, overload

from overt.runtime.figures import Figures, Tally
from overt.runtime.helper import Helper
from overt.runtime.owners import Life, PolledLife, TaskLife
from overt.runtime.reaping import Reaping
from overt.runtime.registration import AlreadyRegistered, NotRegistered, Registration, frozen, registration
from overt.runtime.registry_reads import Found, RegistryReads
from overt.runtime.telemetry import Telemetry

Default = TypeVar("Default")

_POLL_SECONDS = 0.05


class AgentRegistry(Reaping[Registration], RegistryReads):
    """A table of agents in memory, with one owner of its own: whoever closes it.

    Reads take no lock and never return an entry whose owner is dead. An entry is taken out as soon as its owner
    dies: at once for objects, for the registering thread and for tasks of a running loop; within a twentieth of a
    second for other threads and for processes, which a helper thread looks at.

    Args:
        telemetry: Where `("overt", "registry", op)` is announced; op is register, lookup, unregister, update, expire.

    Example:
        >>> class Agent: ...
        >>> agent = Agent()
        >>> with AgentRegistry() as registry:
        ...     registry.register("a1", agent, metadata={"zone": "north"})
        ...     found = registry.find(zone="north")[0].agent is agent
        ...     del agent
        ...     found, "a1" in registry
        (True, False)
    """

    IMPLEMENTATION = "new"

    def __init__(self, *, telemetry: Telemetry | None = None) -> None:
        super().__init__()
        self._rows: dict[Hashable, Registration] = {}
        self._expired: deque[Registration] = deque()
        self._polled: set[PolledLife] = set()
        self._telemetry = telemetry
        self._helper = Helper("overt-registry", self._look_after)
        self._closed = False
        self._counts = {name: Tally() for name in ("registered", "unregistered", "expired")}
        self._registrations = self._counts["registered"].ticks
        self._unregistrations = self._counts["unregistered"].ticks

    # -- reads ---------------------------------------------------------------------------------------------------

    @overload
    def get(self, key: Hashable) -> Registration | None: ...
    @overload
    def get(self, key: Hashable, default: Default) -> Registration | Default: ...
    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the live entry of a key, or a default."""
        row = self._rows.get(key)
        if row is None or row() is None:
            return default
        return row

    def lookup(self, key: Hashable) -> Registration:
        """Return the live entry of a key.

        Raises:
            NotRegistered: There is none.
        """
        telemetry = self._telemetry
        if telemetry is None or not telemetry.active:
            row = self._rows.get(key)
            if row is None or row() is None:
                raise NotRegistered(key)
            return row
        start = perf_counter_ns()
        found = self.get(key)
        self._tell("lookup", key, start, "ok" if found else "not_registered")
        if found is None:
            raise NotRegistered(key)
        return found

    def list(self, where: Callable[[Registration], object] | None = None) -> Found:
        """Return the live entries as they were at one moment, in the order of their registration.

        Args:
            where: Only those of which it is true.
        """
        rows = [row for row in list(self._rows.values()) if row() is not None]
        return rows if where is None else [row for row in rows if where(row)]

    def stats(self) -> Figures:
        """Return how many are active, how many rows and watchers are held, and what happened so far."""
        counted = {name: tally.value() for name, tally in self._counts.items()}
        return Figures(active=len(self), rows=len(self._rows), watchers=len(self._polled), **counted)

    # -- writes --------------------------------------------------------------------------------------------------

    def register(
        self, key: Hashable, agent: Any, *, owner: Any = None, metadata: Mapping[str, Any] | None = None
    ) -> None:
        """Enter an agent under a key until it is taken out or its owner dies.

        Args:
            key: Anything hashable.
            agent: Anything; held weakly when it is its own owner.
            owner: What the entry's life is tied to: a thread, a task, a process, or any object that can be referenced
                weakly. The agent itself by default; one that cannot be referenced weakly (a number, a text) then
                stays until it is taken out.
            metadata: What it can be found by; copied.

        Raises:
            AlreadyRegistered: The key has a live entry.
            TypeError: The key cannot be hashed, or the given owner cannot be watched.
            RuntimeError: The registry is closed.
        """
        telemetry = self._telemetry
        start = perf_counter_ns() if telemetry is not None else 0
        row = registration(key, agent, owner, metadata, self._reap)
        if self._rows.setdefault(key, row) is not row:
            self._take_over(key, row, start)
        if self._closed:
            self._rows.pop(key, None)
            raise RuntimeError("the registry is closed")
        next(self._registrations)
        if type(row) is not Registration:
            self._follow(row.life)
            if self._rows.get(key) is not row:  # it was taken out meanwhile, or the registry closed
                self._unfollow(row.life)
        if telemetry is not None:
            self._helper.ensure()
            self._tell("register", key, start, "ok")

    def _take_over(self, key: Hashable, row: Registration, start: int) -> None:
        """Replace a dead entry; a live one stays."""
        with self._lock.bare():
            old = self._rows.setdefault(key, row)
            taken = old is row or old() is None
            if taken:
                self._rows[key] = row
        self._drain()
        if not taken:
            self._tell("register", key, start, "already_registered")
            raise AlreadyRegistered(key)
        if old is not row:
            self._let_go(old)

    def unregister(self, key: Hashable) -> None:
        """Take the live entry of a key out.

        Raises:
            NotRegistered: There is none.
        """
        telemetry = self._telemetry
        start = perf_counter_ns() if telemetry is not None else 0
        lock = self._lock.bare()
        lock.acquire()  # a `with` block would take a fifth of the time of the whole
        try:
            row = self._rows.get(key)
            # Its owner may die even here, and this very thread take it out.
            found = row is not None and row() is not None and self._rows.pop(key, None) is row
        finally:
            lock.release()
        if self._dead:
            self._drain()
        if row is None or not found:
            self._tell("unregister", key, start, "not_registered")
            raise NotRegistered(key)
        next(self._unregistrations)
        if type(row) is not Registration:
            self._unfollow(row.life)
        if telemetry is not None:
            self._tell("unregister", key, start, "ok")

    def update_metadata(self, key: Hashable, metadata: Mapping[str, Any]) -> None:
        """Replace the metadata of a live entry.

        Raises:
            NotRegistered: There is none.
        """
        start = perf_counter_ns() if self._telemetry is not None else 0
        kept = frozen(metadata)
        with self._lock.bare():
            row = self._rows.get(key)
            owner = None if row is None else row()  # kept until the new row is there to be taken out
            found = owner is not None
            if row is not None and found:
                self._rows[key] = row.with_metadata(owner, kept)
        del owner
        self._drain()
        self._tell("update", key, start, "ok" if found else "not_registered")
        if not found:
            raise NotRegistered(key)

    def close(self) -> None:
        """Take everything out and stop the helper thread; again is harmless."""
        with self._lock.bare():
            self._closed = True
            rows = list(self._rows.values())
            self._rows.clear()
        self._drain()
        for row in rows:
            self._unfollow(row.life)
        self._helper.stop()
        self._tell_expired()

    # -- the death of owners -------------------------------------------------------------------------------------

    def _follow(self, life: Life) -> None:
        """Begin to watch an owner; only now, because the entry has to be there before its end is told."""
        if isinstance(life, TaskLife):
            life.start()
        elif isinstance(life, PolledLife):
            self._polled.add(life)
            self._helper.ensure()
            self._helper.ring()

    def _unfollow(self, life: Life) -> None:
        if isinstance(life, TaskLife):
            life.cancel()
        elif isinstance(life, PolledLife):
            self._polled.discard(life)

    def _remove(self, life: Life) -> Registration | None:
        row = self._rows.get(life.key)
        return self._rows.pop(life.key, None) if row is not None and row.life is life else None

    def _let_go(self, row: Registration) -> None:
        self._counts["expired"].hit()
        self._unfollow(row.life)
        if self._telemetry is not None:
            self._expired.append(row)
            self._helper.ring()

    def _look_after(self) -> float | None:
        """Look at the owners that nobody tells of; announce what expired. Returns the seconds until the next look."""
        for life in list(self._polled):
            if life() is None:
                self._polled.discard(life)
                self._reap(life)
        self._drain()
        self._tell_expired()
        return _POLL_SECONDS if self._polled else None

    def _tell_expired(self) -> None:
        while self._expired:
            self._tell("expire", self._expired.popleft().key, 0, "ok")

    def _tell(self, operation: str, key: Hashable, start: int, result: str) -> None:
        telemetry = self._telemetry
        if telemetry is None or not telemetry.active:
            return
        measured = {"duration_ns": perf_counter_ns() - start if start else 0, "count": 1}
        about = {"key": key, "implementation": self.IMPLEMENTATION, "result": result}
        telemetry.execute(("overt", "registry", operation), measured, about)
