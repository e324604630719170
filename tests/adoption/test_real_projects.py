"""Projects that nobody here wrote are adopted without a single hand edit, with real results on their site."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.network, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Subject:
    """A project on the package index whose source archive carries its tests."""

    name: str
    version: str
    groups: tuple[str, ...]


SUBJECTS = (
    Subject("structlog", "26.1.0", ("tests",)),
    Subject("click", "8.5.1", ("tests",)),
    Subject("svcs", "26.2.0", ("tests",)),
)
OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing of our own environment that would change its result."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_", "COVERAGE"))}
    return subprocess.run([str(part) for part in command], cwd=cwd, env=kept, capture_output=True, text=True)


def must(*command: str | Path, cwd: Path) -> str:
    """Run a command that has to exit with zero and return what it printed."""
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def requirements(project: Path, groups: tuple[str, ...]) -> list[str]:
    """Return what the project itself says its tests need."""
    tables = tomllib.loads((project / "pyproject.toml").read_text())["dependency-groups"]
    return [entry for group in groups for entry in tables[group] if isinstance(entry, str)]


def fetch(subject: Subject, folder: Path) -> Path:
    """Unpack the source archive of a project and give it an environment of its own."""
    wanted = f"{subject.name}=={subject.version}"
    pip = (sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--no-binary", subject.name, wanted)
    done = run(*pip, "--dest", folder / "archive", cwd=folder)
    if done.returncode:
        reason = f"UNCHECKED: the package index does not give {wanted}: {done.stderr.strip()[-300:]}"
        pytest.fail(reason) if os.environ.get("OVERT_TESTS_MUST_RUN") else pytest.skip(reason)
    archive = next((folder / "archive").glob("*.tar.gz"))
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    project = folder / archive.name.removesuffix(".tar.gz")
    venv.create(project / ".venv", with_pip=True)
    python = project / ".venv/bin/python"
    must(python, "-m", "pip", "install", "-qq", "-e", ".", *requirements(project, subject.groups), cwd=project)
    return project


def plain_counts(project: Path) -> dict[str, int]:
    """Return what pytest alone counts."""
    report = run(project / ".venv/bin/python", "-m", "pytest", "-q", "-p", "no:randomly", cwd=project)
    last = report.stdout.strip().splitlines()[-1]
    words = {"errors": "error"}
    found = {words.get(word, word): int(number) for number, word in re.findall(r"(\d+) (\w+)", last)}
    shutil.rmtree(project / ".pytest_cache", ignore_errors=True)
    return {outcome: found.get(outcome, 0) for outcome in OUTCOMES}


def recorded_counts(project: Path) -> dict[str, int]:
    """Return how many tests the ledger holds of each outcome."""
    records = [
        json.loads(line)
        for file in project.glob(".overt/runs/*/records/*.jsonl")
        for line in file.read_text().splitlines()
    ]
    outcomes = [record["outcome"] for record in records if record["kind"] == "test"]
    return {outcome: outcomes.count(outcome) for outcome in OUTCOMES}


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_adoption_without_an_edit(subject: Subject, tmp_path: Path) -> None:
    """`init`, `validate` and `build` give a site with the same outcomes as plain pytest."""
    project = fetch(subject, tmp_path)
    expected = plain_counts(project)
    overt = Path(sys.executable).parent / "overt"

    must(overt, "init", "--yes", cwd=project)
    must(overt, "validate", cwd=project)
    must(overt, "build", cwd=project)

    assert expected["passed"] > 100
    assert recorded_counts(project) == expected
    pages = [page.read_text() for page in (project / "site").rglob("*.html")]
    assert any(f"{expected['passed']:,}" in page or str(expected["passed"]) in page for page in pages)
    assert any(subject.name in page for page in pages)
