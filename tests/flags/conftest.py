"""Stores to hold the flags against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, MemoryStore, SqliteStore
from overt.runtime import Telemetry
from overt.testing import FrozenClock


def declared(*names: str, default: bool = False) -> list[Flag]:
    """Return flags of these names."""
    return [
        Flag(name, owner="shop", purpose=f"test {name}", default=default, created="2026-11-22", until="2027-06-30")
        for name in names
    ]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Give each kind of store in turn."""
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "flags.sqlite")


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
def flags(store: Any, telemetry: Telemetry) -> Iterator[FeatureFlags]:
    """Give the flags a, b and long-name over each store."""
    names = declared("a", "b", "long-name")
    with FeatureFlags(store, names, telemetry=telemetry, clock=FrozenClock(1000.0)) as made:
        yield made
