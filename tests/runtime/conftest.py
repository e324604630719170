"""The implementations that one behaviour suite is held against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from overt.runtime import legacy
from overt.runtime.agent_registry import AgentRegistry
from overt.runtime.switched_registry import SwitchedRegistry
from overt.runtime.telemetry import Telemetry

IMPLEMENTATIONS = ("new", "legacy", "switched-new", "switched-legacy")


@pytest.fixture(params=IMPLEMENTATIONS)
def implementation(request: pytest.FixtureRequest) -> str:
    """Give the name of each implementation in turn."""
    return request.param


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
def registry(implementation: str, telemetry: Telemetry) -> Iterator[Any]:
    """Give a registry of each implementation."""
    makers = {
        "new": lambda: AgentRegistry(telemetry=telemetry),
        "legacy": lambda: legacy.AgentRegistry(telemetry=telemetry),
        "switched-new": lambda: SwitchedRegistry(lambda: True, telemetry=telemetry),
        "switched-legacy": lambda: SwitchedRegistry(lambda: False, telemetry=telemetry),
    }
    with makers[implementation]() as made:
        yield made


@pytest.fixture(scope="session")
def differences() -> dict[str, tuple[str, str]]:
    """Give the documented differences: what legacy does and what the new implementation does, by name."""
    page = Path(__file__).parents[2] / "docs" / "reference" / "runtime.md"
    lines = page.read_text(encoding="utf-8").split("## Differences between legacy and new", 1)[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if line.startswith("| `")]
    return {row[0].strip("`"): (row[1], row[2]) for row in rows}
