"""Defects that look green are found and named, and what looks the same without a defect is left alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ALARMS = Path(__file__).parents[1] / "benchmarks" / "alarms.py"

SWALLOWS = """
import time
import pytest

@pytest.mark.timeout(0.2)
def test_waits_in_vain():
    began = time.monotonic()
    try:
        while time.monotonic() < began + 60:
            pass
    except BaseException:
        pass
    assert True
"""
IN_TIME = SWALLOWS.replace("0.2", "600").replace("began + 60", "began")
BLIND = "def test_calls():\n    len('a')\n"
SEEING = "def test_calls():\n    assert len('a') == 1\n"
NONE = "def helper():\n    return 1\n"
PAIRS = {
    "swallowed": (SWALLOWS, "passed although its time limit had passed: swallowed/test_it.py::test_waits_in_vain"),
    "empty": (NONE, "no test left a result"),
}


@pytest.fixture
def validated(tmp_path: Path) -> Callable[[dict[str, str]], dict[str, dict[str, Any]]]:
    """Give what runs one suite for each file of tests, and returns what each came to."""

    def run(files: dict[str, str]) -> dict[str, dict[str, Any]]:
        lines = ["[project]", 'name = "planted"', f'python = "{sys.executable}"']
        for name, text in files.items():
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "test_it.py").write_text(text)
            lines += [f"[suites.{name}]", 'kind = "pytest"', f'args = ["-p", "pytest_timeout", "{name}"]']
        (tmp_path / "overt.toml").write_text("\n".join(lines))
        command = [sys.executable, "-m", "overt", "validate", "-C", str(tmp_path), "--json"]
        alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=alone)
        return {one["name"]: one for one in json.loads(done.stdout)["suites"]}

    return run


def test_what_looks_green_is_named(validated: Any, record_measure: Callable[..., None]) -> None:
    """A test that swallows its time limit, and a suite without a test."""
    found = validated({name: text for name, (text, _) in PAIRS.items()})
    named = [name for name, (_, said) in PAIRS.items() if said in found[name]["reason"]]
    record_measure("planted.named", len(named))
    assert named == list(PAIRS)
    assert (found["swallowed"]["state"], found["empty"]["state"]) == ("refuted", "unchecked")


def test_what_is_green_stays_green(validated: Any) -> None:
    """The same without the defects: a test in time, and a test."""
    found = validated({"swallowed": IN_TIME, "empty": SEEING})
    assert {name: one["state"] for name, one in found.items()} == {"swallowed": "proved", "empty": "proved"}


def test_a_test_without_an_assertion_is_warned_of(tmp_path: Path, validated: Any) -> None:
    """It fails nothing, and is named; one with an assertion is not."""
    found = validated({"blind": BLIND, "seeing": SEEING})
    assert {one["state"] for one in found.values()} == {"proved"}
    lines = [
        json.loads(line)
        for path in (tmp_path / ".overt/runs").glob("*/records/*.jsonl")
        for line in path.read_text().splitlines()
    ]
    assert [line["path"] for line in lines if line["kind"] == "warning"] == ["blind/test_it.py"]


@pytest.mark.parametrize("hogs", [0, 2])
def test_alarms_come_at_defects_alone(hogs: int, record_measure: Callable[..., None]) -> None:
    """A slowdown of 20 % and a leak of a kilobyte are found, in their size; a thing differs not from itself."""
    runs = 2
    command = [sys.executable, str(ALARMS), "--runs", str(runs), "--hogs", str(hogs), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, env=dict(os.environ))
    tally = json.loads(done.stdout)
    told = "beside-hogs" if hogs else "alone"
    record_measure(f"controls.{told}.false-alarms", tally["same_alarms"] + tally["flat_alarms"])
    record_measure(f"controls.{told}.comparisons", 2 * runs)
    record_measure(f"controls.{told}.leak", round(max(tally["leak_bytes"])), "bytes")
    assert (tally["same_alarms"], tally["flat_alarms"], tally["leaks_true"]) == (0, 0, runs)
    assert tally["slow_found"] + tally["slow_not_comparable"] == runs
    assert tally["slow_found"] > 0
