"""Switched systems whose reads are compared with complete mirrors of both implementations.

A switched system keeps each entry on one side only, so the other side has nothing to compare with. A mirror of each
implementation therefore gets every write too, announces nothing, and answers nobody: a read is answered as without
comparing, and compared with the mirror of the implementation that was not chosen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from typing import Any

from overt.runtime.agent_registry import AgentRegistry
from overt.runtime.compare import Comparison
from overt.runtime.legacy.agent_registry import AgentRegistry as LegacyRegistry
from overt.runtime.legacy.ttl_cache import TTLCache as LegacyCache
from overt.runtime.observation import Observation, Side
from overt.runtime.owners import this_thread
from overt.runtime.registration import Registration
from overt.runtime.registry_reads import Found
from overt.runtime.switch import Pair, Switch
from overt.runtime.switched_cache import SwitchedCache
from overt.runtime.switched_registry import SwitchedRegistry
from overt.runtime.telemetry import Telemetry
from overt.runtime.ttl_cache import TTLCache

_NONE = object()
_SEVERAL = object()
"""Stands for the threads of a key that more than one has written."""

_SPARE = 64


def _beside(
    comparison: Comparison,
    pair: Pair[Any],
    mirrors: Pair[Any],
    real: Callable[[], Any],
    mirrored: Callable[[Any], Any],
    form: Callable[[Any], Any],
    excuse: Callable[[Observation, Observation], object],
) -> Any:
    """Read, and compare with the mirror of the implementation that is not chosen.

    Args:
        comparison: How, and how often.
        pair: The implementations that answer.
        mirrors: Their mirrors.
        real: Reads.
        mirrored: Reads from a mirror.
        form: Makes of a value what is compared of it.
        excuse: Tells of two observations that differ whether that is documented.
    """
    if not comparison.sampled():
        return real()
    if pair.now() is pair.new:
        chosen: Side = "new"
        return comparison.call(real, lambda: mirrored(mirrors.legacy), chosen=chosen, form=form, excuse=excuse)
    return comparison.call(lambda: mirrored(mirrors.new), real, chosen="legacy", form=form, excuse=excuse)


class ComparedRegistry(SwitchedRegistry):
    """A switched registry whose `get`, `lookup`, `list`, and what rests on them, are compared.

    Legacy entries are visible to the registering thread only: what other threads have registered is not compared, and
    a difference about a key that several threads have written is ignored.

    Args:
        switch: True for the new implementation; asked at every call.
        comparison: How, and how often.
        telemetry: Given to both.
    """

    def __init__(self, switch: Switch, comparison: Comparison, *, telemetry: Telemetry | None = None) -> None:
        super().__init__(switch, telemetry=telemetry)
        self.comparison = comparison
        self._mirrors: Pair[Any] = Pair(new=AgentRegistry(), legacy=LegacyRegistry(), switch=switch)
        self._writers: dict[Hashable, object] = {}

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the live entry of a key, or a default."""
        read = super().get
        return self._read(
            lambda: read(key, default), lambda mirror: mirror.get(key, default), _row, lambda: self._differs(key)
        )

    def lookup(self, key: Hashable) -> Registration:
        """Return the live entry of a key.

        Raises:
            NotRegistered: Neither implementation has one.
        """
        read = super().lookup
        found: Registration = self._read(
            lambda: read(key), lambda mirror: mirror.lookup(key), _row, lambda: self._differs(key)
        )
        return found

    def list(self, where: Callable[[Registration], object] | None = None) -> Found:
        """Return the live entries of both; where both have one, that of the chosen implementation."""
        read = super().list
        found: Found = self._read(lambda: read(where), lambda mirror: mirror.list(where), self._rows, self._differing)
        return found

    def _read(
        self,
        real: Callable[[], Any],
        mirrored: Callable[[Any], Any],
        form: Callable[[Any], Any],
        differs: Callable[[], bool],
    ) -> Any:
        # Between two reads an owner may have died, or another thread have written: then a second look agrees.
        return _beside(
            self.comparison, self._pair, self._mirrors, real, mirrored, form, lambda _new, _legacy: not differs()
        )

    def _other(self) -> Any:
        return self._mirrors.both()[1]

    def _differs(self, key: Hashable) -> bool:
        """Tell whether a key that this thread alone has written is not the same on a second look."""
        if self._writers.get(key, _NONE) not in (_NONE, this_thread()):
            return False
        return bool(_row(super().get(key)) != _row(self._other().get(key)))

    def _differing(self) -> bool:
        return bool(self._rows(super().list()) != self._rows(self._other().list()))

    def _rows(self, rows: Found) -> dict[Hashable, Any]:
        here = this_thread()
        return {row.key: _row(row) for row in rows if self._writers.get(row.key) is here}

    def register(
        self, key: Hashable, agent: Any, *, owner: Any = None, metadata: Mapping[str, Any] | None = None
    ) -> None:
        """Enter an agent under a key, in the chosen implementation.

        Raises:
            AlreadyRegistered: Either implementation has a live entry of that key.
        """
        super().register(key, agent, owner=owner, metadata=metadata)
        self._write(key, lambda mirror: mirror.register(key, agent, owner=owner, metadata=metadata))
        if len(self._writers) > 2 * len(self._mirrors.new) + _SPARE:
            self._writers = {kept: self._writers[kept] for kept in self._mirrors.new if kept in self._writers}

    def unregister(self, key: Hashable) -> None:
        """Take a key out of both implementations.

        Raises:
            NotRegistered: Neither has a live entry.
        """
        super().unregister(key)
        self._write(key, lambda mirror: mirror.unregister(key))
        if self._writers.get(key) is not _SEVERAL:
            self._writers.pop(key, None)

    def update_metadata(self, key: Hashable, metadata: Mapping[str, Any]) -> None:
        """Replace the metadata of a live entry, wherever it is.

        Raises:
            NotRegistered: Neither implementation has one.
        """
        super().update_metadata(key, metadata)
        self._write(key, lambda mirror: mirror.update_metadata(key, metadata))

    def _write(self, key: Hashable, write: Callable[[Any], object]) -> None:
        here = this_thread()
        self._writers[key] = here if self._writers.get(key, here) is here else _SEVERAL
        for mirror in self._mirrors.both():
            with suppress(Exception):  # a mirror answers nobody; that it differs is found by the next read
                write(mirror)

    def close(self) -> None:
        """Close both, and their mirrors."""
        super().close()
        for mirror in self._mirrors.both():
            mirror.close()


