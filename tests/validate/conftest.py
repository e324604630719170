"""Small projects that suites are run in."""

import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from overt.campaign import load
from overt.evidence.records import AnyRecord, SuiteRun, TestCase
from overt.system.files import project_files
from overt.validate.context import Choice
from overt.validate.run import Validated, validate
from overt.validate.watcher import Watcher

PYTEST_ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


@dataclass
class Project:
    """A project in a temporary folder."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {**os.environ, **PYTEST_ALONE})

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def campaign(self, suites: str) -> None:
        """Write overt.toml; the tests run in the interpreter that runs this."""
        self.write("overt.toml", f'[project]\nname = "shop"\npython = "{sys.executable}"\n{suites}')

    def run(
        self,
        *,
        watcher: Watcher | None = None,
        cancel: threading.Event | None = None,
        environment: Mapping[str, str] | None = None,
        **choice: object,
    ) -> Validated:
        """Run suites of the project."""
        return validate(
            load(self.root),
            self.root,
            project_files(self.root),
            environment={**self.environment, **(environment or {})},
            choice=Choice(**choice),
            watcher=watcher,
            cancel=cancel,
        )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return an empty project with a suite of tests named `unit`."""
    made = Project(tmp_path / "shop")
    made.root.mkdir()
    made.write("pytest.ini", "[pytest]\n")
    made.campaign('[suites.unit]\nkind = "pytest"\n')
    return made


def state_of(done: Validated, suite: str = "unit") -> str:
    """Return the state of a suite."""
    return next(summary for summary in done.summaries if summary.name == suite).verdict.state.value


def end_of(done: Validated, suite: str = "unit") -> SuiteRun:
    """Return how a suite ended."""
    (end,) = [record for record in done.run.for_suite(suite) if isinstance(record, SuiteRun)]
    return end


def cases_of(done: Validated, suite: str = "unit") -> dict[str, TestCase]:
    """Return the tests of a suite by name."""
    records: list[AnyRecord] = done.run.for_suite(suite)
    return {record.name: record for record in records if isinstance(record, TestCase)}


def alive(pid: int) -> bool:
    """Tell whether a process is there and not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False
