"""A ledger to write in: frozen time, no secrets, a suite called `unit`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from overt.evidence.manifest import Host, Inputs, Plan, PlannedSuite, Subject
from overt.evidence.reader import Run, open_run
from overt.evidence.records import AnyRecord, FindingSeen, Outcome, Scan, SuiteRun, TestCase
from overt.evidence.redact import Redactor
from overt.evidence.writer import RunWriter
from overt.model import Finding, Location, Severity

START_NS = 1_750_000_000_000_000_000
HOST = Host(system="Linux 6", machine="x86_64", python="3.12.1", implementation="CPython", cores=2)


@dataclass
class Clock:
    """Time that passes only when asked."""

    now: int = START_NS

    def now_ns(self) -> int:
        return self.now

    def monotonic_ns(self) -> int:
        return self.now


@dataclass
class Book:
    """Writes runs into the ledger of a project."""

    root: Path
    clock: Clock = field(default_factory=Clock)
    redactor: Redactor = field(default_factory=lambda: Redactor({}))
    writers: list[RunWriter] = field(default_factory=list, repr=False)

    @property
    def store(self) -> Path:
        return self.root / ".overt" / "runs"

    def planned(self, name: str = "unit", kind: str = "pytest", **more: Any) -> PlannedSuite:
        given = {"inputs": Inputs(patterns=("src",), files=0, sha256="0" * 64), **more}
        return PlannedSuite(name=name, suite_kind=kind, **given)

    def start(self, *suites: PlannedSuite, shard: str = "1/1", commit: str = "c0ffee", **more: Any) -> RunWriter:
        writer = RunWriter.start(
            self.store,
            plan=Plan(suites=suites or (self.planned(),), shard=shard),
            subject=Subject(project="shop", commit=commit),
            host=HOST,
            clock=self.clock,
            redactor=self.redactor,
            **more,
        )
        self.writers.append(writer)
        return writer

    def run(
        self, *records: AnyRecord, suites: tuple[PlannedSuite, ...] = (), blobs: tuple[bytes, ...] = (), **more: Any
    ) -> Run:
        """Write a whole run and read it back."""
        self.clock.now += 1_000_000_000
        with self.start(*suites, **more) as writer:
            for blob in blobs:
                writer.blob(blob)
            for record in records:
                writer.add(record)
        return open_run(writer.folder)

    def test(self, name: str = "tests/test_cart.py::test_total", outcome: Outcome = "passed", **more: Any) -> TestCase:
        attempt = more.get("attempt", 1)
        suite = more.pop("suite", "unit")
        given = {
            "id": f"test:{suite}:{name}" + (f"#{attempt}" if attempt > 1 else ""),
            "duration_ns": 1_000_000,
            **more,
        }
        return TestCase(suite=suite, name=name, outcome=outcome, **given)

    def end(self, suite: str = "unit", status: Any = "completed", **more: Any) -> SuiteRun:
        given = {"id": f"suite:{suite}", "duration_ns": 5_000_000, **more}
        return SuiteRun(suite=suite, status=status, **given)

    def scan(self, suite: str = "lint", **more: Any) -> Scan:
        return Scan(**{"id": f"scan:{suite}", "suite": suite, "tool": "ruff", **more})

    def finding(
        self, suite: str = "lint", line: int = 3, severity: Severity = Severity.WARNING, **more: Any
    ) -> FindingSeen:
        finding = Finding(
            rule="F401", message="unused", location=Location("src/a.py", line), severity=severity, tool="ruff"
        )
        return FindingSeen(**{"id": f"finding:{suite}:{line}", "suite": suite, "finding": finding, **more})


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made = Book(tmp_path)
    yield made
    for writer in made.writers:
        writer._stream.close()
