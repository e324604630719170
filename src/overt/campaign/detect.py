"""What a project is made of, found by looking at it: nothing of it is run or imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from overt.campaign.detect_packages import Layout, find_layout
from overt.campaign.detect_results import find_results
from overt.campaign.detect_tests import TestSetup, find_tests
from overt.campaign.detect_tools import Docs, find_ci, find_docs, find_languages, find_linters
from overt.campaign.tables import read_ini, read_text, read_toml, table

INTERPRETERS = (".venv/bin/python", "venv/bin/python", ".venv/Scripts/python.exe", "venv/Scripts/python.exe")
BUILD_FILES = (
    *("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", "conftest.py", "noxfile.py"),
    *("requirements*.txt", "requirements*.lock", "uv.lock", "poetry.lock", "pdm.lock", "ruff.toml", ".ruff.toml"),
)


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found.

    Args:
        name: Name of the project: what its metadata says, else its folder.
        description: One line from its metadata; may be empty.
        packages: Importable package folders and single modules, relative to the root, POSIX; the last part of each
            (without `.py`) is its import name.
        sources: Globs of packages, tests and build files, as far as they are there.
        python: Interpreter of the project's own environment, relative to the root; empty when it has none.
        tests: Folders and files with tests, relative to the root.
        runner: `pytest`, `unittest`, or empty when there are no tests.
        runner_config: File that configures the runner; may be empty.
        linters: Name of each configured linter and the file that configures it.
        docs: Kind of documentation, its folder and its configuration.
        ci: Name of each CI service and the file or folder that configures it.
        languages: Other languages: name and the file that shows it.
        projects: Folders with a Python project of their own, the root being `""`; more than one in a monorepo.
        results: JUnit XML files that lie there, paths or globs; looked for when nothing is known to run the tests.
    """

    name: str
    description: str
    packages: tuple[str, ...]
    sources: tuple[str, ...]
    python: str
    tests: tuple[str, ...]
    runner: str
    runner_config: str
    linters: dict[str, str]
    docs: Docs
    ci: dict[str, str]
    languages: dict[str, str]
    projects: tuple[str, ...]
    results: tuple[str, ...] = ()


def _metadata(root: Path, files: Sequence[str]) -> tuple[str, str]:
    document = read_toml(root / "pyproject.toml")
    described = table(document, "project") or table(document, "tool.poetry") or table(document, "tool.flit.metadata")
    legacy = read_ini(root / "setup.cfg").get("metadata", {})
    info = read_text(root / "PKG-INFO") if "PKG-INFO" in files else ""
    headers = dict(line.split(": ", 1) for line in info.split("\n\n")[0].splitlines() if ": " in line)
    name = described.get("name") or legacy.get("name") or headers.get("Name") or root.resolve().name or "project"
    text = described.get("description") or legacy.get("description") or headers.get("Summary") or ""
    return " ".join(str(name).split()), " ".join(str(text).split())


def _sources(files: Sequence[str], layout: Layout, tests: TestSetup) -> tuple[str, ...]:
    present = [
        pattern for pattern in BUILD_FILES if any(Path(name).match(pattern) for name in files if "/" not in name)
    ]
    found = [*layout.packages, *tests.paths, *present]
    return tuple(dict.fromkeys(found))


def detect(root: Path, files: Sequence[str]) -> Detected:
    """Look at a project.

    Args:
        root: Its folder.
        files: Its files, relative to the root, POSIX, as `overt.system.files.project_files` gives them.
    """
    layout = find_layout(root, files)
    tests = find_tests(root, files, layout)
    name, description = _metadata(root, files)
    return Detected(
        name=name,
        description=description,
        packages=layout.packages,
        sources=_sources(files, layout, tests),
        python=next((path for path in INTERPRETERS if (root / path).exists()), ""),
        tests=tests.paths,
        runner=tests.runner,
        runner_config=tests.config,
        linters=find_linters(root, files),
        docs=find_docs(root, files),
        ci=find_ci(files),
        languages=find_languages(files),
        projects=layout.projects,
        results=() if tests.runner else find_results(root, files),
    )
