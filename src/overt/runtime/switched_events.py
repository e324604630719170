"""Events that can be switched between their new and their legacy implementation while they are used."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import AbstractContextManager
from typing import Any

from overt.runtime.legacy.sampled_events import SampledEvents as LegacyEvents
from overt.runtime.sampled_events import SampledEvents
from overt.runtime.switch import Pair, Switch
from overt.runtime.switched import Switched
from overt.runtime.telemetry import NOTHING, Name, Telemetry, Values


class SwitchedEvents(Switched):
    """The interface of `SampledEvents` over both implementations.

    An event goes the way the switch says. Items that wait on the other side are announced first, so that the order of
    each writer holds; what was announced once on either side is not announced again on the other.

    Args:
        switch: True for the new implementation; asked at every call.
        telemetry: Given to both.
        prefix: Given to both.
        options: Given to both, see `SampledEvents`.
    """

    def __init__(self, switch: Switch, telemetry: Telemetry, prefix: Name = (), **options: Any) -> None:
        new, legacy = SampledEvents(telemetry, prefix, **options), LegacyEvents(telemetry, prefix, **options)
        self._pair: Pair[SampledEvents] = Pair(new=new, legacy=legacy, switch=switch)

    def emit(self, name: Name, measurements: Values = NOTHING, metadata: Values = NOTHING) -> bool:
        """Announce an event if the sampler says so; returns whether it was announced."""
        return self._pair.now().emit(name, measurements, metadata)

    def emit_once_per(
        self,
        name: Name,
        interval: float,
        measurements: Values = NOTHING,
        metadata: Values = NOTHING,
        key: Hashable = None,
    ) -> bool:
        """Announce an event unless either side announced it less than an interval ago."""
        first, other = self._pair.both()
        if other.has_announced(name, metadata, key):
            return False
        return first.emit_once_per(name, interval, measurements, metadata, key)

    def span(self, name: Name, metadata: Values = NOTHING) -> AbstractContextManager[None]:
        """Announce the begin and the end of a block."""
        return self._pair.now().span(name, metadata)

    def emit_batched(self, name: Name, item: Any) -> bool:
        """Announce an item together with others of its name."""
        first, other = self._pair.both()
        if other.pending:
            other.flush()
        return first.emit_batched(name, item)

    def flush(self) -> None:
        """Announce everything that waits."""
        for side in self._pair.both():
            side.flush()
