"""What Python does not explain is looked at by memray, in a process of its own, where it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from overt.testing import below
from overt.testing.below import INSTALL, Looking, places, unexplained
from overt.testing.growth import Growth
from overt.testing.slope import Slope

pytest_plugins = ["pytester"]

STAND_IN = """
class Tracker:
    def __init__(self, path):
        self.path = path
    def __enter__(self):
        return self
    def __exit__(self, *error):
        self.path.write_text("looked")

class Record:
    size = 4096
    def stack_trace(self):
        return [("mmap", "<string>", 3), ("work", "native.py", 7)]

class FileReader:
    def __init__(self, path):
        assert path.read_text() == "looked"
    def get_leaked_allocation_records(self, merge_threads):
        return [Record()]
"""

LEAKING = """
import mmap

kept = []

def work():
    pages = mmap.mmap(-1, 16384)
    pages.write(b"x" * 16384)
    kept.append(pages)

def test_it(measure_leaks):
    assert measure_leaks("reads", lambda: None, cycles=5).verdict == "flat"
    found = measure_leaks("maps", work, cycles=5)
    assert found.verdict == "leaks"
    assert found.suspects[0] == "native.py:7", found
    assert not found.note
"""


class Record(NamedTuple):
    """An allocation as memray tells it."""

    size: int
    frames: list[tuple[str, str, int]]

    def stack_trace(self) -> list[tuple[str, str, int]]:
        """Return the frames, the innermost first."""
        return self.frames


def growth(held: float, traced: float | None, verdict: str = "leaks") -> Growth:
    """Return what a check came to."""
    slopes = [None if number is None else Slope(number, number, number) for number in (held, traced)]
    return Growth(verdict, "", held=slopes[0], blocks=None, traced=slopes[1], iterations=1)  # type: ignore[arg-type]


def test_the_test_runs_once_more_with_memray_looking_on(pytester: pytest.Pytester) -> None:
    """A stand-in of the same interface writes and reads the file; the check before it runs as it did."""
    pytester.makepyfile(memray=STAND_IN, test_it=LEAKING)
    result = pytester.runpytest_subprocess("-q", "-p", "no:randomly", "-W", "error")
    result.assert_outcomes(passed=1)


def test_a_test_that_cannot_run_alone_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is named then."""
    monkeypatch.setattr(below, "find_spec", lambda _: True)
    monkeypatch.setattr(below, "unexplained", lambda _: True)
    looking = Looking("test_gone.py::test_it", tmp_path, option="--overt-leak-into")
    assert looking.measure("some", lambda: None, cycles=1).note == "memray could not look on: pytest exited 4"


def test_without_memray_it_says_what_would_tell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And runs nothing else."""
    monkeypatch.setattr(below, "find_spec", lambda _: None)
    monkeypatch.setattr(below, "unexplained", lambda _: True)
    found = Looking("test_it.py::test_it", tmp_path, option="--x").measure("some", lambda: None, cycles=1)
    assert found.note == INSTALL
    assert INSTALL in repr(found)


def test_nobody_is_asked_to_look_while_memray_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the process that was started for another check of the same test."""
    monkeypatch.setattr(below, "unexplained", lambda _: True)
    looking = Looking("test_it.py::test_it", tmp_path, option="--x", told=f"other={tmp_path / 'file'}")
    assert not looking.measure("some", lambda: None, cycles=1).note


def test_only_what_python_does_not_explain_is_looked_at() -> None:
    """Half of it is the limit; what does not leak needs no explanation."""
    assert unexplained(growth(1000, 499))
    assert unexplained(growth(1000, None))
    assert not unexplained(growth(1000, 501))
    assert not unexplained(growth(1000, 0, verdict="inconclusive"))


def test_places_are_lines_outside_this_package_the_largest_first() -> None:
    """Of one line all sizes together; what has no line is left out."""
    ours = below.__file__
    records = [
        Record(10, [("mmap", "<string>", 1), ("a", "/shop/a.py", 3)]),
        Record(30, [("go_on", ours, 9), ("b", f"{Path.cwd()}/b.py", 4)]),
        Record(25, [("a", "/shop/a.py", 3)]),
        Record(99, [("go_on", ours, 9)]),
        Record(99, []),
    ]
    assert places(records) == ("/shop/a.py:3", "b.py:4")
