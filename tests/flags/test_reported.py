"""What a running program has measured is seen by another process, with its age, and only as long as it counts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, Health, MigrationControl, SqliteStore, Stage
from overt.flags.reported import TOPIC, ReportedHealth, report_health, reported
from overt.runtime import Telemetry
from overt.testing import FrozenClock, wait_for

STAGES = [Stage(1, "one", ["a"]), Stage(2, "two", ["b"], requires=["suite-green", "no-leaks"])]


def announce(telemetry: Telemetry, calls: int, failures: int) -> None:
    """Announce calls of the new implementation, some of which failed."""
    for number in range(calls):
        result = "error" if number < failures else "ok"
        telemetry.execute(("shop",), {"duration_ns": 100}, {"implementation": "new", "result": result})


def test_the_latest_of_each_member_is_kept(store: Any) -> None:
    """In the place of what it told before, by topic; who told nothing for an hour is forgotten; no flag changes."""
    version = store.load().version
    assert store.kept("health") == {}
    store.keep("health", "a", {"at": 1.0, "n": 1})
    store.keep("health", "a", {"at": 2.0, "n": 2})
    store.keep("health", "b", {"at": 3.0})
    store.keep("other", "a", {"at": 4.0})
    assert store.kept("health") == {"a": {"at": 2.0, "n": 2}, "b": {"at": 3.0}}
    store.keep("health", "c", {"at": 3602.5})
    assert set(store.kept("health")) == {"b", "c"}
    assert (store.load().version, store.history()) == (version, [])


def test_a_monitor_tells_what_it_measures_and_another_one_reads_it(store: Any, telemetry: Telemetry) -> None:
    """Its age is said; too old, or from before the last move, it counts as not measured."""
    clock = FrozenClock(10_000.0)
    names = [Flag(name, owner="", purpose="", created="2026-11-22", until="2027-06-30") for name in "ab"]
    with FeatureFlags(store, names, clock=clock) as flags:
        service = MigrationControl(flags, STAGES, telemetry=telemetry, clock=clock)
        moves = lambda: len(service.history())  # noqa: E731
        health = ReportedHealth(flags, max_age=60.0, moves=moves, clock=clock)
        operator = MigrationControl(flags, STAGES, health=health, judge=lambda name: (True, name), clock=clock)
        operator.advance_to(1)
        assert not operator.readiness(2)
        announce(telemetry, 100, 1)
        service.start_monitor(interval=0.005, report_every=0.005)
        wait_for(lambda: reported(flags) and reported(flags)[0].health.samples == 100)
        service.close()
        clock.advance(59)
        assert operator.health() == Health(0.01, None, 100, 59.0)
        said = {check.name: check.why for check in operator.readiness(2).checks}
        assert said["health"] == "1.00 % errors, durations not compared, 100 calls, measured 59 s ago"
        assert operator.readiness(2)
        clock.advance(2)
        assert operator.health() == Health(None, None, 0)
        report_health(flags, Health(0.0, None, 50), moves=1, at=clock())
        assert operator.readiness(2)
        operator.advance_to(2, percentage=50)
        assert operator.health() == Health(None, None, 0)


def test_several_processes_count_together_and_nonsense_is_passed_over(flags: FeatureFlags) -> None:
    """Weighed by their calls; the oldest of them says how old it is."""
    clock = FrozenClock(100.0)
    flags.keep(TOPIC, "one", {"at": 95.0, "moves": 0, **Health(0.0, 1.0, 30)._asdict()})
    flags.keep(TOPIC, "two", {"at": 98.0, "moves": 0, **Health(0.4, 3.0, 10)._asdict()})
    flags.keep(TOPIC, "odd", {"at": 99.0, "moves": "many"})
    flags.keep(TOPIC, "idle", {"at": 99.0, "moves": 0, **Health(None, None, 0)._asdict()})
    health = ReportedHealth(flags, max_age=60.0, moves=lambda: 0, clock=clock)
    assert health() == Health(0.1, 1.5, 40, 5.0)
    assert [one.member for one in reported(flags)] == ["idle", "two", "one"]


def test_what_a_stage_requires_is_judged(flags: FeatureFlags) -> None:
    """By name, with what was seen, those of the stages before it too; what cannot be judged does not hold."""
    verdicts = {"suite-green": (True, "12 tests passed"), "no-leaks": (False, "stale: its inputs changed")}
    stages = [*STAGES, Stage(3, "three", ["long-name"], requires=["suite-green", "unknown"])]
    control = MigrationControl(flags, stages, judge=verdicts.__getitem__)
    claims = [check for check in control.readiness(3).checks if check.name.startswith("claim")]
    assert [(check.name, check.ok, check.why) for check in claims] == [
        ("claim suite-green", True, "12 tests passed"),
        ("claim no-leaks", False, "stale: its inputs changed"),
        ("claim unknown", False, "it failed: KeyError: 'unknown'"),
    ]
    assert [check.name for check in control.readiness(1).checks] == ["order", "health", "rollbacks"]
    alone = MigrationControl(flags, STAGES).readiness(2)
    assert [check.why for check in alone.checks if check.name == "claim no-leaks"] == [
        "nothing here knows the evidence"
    ]


def test_a_store_that_is_gone_stops_no_monitor(tmp_path: Path, telemetry: Telemetry) -> None:
    """It goes on measuring; whoever asks finds nothing measured."""
    names = [Flag(name, owner="", purpose="", created="2026-11-22", until="2027-06-30") for name in "ab"]
    with FeatureFlags(SqliteStore(tmp_path / "f.sqlite"), names) as flags:
        control = MigrationControl(flags, STAGES, telemetry=telemetry)
        control.start_monitor(interval=60.0, report_every=0.0)
        announce(telemetry, 30, 0)
        for path in tmp_path.iterdir():
            path.unlink()
        assert control._watch() == 60.0
        assert ReportedHealth(flags, max_age=60.0, moves=lambda: 0)().samples == 0
        control.close()


SERVICE = """
import sys
from overt.flags import FeatureFlags, Flag, MigrationControl, SqliteStore, Stage
from overt.runtime import Telemetry

