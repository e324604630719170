"""A program serves calls under a flag: a new implementation that goes wrong is taken back by itself, once.

What was measured stands in the properties of the suite, in the results as JUnit.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, MigrationControl, SqliteStore, Stage
from overt.runtime import Telemetry
from overt.testing import assert_no_leaks, capture_telemetry, wait_for

ABOUT: dict[str, Any] = {"owner": "overt maintainers", "purpose": "validation", "created": "2026-11-22"}
FLAGS = [Flag(name, until="2027-12-31", **ABOUT) for name in ("first", "second")]
STAGES = [Stage(1, "first", ["first"]), Stage(2, "second", ["second"], risk="high")]
WINDOW = 60.0
"""Seconds that health looks back."""
MONITOR: dict[str, Any] = {"interval": 0.02, "max_error_rate": 0.05, "max_latency_ratio": 2.0, "min_samples": 200}


class Program:
    """Threads that serve calls by the new or the legacy implementation, as the flag says, and announce each call.

    Args:
        path: The store.
    """

    def __init__(self, path: Path) -> None:
        self.telemetry = Telemetry()
        self.flags = FeatureFlags(SqliteStore(path), FLAGS, telemetry=self.telemetry)
        self.control = MigrationControl(self.flags, STAGES, telemetry=self.telemetry)
        self.fails_each = self.slow_by = 0
        self.served = {"new": itertools.count(1), "legacy": itertools.count(1)}
        self.last = {"new": 0, "legacy": 0}
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._serve, args=(number,)) for number in range(3)]

    def start(self) -> None:
        """Begin to serve."""
        for thread in self._threads:
            thread.start()

    def _serve(self, number: int) -> None:
        for call in itertools.count(number):
            if self._stop.wait(0.0002):
                return
            self._call(f"user-{call % 1000}")

    def _call(self, user: str) -> None:
        side = "new" if self.flags.enabled("second", user) else "legacy"
        number = self.last[side] = next(self.served[side])
        failed = side == "new" and self.fails_each and number % self.fails_each == 0
        spent = 100_000 * (1 + (side == "new") * self.slow_by)
        about = {"implementation": side, "result": "error" if failed else "ok"}
        self.telemetry.execute(("shop", "pay"), {"duration_ns": spent}, about)

    def close(self) -> None:
        """Serve no more."""
        self._stop.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        self.control.close()
        self.flags.close()


@pytest.fixture
def measured(
    record_testsuite_property: Callable[[str, object], None], request: pytest.FixtureRequest
) -> Callable[[str, object], None]:
    """Give what keeps a figure with the results of the suite."""
    return lambda name, value: record_testsuite_property(f"{request.node.name}: {name}", value)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """Give a program at half of its last stage, whose monitor runs."""
    made = Program(tmp_path / "flags.sqlite")
    made.control.advance_to(2, percentage=50, by="ann", reason="the second half")
    made.control.start_monitor(**MONITOR)
    made.start()
    yield made
    made.close()


def served(program: Program, calls: int) -> None:
    """Wait until so many more calls of the new implementation were served."""
    before = program.last["new"]
    wait_for(lambda: program.last["new"] >= before + calls, timeout=60)


@pytest.mark.parametrize(("fails_each", "slow_by", "said"), [(10, 0, "% errors"), (0, 4, "x the duration")])
def test_what_goes_wrong_is_taken_back_once_with_evidence(
    program: Program,
    tmp_path: Path,
    measured: Callable[[str, object], None],
    fails_each: int,
    slow_by: int,
    said: str,
) -> None:
    """A tenth of the calls fail, or they take five times as long: within the window, one stage, and it is kept why."""
    served(program, 200)
    assert program.control.status().stage == 2, "all was well until then"
    with capture_telemetry(program.telemetry, ("overt", "migration")) as events:
        program.fails_each, program.slow_by, start = fails_each, slow_by, time.monotonic()
        wait_for(lambda: not program.flags.value("second"), timeout=WINDOW)
        spent = time.monotonic() - start
        before = program.last["new"]
        legacy = program.last["legacy"]
        wait_for(lambda: program.last["legacy"] > legacy + 1000, timeout=60)
        assert program.last["new"] - before <= 3, "only calls that were under way, one a thread"
    assert [event.name[-1] for event in events] == ["automatic"]
    assert program.flags.all() == {"first": True, "second": False}
    move = program.control.history()[-1]
    assert (move.kind, move.old, move.new, move.by) == ("automatic", 2, 1, "overt monitor")
    assert said in move.reason
    change = program.flags.history("second")[-1]
    assert (change.new, change.by, change.reason) == (False, "overt monitor", move.reason)
    program.close()
    with FeatureFlags(SqliteStore(tmp_path / "flags.sqlite"), FLAGS) as later, MigrationControl(later, STAGES) as again:
        assert [each.kind for each in again.history()] == ["advance", "automatic"]
        assert (again.status().stage, later.enabled("second", "user-1")) == (1, False)
    measured("seconds until it was taken back", round(spent, 3))
    measured("why", move.reason)


def test_what_goes_wrong_seldom_is_left_alone(program: Program, measured: Callable[[str, object], None]) -> None:
    """One call of a thousand fails: after some thousands of calls and hundreds of looks it is still on."""
    program.fails_each = 1000
    served(program, 4000)
    assert [move.kind for move in program.control.history()] == ["advance"]
    health = program.control.health()
    assert health is not None
    assert health.error_rate is not None
    assert 0 < health.error_rate < 0.005
    measured("calls", health.samples)
    measured("error rate", round(health.error_rate, 5))


def test_what_gets_well_and_bad_in_turn_is_not_moved_to_and_fro(program: Program) -> None:
    """After it was taken back nobody but a person moves it forward, and the rest stays where it is."""
    program.fails_each = 10
    wait_for(lambda: program.control.status().stage == 1, timeout=WINDOW)
    for fails_each in (0, 2, 0, 2):
        program.fails_each = fails_each
        legacy = program.last["legacy"]
        wait_for(lambda legacy=legacy: program.last["legacy"] > legacy + 300, timeout=60)
    assert [move.kind for move in program.control.history()] == ["advance", "automatic"]


def test_several_processes_go_back_once_between_them(tmp_path: Path) -> None:
    """Four programs on one store see the same failures: one stage, one move, and no program is left behind."""
    with ExitStack() as stack:
        programs = []
        for number in range(4):
            programs.append(Program(tmp_path / "flags.sqlite"))
            stack.callback(programs[-1].close)
            if number == 0:
                programs[0].control.advance_to(2, by="ann")
        for each in programs:
            each.fails_each = 5
            each.control.start_monitor(**MONITOR)
            each.start()
        wait_for(lambda: all(not each.flags.value("second") for each in programs), timeout=WINDOW)
        legacy = [each.last["legacy"] for each in programs]
        wait_for(lambda: all(p.last["legacy"] > old + 200 for p, old in zip(programs, legacy, strict=True)), timeout=60)
        assert [move.kind for move in programs[0].control.history()] == ["advance", "automatic"]
        assert all(each.flags.all() == {"first": True, "second": False} for each in programs)


MONITORED = """
import sys, time
from overt.flags import FeatureFlags, Flag, Health, MigrationControl, SqliteStore, Stage
about = {"owner": "", "purpose": "", "created": "2026-11-22", "until": "2027-12-31"}
stages = [Stage(number, name, [name]) for number, name in enumerate(("first", "second", "third"), 1)]
flags = FeatureFlags(SqliteStore(sys.argv[1]), [Flag(stage.name, **about) for stage in stages])
with flags, MigrationControl(flags, stages, health=lambda: Health(0.5, None, 1000)) as control:
    print("ready", flush=True)
    sys.stdin.readline()
    control.start_monitor(interval=0.001)
    sys.stdin.readline()
