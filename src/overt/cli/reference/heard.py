"""Every event of the library, heard for real: each system is made to announce what it announces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from overt.flags import FeatureFlags, Flag, Guard, Health, MemoryStore, MigrationControl, Stage, StoreError
from overt.runtime import AgentRegistry, SampledEvents, Telemetry, Tracer, TTLCache
from overt.runtime.compare import Comparison
from overt.testing import FrozenClock, wait_for

Fields = tuple[tuple[str, ...], tuple[str, ...]]
"""Names of measurements and of metadata."""

_SECONDS = 60.0


class _Ear:
    """Keeps the names of events and of what they carry."""

    def __init__(self) -> None:
        self.fields: dict[tuple[str, ...], Fields] = {}
        self.telemetry = Telemetry()
        self.telemetry.attach("reference", (), self._hear)

    def _hear(self, name: tuple[str, ...], measurements: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        self.fields.setdefault(name, (tuple(measurements), tuple(metadata)))

    def wait_for(self, *name: str) -> None:
        """Wait until an event of a helper thread was heard."""
        wait_for(lambda: name in self.fields, timeout=_SECONDS)


class _Agent:
    """Something that can be referenced weakly, and dies."""


class _Gone(MemoryStore):
    """A store that is no longer there when somebody looks."""

    def check(self) -> None:
        """Say that it is gone."""
        raise StoreError("the store is gone")


def _registry(ear: _Ear) -> None:
    with AgentRegistry(telemetry=ear.telemetry) as registry:
        clerk, short = _Agent(), _Agent()
        registry.register("clerk", clerk)
        registry.lookup("clerk")
        registry.update_metadata("clerk", {"load": 1})
        registry.unregister("clerk")
        registry.register("short", short)
        del short
        ear.wait_for("overt", "registry", "expire")


def _cache(ear: _Ear) -> None:
    clock = FrozenClock()
    with TTLCache(ttl=1.0, maxsize=1, clock=clock, telemetry=ear.telemetry) as cache:
        cache.get("price")
        cache.set("price", 12)
        cache.get("price")
        cache.set("weight", 3)
        clock.advance(2.0)
        cache.get("weight")
        cache.sweep()
        ear.wait_for("overt", "cache", "expired")


def _spans(ear: _Ear) -> None:
    with Tracer(telemetry=ear.telemetry) as tracer, tracer.span("checkout"):
        pass


def _sampled(ear: _Ear) -> None:
    with SampledEvents(ear.telemetry, ("PREFIX",), batch_size=1) as events:
        with events.span(("NAME",)):
            pass
        events.emit_batched(("BATCHED",), 1)


def _detached(ear: _Ear) -> None:
    import logging

    def fail(*_: object) -> None:
        raise ValueError

    logger = logging.getLogger("overt.telemetry")
    logger.addFilter(_silent)
    try:
        ear.telemetry.attach("broken", ("reference",), fail)
        ear.telemetry.execute(("reference", "fails"))
    finally:
        logger.removeFilter(_silent)
    del ear.fields["reference", "fails"]


def _silent(record: object) -> bool:  # noqa: ARG001
    return False


def _flag(name: str) -> Flag:
    return Flag(name, owner="shop", purpose="the reference", created="2026-11-22", until="2099-01-01")


def _flags(ear: _Ear) -> None:
    import logging

    logger = logging.getLogger("overt.flags")
    logger.addFilter(_silent)
    try:
        flag = _flag("new-cart")  # nobody's: it is asked by what it says of itself, so that no reader of it is missed
        name = flag.name
        with FeatureFlags(MemoryStore(), [flag], telemetry=ear.telemetry) as flags:
            flags.set_percentage(name, 50, by="reference", reason="to hear it")
            flags.enabled(name)
            comparison = Comparison(name, share=1.0, telemetry=ear.telemetry)
            guard = Guard(flags, name, new=lambda: 1, legacy=lambda: 2, compare=comparison, telemetry=ear.telemetry)
            with guard:
                guard()
            comparison.close()
            stages = [Stage(1, "all", [name])]
            sick = Health(1.0, None, 1000)
            with MigrationControl(flags, stages, health=lambda: sick, telemetry=ear.telemetry) as control:
                control.advance_to(1)
                control.rollback_to(0)
                control.advance_to(1)
                control.emergency_rollback("to hear it")
                control.advance_to(1)
                control.start_monitor(interval=0.005)
                ear.wait_for("overt", "migration", "automatic")
        with FeatureFlags(_Gone(), [_flag(name)], telemetry=ear.telemetry) as flags:
            assert flags.problem is not None
    finally:
        logger.removeFilter(_silent)


SYSTEMS: tuple[Callable[[_Ear], None], ...] = (_registry, _cache, _spans, _sampled, _detached, _flags)
"""What makes each system announce its events."""


def heard() -> dict[tuple[str, ...], Fields]:
    """Return the events that were heard: name to the names of measurements and metadata."""
    ear = _Ear()
    for system in SYSTEMS:
        system(ear)
    return dict(sorted(ear.fields.items()))