def pay(order):
    if order % 50 == 0:
        raise TimeoutError
    return order

telemetry = Telemetry()
flag = Flag("a", owner="", purpose="", created="2026-11-22", until="2027-06-30")
with FeatureFlags(SqliteStore(sys.argv[1]), [flag]) as flags:
    guard = flags.guard("a", new=pay, legacy=lambda order: order, fallback=TimeoutError, telemetry=telemetry)
    with MigrationControl(flags, [Stage(1, "one", ["a"])], telemetry=telemetry) as control:
        control.start_monitor(interval=0.01, report_every=0.01)
        for order in range(200):
            guard(order)
        print("ready", flush=True)
        sys.stdin.readline()
"""


def test_a_service_in_another_process_is_seen(tmp_path: Path) -> None:
    """Two percent of its calls fail, and that is what stands here."""
    path = tmp_path / "flags.sqlite"
    flag = Flag("a", owner="", purpose="", created="2026-11-22", until="2027-06-30")
    with FeatureFlags(SqliteStore(path), [flag]) as flags:
        control = MigrationControl(flags, STAGES[:1])
        control.advance_to(1)
        service = subprocess.Popen([sys.executable, "-c", SERVICE, path], stdin=-1, stdout=-1, text=True)
        with service:
            assert service.stdout is not None
            assert service.stdin is not None
            assert service.stdout.readline() == "ready\n"
            health = ReportedHealth(flags, max_age=60.0, moves=lambda: len(control.history()))
            wait_for(lambda: health().samples == 200, timeout=5)
            assert health().error_rate == pytest.approx(0.02)
            service.stdin.write("\n")
        assert service.returncode == 0