class ComparedCache(SwitchedCache):
    """A switched cache whose `get` is compared: value with value.

    Each side expires and evicts for itself, and legacy keeps for each thread alone, so that a value which only one of
    them has is ignored.

    Args:
        switch: True for the new implementation; asked at every call.
        comparison: How, and how often.
        ttl: As of `TTLCache`, as everything below.
        maxsize: As of `TTLCache`.
        sweep_interval: As of `TTLCache`.
        clock: As of `TTLCache`.
        telemetry: As of `TTLCache`.
    """

    def __init__(
        self,
        switch: Switch,
        comparison: Comparison,
        ttl: float | None = 600.0,
        maxsize: int | None = None,
        sweep_interval: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        telemetry: Telemetry | None = None,
    ) -> None:
        super().__init__(switch, ttl, maxsize, sweep_interval, clock, telemetry)
        self.comparison = comparison
        new, legacy = (kind(ttl, maxsize, sweep_interval, clock) for kind in (TTLCache, LegacyCache))
        self._mirrors: Pair[Any] = Pair(new=new, legacy=legacy, switch=switch)

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the value of a key, or a default."""
        read = super().get
        found = _beside(
            self.comparison,
            self._pair,
            self._mirrors,
            lambda: read(key, _NONE),
            lambda mirror: mirror.get(key, _NONE),
            lambda value: value,
            lambda new, legacy: new.value is _NONE or legacy.value is _NONE,
        )
        return default if found is _NONE else found

    def set(self, key: Hashable, value: Any, ttl: float | None = None, *, owner: Any = None) -> None:
        """Keep a value on the chosen side, and drop it from the other."""
        super().set(key, value, ttl, owner=owner)
        for mirror in self._mirrors.both():
            mirror.set(key, value, ttl, owner=owner)

    def invalidate(self, key: Hashable) -> bool:
        """Drop a value from both sides; False when there was none."""
        for mirror in self._mirrors.both():
            mirror.invalidate(key)
        return super().invalidate(key)

    def clear(self) -> None:
        """Drop everything."""
        for mirror in self._mirrors.both():
            mirror.clear()
        super().clear()

    def close(self) -> None:
        """Close both, and their mirrors."""
        super().close()
        for mirror in self._mirrors.both():
            mirror.close()


def _row(row: Any) -> Any:
    return (row.key, id(row.agent), dict(row.metadata)) if isinstance(row, Registration) else row
