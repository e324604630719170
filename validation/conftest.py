"""The systems of the runtime as the state of the flags has them: legacy, new, or going to and fro."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags
from overt.flags.switched import NAMES
from overt.runtime import AgentRegistry, Runtime, SampledEvents, Telemetry, Tracer, TTLCache, error_context
from overt.runtime.context_engine import Engine
from overt.runtime.switched_cache import SwitchedCache
from overt.runtime.switched_context import SwitchedContext
from overt.runtime.switched_events import SwitchedEvents
from overt.runtime.switched_registry import SwitchedRegistry
from overt.runtime.switched_tracer import SwitchedTracer
from overt.testing.flag_states import FlagsState

HERE = Path(__file__).parent
FOLLOWING = {"systems", "feature_flags"}
"""Fixtures that are what the state of the flags says: a test without them is the same in every state."""
CALLERS = 1000
"""Keys that calls under a percentage come with, in turn."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a state of the flags, leave out what does not depend on them: the suite itself has run it."""
    if not os.environ.get("OVERT_FLAGS"):
        return
    left_out = [
        item
        for item in items
        if item.path.is_relative_to(HERE) and not FOLLOWING & set(getattr(item, "fixturenames", ()))
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def differences() -> dict[str, str]:
    """Return what legacy does, by the name of each difference that the reference page lists."""
    page = (HERE.parent / "docs/reference/runtime.md").read_text(encoding="utf-8")
    table = page.partition("## Differences between legacy and new")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([\w-]+)` \| (.+?) \|", table, re.MULTILINE))


class Systems:
    """Makes systems as the state of the flags has them; without a state, the new ones alone.

    A flag at a percentage is asked with another key at each call, so that its system goes to and fro all the time.

    Args:
        flags: The flags of this project, held in the state.
        state: The state of the run.
    """

    def __init__(self, flags: FeatureFlags, state: FlagsState) -> None:
        self._flags, self.state = flags, state.name
        self._values = state.values(NAMES.values())

    def side(self, system: str) -> str:
        """Return `new`, `legacy`, or `both` when calls go to and fro."""
        value = self._values.get(NAMES[system], True)
        return {True: "new", False: "legacy"}.get(value, "both") if isinstance(value, bool) else "both"

    def switch(self, system: str) -> Callable[[], bool]:
        """Return what tells whether the new implementation is to be used, asked at each call."""
        name, calls = NAMES[system], itertools.count()
        if self.side(system) != "both":
            return self._flags.switch(name)
        return lambda: self._flags.enabled(name, next(calls) % CALLERS)

    def need(self, *names: str) -> None:
        """Skip a test that rests on a difference between legacy and new, unless the new one is used alone."""
        known = differences()
        for name in names:
            system = {"spans": "tracer"}.get(name.partition("-")[0], name.partition("-")[0])
            if self.side(system) != "new":
                pytest.skip(f"flags {self.state}, {name}: in legacy {known[name]}")

    def registry(self, *, telemetry: Telemetry | None = None) -> AgentRegistry | SwitchedRegistry:
        """Make a registry."""
        made = SwitchedRegistry(self.switch("registry"), telemetry=telemetry) if self.state else None
        return made or AgentRegistry(telemetry=telemetry)

    def cache(self, **options: Any) -> TTLCache | SwitchedCache:
        """Make a cache."""
        return SwitchedCache(self.switch("cache"), **options) if self.state else TTLCache(**options)

    def events(self, telemetry: Telemetry, **options: Any) -> SampledEvents | SwitchedEvents:
        """Make events."""
        if self.state:
            return SwitchedEvents(self.switch("events"), telemetry, **options)
        return SampledEvents(telemetry, **options)

    def tracer(self, telemetry: Telemetry | None = None) -> Tracer | SwitchedTracer:
        """Make a tracer."""
        return SwitchedTracer(self.switch("tracer"), telemetry) if self.state else Tracer(telemetry)

    def context(self) -> Engine:
        """Give the error context."""
        return SwitchedContext(self.switch("context")) if self.state else error_context.ENGINE

    def runtime(self, **options: Any) -> Runtime:
        """Make all of them."""
        switches: Mapping[str, Callable[[], bool]] = {name: self.switch(name) for name in NAMES} if self.state else {}
        return Runtime(switches=switches, **options)


@pytest.fixture
def systems(feature_flags: FeatureFlags, flags_state: FlagsState) -> Systems:
    """Give what makes the systems as the state of the flags has them."""
    return Systems(feature_flags, flags_state)
