"""Plants tests in a suite's own collection and runs nothing else. PYTEST_DONT_REWRITE: loaded with `-p overt_planted`.

Controls use it, in a copy of the project. It runs inside the interpreter of the project under test (pytest 7 or newer,
on Python 3.8 or newer). OVERT_PLANT names a file that holds the tests and OVERT_PLANT_AS the name they go by. They are
put where the suite's own arguments and settings lead: as a file of their own in the first folder that is collected,
named as the project names its tests, or behind the tests of the first file that is.
"""

from __future__ import annotations

import os
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

MARK = "# Planted by overt; what follows is no part of the project."
NAMES = "overt_planted"
"""What the names of all planted tests hold."""


def file_name(patterns: list[str], stem: str) -> str:
    """Return a name for a file of tests that one of the project's patterns fits."""
    for pattern in patterns:
        if "*" in pattern and "/" not in pattern:
            return pattern.replace("*", stem, 1).replace("*", "")
    raise pytest.UsageError(f"no file of tests can be added: python_files is {', '.join(patterns)}")


def renamed(text: str, patterns: list[str]) -> str:
    """Return the tests with names that the project's `python_functions` fits."""
    usual = f"test_{NAMES}"
    if any(usual.startswith(pattern) or fnmatch(usual, pattern) for pattern in patterns) or not patterns:
        return text
    prefix = patterns[0].rstrip("*").rstrip("_")
    return text.replace(f"def {usual}", f"def {prefix}_{NAMES}")


def write(path: Path, text: str) -> None:
    """Put text in place in one step; a link is replaced, never followed."""
    fresh = path.with_name(path.name + ".overt")
    fresh.write_text(text, encoding="utf-8")
    os.replace(str(fresh), str(path))  # noqa: PTH105 (a link that the path is stays one thing)


def plant(config: pytest.Config, text: str, stem: str) -> Path:
    """Put tests where the suite collects, and return the file that holds them."""
    base = Path(config.invocation_params.dir)
    places = [base / str(arg).split("::")[0] for arg in config.args]
    place = next((path for path in places if path.exists()), None)
    if place is None:
        raise pytest.UsageError(f"there is no place to plant a test: {' '.join(map(str, config.args))}")
    text = renamed(text, list(config.getini("python_functions")))
    if place.is_dir():
        path = place / file_name(list(config.getini("python_files")), f"{NAMES}_{stem}")
        write(path, text)
    else:
        path = place
        before = path.read_text(encoding="utf-8").split(MARK)[0].rstrip("\n")
        write(path, f"{before}\n\n\n{MARK}\n{text}")
    return path.resolve()


class Only:
    """Collects the file with the planted tests alone, and of it the planted tests alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pytest_ignore_collect(self, collection_path: Path) -> Any:
        """Pass over everything else, as early as possible."""
        if collection_path == self.path or collection_path in self.path.parents:
            return None
        if collection_path.name == "__init__.py" and collection_path.parent in self.path.parents:
            return None
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the planted tests."""
        items[:] = [item for item in items if item.path == self.path and NAMES in item.name]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Plant, unless a worker of pytest-xdist is told where that was done."""
    source = os.environ.get("OVERT_PLANT")
    if not source:
        return
    if not hasattr(config, "workerinput"):
        text, stem = Path(source).read_text(encoding="utf-8"), os.environ.get("OVERT_PLANT_AS", "control")
        os.environ["OVERT_PLANTED"] = str(plant(config, text, stem))
    # So few tests cover little, which is no alarm.
    if hasattr(config.option, "cov_fail_under"):
        config.option.cov_fail_under = 0
    config.pluginmanager.register(Only(Path(os.environ["OVERT_PLANTED"])), "overt-only")