"""


def test_monitors_that_decide_at_the_same_moment_go_back_once(tmp_path: Path) -> None:
    """Six processes with the same bad reading, which does not get better: one stage, not six."""
    names = ("first", "second", "third")
    flags = [Flag(name, until="2027-12-31", **ABOUT) for name in names]
    stages = [Stage(number, name, [name]) for number, name in enumerate(names, 1)]
    path = tmp_path / "flags.sqlite"
    with FeatureFlags(SqliteStore(path), flags) as here, MigrationControl(here, stages) as control:
        control.advance_to(3, by="ann")
        command = [sys.executable, "-c", MONITORED, str(path)]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        others = [subprocess.Popen(command, **pipes) for _ in range(6)]
        for each in others:
            assert each.stdout.readline() == "ready\n"
        for each in others:
            each.stdin.write("go\n")
            each.stdin.flush()
        wait_for(lambda: control.status().stage == 2, timeout=20)
        time.sleep(0.3)  # three hundred looks of each
        for each in others:
            each.communicate("end\n", timeout=60)
            assert each.returncode == 0
        assert [move.kind for move in control.history()] == ["advance", "automatic"]


def test_a_monitor_whose_thread_dies_goes_on(tmp_path: Path) -> None:
    """Its look raises SystemExit some times: it is run again, and what goes wrong is still taken back."""
    with assert_no_leaks():
        program = Program(tmp_path / "flags.sqlite")
        program.control.advance_to(2, by="ann")
        deaths = iter([SystemExit, MemoryError, RuntimeError])
        measure = program.control._health  # noqa: SLF001  # where the injury is done

        def injured() -> Any:
            if threading.current_thread().name == "overt-migration":
                for death in deaths:
                    raise death
            return measure()  # type: ignore[misc]

        program.control._health = injured  # noqa: SLF001
        program.fails_each = 5
        program.control.start_monitor(**MONITOR)
        program.start()
        try:
            wait_for(lambda: program.control.status().stage == 1, timeout=WINDOW)
        finally:
            program.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "overt-migration"]
