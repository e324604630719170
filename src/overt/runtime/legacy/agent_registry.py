"""The registry as it was before: each thread keeps its own entries in a `threading.local`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from time import perf_counter_ns
from typing import Any

from overt.runtime.figures import Figures
from overt.runtime.owners import Life, TaskLife
from overt.runtime.registration import AlreadyRegistered, NotRegistered, Registration, frozen, registration
from overt.runtime.registry_reads import Found, RegistryReads
from overt.runtime.telemetry import Telemetry


class _Counts:
    """What one thread has done."""

    __slots__ = ("expired", "registered", "unregistered")

    def __init__(self) -> None:
        self.registered = self.unregistered = self.expired = 0


class _Local(threading.local):
    """What one thread has registered."""

    def __init__(self) -> None:
        self.rows: dict[Hashable, Registration] = {}
        self.counts = _Counts()


def _forgetter(
    rows: dict[Hashable, Registration], counts: _Counts, expired: Callable[[_Counts, Hashable], None]
) -> Callable[[Life], None]:
    def forget(life: Life) -> None:
        row = rows.get(life.key)
        if row is not None and row.life is life:
            del rows[life.key]
            expired(counts, life.key)

    return forget


class AgentRegistry(RegistryReads):
    """The interface of `overt.runtime.AgentRegistry` on hidden state, for rollback and comparison.

    An entry is visible to the thread that registered it, and to no other.

    Args:
        telemetry: Where `("overt", "registry", op)` is announced.
    """

    IMPLEMENTATION = "legacy"

    def __init__(self, *, telemetry: Telemetry | None = None) -> None:
        self._local, self._telemetry, self._closed = _Local(), telemetry, False

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the live entry of a key, or a default."""
        row = self._local.rows.get(key)
        return default if row is None or row.life() is None else row

    def lookup(self, key: Hashable) -> Registration:
        """Return the live entry of a key.

        Raises:
            NotRegistered: There is none in this thread.
        """
        start = perf_counter_ns()
        found: Registration | None = self.get(key)
        self._tell("lookup", key, start, "ok" if found else "not_registered")
        if found is None:
            raise NotRegistered(key)
        return found

    def list(self, where: Callable[[Registration], object] | None = None) -> Found:
        """Return this thread's live entries, those of which `where` is true."""
        rows = [row for row in list(self._local.rows.values()) if row.life() is not None]
        return rows if where is None else [row for row in rows if where(row)]

    def stats(self) -> Figures:
        """Return this thread's figures."""
        local = self._local
        done = {name: getattr(local.counts, name) for name in ("registered", "unregistered", "expired")}
        return Figures(active=len(self), rows=len(local.rows), watchers=0, **done)

    def register(
        self, key: Hashable, agent: Any, *, owner: Any = None, metadata: Mapping[str, Any] | None = None
    ) -> None:
        """Enter an agent under a key, for this thread.

        Raises:
            AlreadyRegistered: This thread has a live entry of that key.
            TypeError: The key cannot be hashed, or the given owner cannot be watched.
        """
        start = perf_counter_ns()
        if self._closed:
            raise RuntimeError("the registry is closed")
        self._purge()
        # The callback holds the thread's own rows and counts: an owner may die in another thread, and with this one,
        # when asking for what is local would make it anew and nobody would ever take it away.
        local = self._local
        row = registration(key, agent, owner, metadata, _forgetter(local.rows, local.counts, self._expire))
        if local.rows.setdefault(key, row) is not row:
            self._tell("register", key, start, "already_registered")
            raise AlreadyRegistered(key)
        if isinstance(row.life, TaskLife):
            row.life.start()
        local.counts.registered += 1
        self._tell("register", key, start, "ok")

    def unregister(self, key: Hashable) -> None:
        """Take this thread's live entry of a key out.

        Raises:
            NotRegistered: There is none in this thread.
        """
        start = perf_counter_ns()
        row = self._local.rows.get(key)
        if row is None or row.life() is None:
            self._tell("unregister", key, start, "not_registered")
            raise NotRegistered(key)
        del self._local.rows[key]
        if isinstance(row.life, TaskLife):
            row.life.cancel()
        self._local.counts.unregistered += 1
        self._tell("unregister", key, start, "ok")

    def update_metadata(self, key: Hashable, metadata: Mapping[str, Any]) -> None:
        """Replace the metadata of a live entry of this thread.

        Raises:
            NotRegistered: There is none in this thread.
        """
        start = perf_counter_ns()
        row = self._local.rows.get(key)
        owner = None if row is None else row()
        if row is None or owner is None:
            self._tell("update", key, start, "not_registered")
            raise NotRegistered(key)
        self._local.rows[key] = row.with_metadata(owner, frozen(metadata))
        self._tell("update", key, start, "ok")

    def close(self) -> None:
        """Take everything of this thread out."""
        self._closed = True
        for row in list(self._local.rows.values()):
            if isinstance(row.life, TaskLife):
                row.life.cancel()
        self._local.rows.clear()

    def _purge(self) -> None:
        """Take out entries whose dead owners nobody told of: other threads and processes."""
        for row in [row for row in self._local.rows.values() if row.life() is None]:
            if self._local.rows.pop(row.key, None) is row:
                self._expire(self._local.counts, row.key)

    def _expire(self, counts: _Counts, key: Hashable) -> None:
        counts.expired += 1
        self._tell("expire", key, perf_counter_ns(), "ok")

    def _tell(self, operation: str, key: Hashable, start: int, result: str) -> None:
        telemetry = self._telemetry
        if telemetry is not None and telemetry.active:
            measured = {"duration_ns": perf_counter_ns() - start, "count": 1}
            about = {"key": key, "implementation": self.IMPLEMENTATION, "result": result}
            telemetry.execute(("overt", "registry", operation), measured, about)
