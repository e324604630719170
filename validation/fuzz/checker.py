"""Has sources checked by a process that is watched, and tells what must hold for every source."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

LIMIT = 60.0
"""Seconds that one file may take, on a machine that has other things to do: most take milliseconds."""
FORMATS = ("json", "text", "github", "sarif", "junit", "gitlab")
WORKER = Path(__file__).with_name("worker.py")
OUR_FAULT = "overt failed on it"
TOO_DEEP = "is nested too deeply to be checked"


class Checker:
    """A worker that is started anew whenever it dies.

    Args:
        folder: Where sources are put.
        limit: Seconds that one file may take.
    """

    def __init__(self, folder: Path, limit: float = LIMIT) -> None:
        self._folder, self._limit = folder, limit
        self._worker: subprocess.Popen[bytes] | None = None
        self.checked = 0

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.kill()
            with suppress(BrokenPipeError):
                self._worker.communicate()
            self._worker = None

    def started(self) -> subprocess.Popen[bytes]:
        """Return the worker."""
        if self._worker is None:
            environment = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
            self._worker = subprocess.Popen(
                [sys.executable, "-P", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment | {"PYTHONUNBUFFERED": "1"},
            )
        return self._worker

    def answer(self, source: bytes, form: str, suffix: str) -> dict[str, object]:
        """Return what a source came to.

        Raises:
            AssertionError: The worker died or took too long.
        """
        path = self._folder / f"fuzzed{suffix}"
        path.write_bytes(source)
        worker = self.started()
        assert worker.stdin is not None
        assert worker.stdout is not None
        with suppress(BrokenPipeError):  # it is dead already: that shows where its answer should be
            worker.stdin.write(json.dumps([str(path), form]).encode() + b"\n")
            worker.stdin.flush()
        with selectors.DefaultSelector() as waiting:
            waiting.register(worker.stdout, selectors.EVENT_READ)
            ready = waiting.select(self._limit)
        line = worker.stdout.readline() if ready else b""
        if not line:
            self.close()
            raise AssertionError("died: the interpreter crashed" if ready else f"hung: more than {self._limit:.0f} s")
        self.checked += 1
        found: dict[str, object] = json.loads(line)
        return found

    def hold(self, source: bytes, form: str = "json", suffix: str = ".py", *, valid: bool = False) -> int:
        """Check a source, hold the answer to what must be true of all, and return the exit status.

        Args:
            source: The source.
            form: Format of the report.
            suffix: Suffix of the file.
            valid: Whether the source is known to be right, so that it has to be read.

        Raises:
            AssertionError: Something is not true; the message names the file that holds the source.
        """
        try:
            return _held(self.answer(source, form, suffix), form, valid=valid)
        except AssertionError as error:
            kept = self._folder / f"failed{suffix}"
            kept.write_bytes(source)
            raise AssertionError(f"{kept} ({form}): {error}") from None


def _held(found: dict[str, object], form: str, *, valid: bool) -> int:
    """Hold an answer to what must be true of all; return the exit status."""
    told, status = str(found["report"]), int(str(found["exit"]))
    assert status in {0, 1, 3}, f"exit status {status}"
    assert found["errors"] == "", found["errors"]
    assert OUR_FAULT not in told, told[-300:]
    if valid:
        assert status != 3 or TOO_DEEP in told, told[-300:]
    if found["compiles"] is not None:
        assert found["compiles"] or status == 3, "the compiler refuses it, yet it counts as checked"
        assert not found["compiles"] or status != 3 or TOO_DEEP in told, told[-300:]
    _hold_report(told, form, status)
    return status


def _hold_report(told: str, form: str, status: int) -> None:
    """Hold a report to its format and to the exit status."""
    if form == "json":
        report = json.loads(told)
        assert report["exit"] == status
        assert report["files"] + len(report["unreadable"]) == 1
        failing = [f for f in report["findings"] if f["standing"] == "new" and f["severity"] != "note"]
        assert status == (1 if failing else 3 if report["unreadable"] else 0)
    elif form in {"sarif", "gitlab"}:
        json.loads(told)
    elif form == "junit":
        ET.fromstring(told)
    else:
        assert all(character.isprintable() or character in "\n\t" for character in told)
