"""Where a project's tests are, and what runs them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from overt.campaign.detect_packages import Layout, join
from overt.campaign.tables import read_ini, read_text, read_toml, table, texts

_FOLDERS = ("tests", "test", "testing", "t")
_TEST_FILE = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py$")
_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class TestSetup:
    """The tests of a project.

    Args:
        paths: Folders and files, relative to the root, POSIX.
        runner: `pytest`, `unittest` or empty.
        config: File that configures pytest; may be empty.
    """

    __test__ = False

    paths: tuple[str, ...]
    runner: str
    config: str


def _pytest_settings(root: Path, folder: str) -> tuple[str, list[str]]:
    """Return the file that configures pytest, by its own order of precedence, and the test paths it names."""
    for name in ("pytest.ini", ".pytest.ini"):
        if (root / folder / name).is_file():
            return join(folder, name), read_ini(root / folder / name).get("pytest", {}).get("testpaths", "").split()
    tool = table(read_toml(root / folder / "pyproject.toml"), "tool.pytest")
    if tool:
        settings = table(tool, "ini_options") or tool
        return join(folder, "pyproject.toml"), texts(settings.get("testpaths"))
    for name, section in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        sections = read_ini(root / folder / name)
        if section in sections:
            return join(folder, name), sections[section].get("testpaths", "").split()
    return "", []


def _holds_tests(files: Sequence[str], path: str) -> bool:
    return any(name == path or name.startswith(f"{path}/") for name in files if name.endswith((".py", ".txt", ".rst")))


def _looked_for(files: Sequence[str], folder: str) -> list[str]:
    found = [join(folder, name) for name in _FOLDERS]
    return [path for path in found if any(name.startswith(f"{path}/") and name.endswith(".py") for name in files)]


def _scattered(files: Sequence[str], layout: Layout) -> list[str]:
    tests = [name for name in files if _TEST_FILE.search(name)]
    inside = [package for package in layout.packages if any(name.startswith(f"{package}/") for name in tests)]
    return inside + [name for name in tests if "/" not in name]


def _uses_unittest(root: Path, files: Sequence[str], paths: Sequence[str]) -> bool:
    """Tell whether the tests are written for unittest alone: they import it and none of them imports pytest."""
    tests = [
        name
        for name in files
        if name.endswith(".py") and any(name == path or name.startswith(f"{path}/") for path in paths)
    ]
    if any(name.endswith("conftest.py") for name in tests):
        return False
    seen = [read_text(root / name) for name in tests[:_LOOKED_AT]]
    plain = [text for text in seen if re.search(r"^def test_", text, re.MULTILINE)]
    pytest = [text for text in seen if re.search(r"^\s*(?:import|from) pytest\b", text, re.MULTILINE)]
    return not plain and not pytest and any(re.search(r"\bunittest\b", text) for text in seen)


def find_tests(root: Path, files: Sequence[str], layout: Layout) -> TestSetup:
    """Find the tests of a project.

    Args:
        root: Its folder.
        files: Its files, relative to the root, POSIX.
        layout: Its packages.
    """
    config, paths = "", list[str]()
    for folder in dict.fromkeys(("", *layout.projects)):
        here, named = _pytest_settings(root, folder)
        known = [path for path in (join(folder, name) for name in named) if _holds_tests(files, path)]
        paths += known or _looked_for(files, folder)
        config = config or here
    paths = list(dict.fromkeys(paths)) or _scattered(files, layout)
    if not paths:
        return TestSetup((), "pytest" if config else "", config)
    runner = "pytest" if config or not _uses_unittest(root, files, paths) else "unittest"
    return TestSetup(tuple(paths), runner, config)
