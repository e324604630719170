"""Where memory below Python comes from: memray tells, where it is installed, in a process of its own."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from overt.testing.growth import Growth
from overt.testing.leaking import CYCLES, Leaks, Work, measure_leaks
from overt.testing.suspects import NAMED, is_ours, shown

INSTALL: Final = "install memray to see where memory below Python was allocated"

_SECONDS: Final = 600.0
_POINTS: Final = 20


class Told(NamedTuple):
    """What memray came to: places, or why there are none."""

    places: tuple[str, ...] = ()
    note: str = ""


def unexplained(growth: Growth) -> bool:
    """Tell whether something leaks of which Python's allocators explain less than half.

    Args:
        growth: What the curves of a check come to.
    """
    if growth.verdict != "leaks" or growth.held is None:
        return False
    return growth.traced is None or growth.traced.value < growth.held.value / 2


class Looking:
    """Measures the checks of one test, and has memray look on where Python does not explain what leaks.

    Args:
        test: The test, as pytest names it.
        root: Folder that its name is relative to.
        option: Option that tells pytest to let memray look on.
        told: What that option says in this process, `NAME=FILE`: the check, and where memray is to write.
    """

    def __init__(self, test: str, root: Path, *, option: str, told: str = "") -> None:
        self._test, self._root, self._option = test, root, option
        self._name, _, self._file = told.partition("=")

    def measure(self, name: str, work: Work, **options: Any) -> Leaks:
        """Return what a check comes to; its arguments are those of `overt.testing.leaking.measure_leaks`."""
        if self._name == name:
            import pytest

            let_memray_look(work, options.get("cycles", CYCLES), Path(self._file))
            pytest.exit("memray has looked on", returncode=0)
        found = measure_leaks(name, work, **options)
        if self._name or not unexplained(found.growth):
            return found
        told = self._look(name)
        return replace(found, suspects=tuple(dict.fromkeys([*told.places, *found.suspects])), note=told.note)

    def _look(self, name: str) -> Told:
        """Run the test once more, with memray looking on, and return what was not given back."""
        if find_spec("memray") is None:
            return Told(note=INSTALL)
        from overt.system.process import run_process

        with tempfile.TemporaryDirectory(prefix="overt-") as folder:
            path = Path(folder, "memray.bin")
            pytest = [sys.executable, "-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider"]
            argv = [*pytest, f"{self._option}={name}={path}", self._test]
            done = run_process(argv, cwd=self._root, timeout=_SECONDS)
            if not path.exists():
                return Told(note=f"memray could not look on: pytest exited {done.exit_code}")
            return read_places(path)


def let_memray_look(work: Work, cycles: int, path: Path) -> None:
    """Do something again and again with memray looking on, once it is warm.

    Args:
        work: What is done.
        cycles: Iterations to get warm, and between two points.
        path: File that memray writes.
    """
    memray = _memray()
    for _ in range(cycles):
        work()
    with memray.Tracker(path):
        for _ in range(_POINTS * cycles):
            work()


def read_places(path: Path) -> Told:
    """Return what a file of memray says was not given back: the lines, the largest first.

    Args:
        path: The file.
    """
    memray = _memray()
    try:
        found = places(memray.FileReader(path).get_leaked_allocation_records(merge_threads=True))
    except (OSError, RuntimeError, ValueError) as error:
        return Told(note=f"what memray wrote cannot be read: {error}")
    return Told(found) if found else Told(note="memray saw nothing that was not given back")


def places(records: Iterable[Any]) -> tuple[str, ...]:
    """Return the lines of a project that memory was allocated below, the largest first.

    Args:
        records: Records of memray: `size`, and `stack_trace()` of (function, file, line), the innermost first.
    """
    held: Counter[str] = Counter()
    for record in records:
        frames = ((file, line) for _, file, line in record.stack_trace() if line and not is_ours(file))
        file, line = next(frames, ("", 0))
        if file:
            held[shown(file, line)] += record.size
    return tuple(place for place, _ in held.most_common(NAMED))


def _memray() -> Any:
    import importlib

    return importlib.import_module("memray")  # by name: it is nothing that we depend on
