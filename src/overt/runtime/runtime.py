"""Everything a program needs instead of hidden state, with one life cycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from overt.runtime import error_context
from overt.runtime.agent_registry import AgentRegistry
from overt.runtime.closing import Closing
from overt.runtime.compare import Comparison
from overt.runtime.compared import ComparedCache, ComparedRegistry
from overt.runtime.context_engine import Engine
from overt.runtime.sampled_events import SampledEvents
from overt.runtime.switch import Switch
from overt.runtime.switched_cache import SwitchedCache
from overt.runtime.switched_context import SwitchedContext
from overt.runtime.switched_events import SwitchedEvents
from overt.runtime.switched_registry import SwitchedRegistry
from overt.runtime.switched_tracer import SwitchedTracer
from overt.runtime.telemetry import Telemetry
from overt.runtime.tracer import Tracer
from overt.runtime.ttl_cache import TTLCache

SYSTEMS = ("registry", "cache", "context", "events", "tracer")
"""The systems that can be switched."""

COMPARED = ("registry", "cache")
"""The systems whose reads can be compared."""

Options = Mapping[str, Any]


class Runtime(Closing):
    """Builds the systems of this package, hands them out as attributes, and closes them together.

    Args:
        telemetry: Where the systems announce what they do; one of its own by default.
        switches: By name of a system (see `SYSTEMS`), what is true for the new implementation, for example
            `flags.switch("new-registry")`. A system without one is the new implementation alone.
        compare: By name of a switched system, `registry` or `cache`, how its reads are compared: a share from 0 to 1,
            or a `Comparison`; see `comparisons`.
        cache: Options of `TTLCache`.
        events: Options of `SampledEvents`.
        tracer: Options of `Tracer`.

    Raises:
        ValueError: A switch names no system, or a system is to be compared that is not switched or has no comparison.

    Example:
        >>> with Runtime(cache={"ttl": 60.0}) as runtime:
        ...     runtime.cache.set("answer", 42)
        ...     with runtime.tracer.span("order"), runtime.context.with_context({"order": 7}):
        ...         runtime.cache.get("answer"), dict(runtime.context.get_context())
        (42, {'order': 7})
    """

    def __init__(
        self,
        *,
        telemetry: Telemetry | None = None,
        switches: Mapping[str, Switch] | None = None,
        compare: Mapping[str, float | Comparison] | None = None,
        cache: Options | None = None,
        events: Options | None = None,
        tracer: Options | None = None,
    ) -> None:
        chosen = dict(switches or {})
        unknown = sorted(chosen.keys() - set(SYSTEMS))
        if unknown:
            raise ValueError(f"there is no system {unknown[0]!r}; known: {', '.join(SYSTEMS)}")
        self.comparisons = _comparisons(compare or {}, chosen)
        """What compares the reads of a system, by its name."""
        heard = self.telemetry = Telemetry() if telemetry is None else telemetry
        switch = chosen.get
        kept, told, traced = dict(cache or {}), dict(events or {}), dict(tracer or {})
        on = switch("registry")
        self.registry: AgentRegistry | SwitchedRegistry = (
            AgentRegistry(telemetry=heard) if on is None else self._registry(on, heard)
        )
        on = switch("cache")
        self.cache: TTLCache | SwitchedCache = (
            TTLCache(telemetry=heard, **kept) if on is None else self._cache(on, heard, kept)
        )
        on = switch("context")
        self.context: Engine = error_context.ENGINE if on is None else SwitchedContext(on)
        on = switch("events")
        self.events: SampledEvents | SwitchedEvents = (
            SampledEvents(heard, **told) if on is None else SwitchedEvents(on, heard, **told)
        )
        on = switch("tracer")
        self.tracer: Tracer | SwitchedTracer = (
            Tracer(heard, **traced) if on is None else SwitchedTracer(on, heard, **traced)
        )

    def _registry(self, switch: Switch, heard: Telemetry) -> SwitchedRegistry:
        comparison = self.comparisons.get("registry")
        if comparison is None:
            return SwitchedRegistry(switch, telemetry=heard)
        return ComparedRegistry(switch, comparison, telemetry=heard)

    def _cache(self, switch: Switch, heard: Telemetry, kept: Options) -> SwitchedCache:
        comparison = self.comparisons.get("cache")
        if comparison is None:
            return SwitchedCache(switch, telemetry=heard, **kept)
        return ComparedCache(switch, comparison, telemetry=heard, **kept)

    def close(self) -> None:
        """Close every system, the last one built first; one that fails does not keep the others open.

        Raises:
            ExceptionGroup: Some could not be closed.
        """
        errors = []
        for system in (self.tracer, self.events, self.cache, self.registry):
            try:
                system.close()
            except Exception as error:  # noqa: BLE001  # all are closed first, then all failures told
                errors.append(error)
        if errors:
            raise ExceptionGroup("some systems could not be closed", errors)


def _comparisons(asked: Mapping[str, float | Comparison], switches: Mapping[str, Switch]) -> dict[str, Comparison]:
    """Return what compares each system that is to be compared."""
    made = {}
    for system, how in asked.items():
        if system not in COMPARED:
            raise ValueError(f"nothing compares {system!r}; known: {', '.join(COMPARED)}")
        if system not in switches:
            raise ValueError(f"{system} is to be compared and has no switch, so that there is nothing to compare with")
        made[system] = how if isinstance(how, Comparison) else Comparison(system, share=how, pure=True)
        if made[system].later is not None:
            raise ValueError(f"{system} cannot be compared in the background: legacy answers its own thread only")
    return made
