"""One object owns the life of all systems, and importing the package costs little."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import overt.runtime
from overt.runtime import Runtime, Telemetry
from overt.runtime.runtime import SYSTEMS
from overt.testing import assert_no_leaks, capture_telemetry


class Agent:
    """Something to register."""


@pytest.mark.parametrize("state", [None, True, False])
def test_everything_works_and_is_closed_together(state: bool | None) -> None:
    """With no switch, with all on and with all off; nothing is left behind."""
    telemetry, agent = Telemetry(), Agent()
    switches: dict[str, Any] = {} if state is None else {name: lambda: state for name in SYSTEMS}
    with (
        assert_no_leaks(),
        capture_telemetry(telemetry) as heard,
        Runtime(telemetry=telemetry, switches=switches, events={"flush_interval": 60.0}) as runtime,
    ):
        runtime.registry.register("a", agent)
        runtime.cache.set("b", 1)
        runtime.events.emit_batched(("seen",), 1)
        with runtime.context.with_context({"c": 2}), runtime.tracer.span("order"):
            assert runtime.context.get_context() == {"c": 2}
            assert runtime.registry.lookup("a").agent is agent
        runtime.tracer.start_span("left open")
    assert ("seen",) in {event.name for event in heard}
    assert heard[-1].name in {("seen",), ("overt", "span", "stop")}
    sides = {event.metadata["implementation"] for event in heard if "implementation" in event.metadata}
    assert sides == {"legacy" if state is False else "new"}
    with pytest.raises(RuntimeError, match="closed"):
        runtime.registry.register("b", agent)


def test_a_switch_for_no_system_is_refused() -> None:
    """With the names there are."""
    with pytest.raises(ValueError, match=r"no system 'registri'; known: registry, "):
        Runtime(switches={"registri": lambda: True})


def test_one_system_that_cannot_be_closed_does_not_keep_the_others_open() -> None:
    """All are closed, then the failure is told."""
    runtime = Runtime()
    runtime.tracer = type("Broken", (), {"close": lambda self: 1 / 0})()  # type: ignore[assignment]
    with pytest.raises(ExceptionGroup, match="could not be closed"):
        runtime.close()
    with pytest.raises(RuntimeError, match="closed"):
        runtime.cache.set("a", 1)


def test_everything_exported_is_documented_and_there() -> None:
    """Each public name exists and has a docstring."""
    missing = [name for name in overt.runtime.__all__ if not getattr(overt.runtime, name).__doc__]
    assert missing == []


def test_importing_the_package_loads_nothing_heavy() -> None:
    """No event loop, no typed-record library, no logging, no random numbers: services import it at their start."""
    program = "import sys, overt.runtime; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    heavy = {"asyncio", "msgspec", "logging", "inspect", "dataclasses", "random", "sqlite3", "unittest"}
    plain = subprocess.run([sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True)
    assert heavy & set(done.stdout.split()) - set(plain.stdout.split()) == set()
