"""A newcomer with nothing but the README: from a clone to the site of a project that nobody here wrote."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUBJECT = "svcs==26.2.0"
TESTS = 158
"""How many of its tests pass, as plain pytest counts them."""

LIMIT = 300
"""Seconds from the clone to the site, installation included."""

pytestmark = [pytest.mark.network, pytest.mark.timeout(900)]


def sections(readme: str) -> list[str]:
    """Return the fences of the README's section on one's own project."""
    (section,) = re.findall(r"^## On your own project$(.*?)^## ", readme, re.DOTALL | re.MULTILINE)
    return re.findall(r"```bash\n(.*?)```", section, re.DOTALL)


class Newcomer:
    """Somebody with a home folder, a Python and a network, and no variable that this repository's own tests set."""

    def __init__(self, home: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_", "OVERT_"))}
        self._environment = {**kept, "HOME": str(home)}
        for name in ("PYTHONPATH", "VIRTUAL_ENV"):
            self._environment.pop(name, None)

    def types(self, text: str, where: Path) -> str:
        """Type lines into a shell; return what they print."""
        shell = ("bash", "-euo", "pipefail", "-c", text)
        done = subprocess.run(shell, check=False, cwd=where, env=self._environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{text}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout


def fetched(folder: Path) -> Path:
    """Return the unpacked source archive of the project, in an environment of its own with what its tests need."""
    name = SUBJECT.partition("==")[0]
    pip = (sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--no-binary", name, SUBJECT, "--dest", folder)
    done = subprocess.run(pip, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"UNCHECKED: the package index does not give {SUBJECT}: {done.stderr.strip()[-300:]}")
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def needed(project: Path) -> str:
    """Return what the project itself says its tests need, for a shell."""
    groups = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return shlex.join(entry for entry in groups["tests"] if isinstance(entry, str))


def test_from_a_clone_to_a_site_by_the_readme_alone(tmp_path: Path, record_measure: Callable[..., None]) -> None:
    """Every line is taken from the README; the time includes cloning, installing, the project's tests and its site."""
    began = time.monotonic()
    newcomer, checkout = Newcomer(tmp_path), tmp_path / "overt"
    newcomer.types(f"git clone -q '{ROOT}' '{checkout}'", tmp_path)
    install, use = sections((checkout / "README.md").read_text(encoding="utf-8"))
    newcomer.types(install, checkout)

    project = fetched(tmp_path)
    newcomer.types(f"python3 -m venv .venv && .venv/bin/pip install -qq -e . {needed(project)}", project)
    newcomer.types(use, project)
    seconds = time.monotonic() - began

    assert "svcs" in (project / "site/index.html").read_text(encoding="utf-8")
    report = "".join(page.read_text(encoding="utf-8") for page in (project / "site/validation").rglob("*.html"))
    assert f"{TESTS} passed" in report or f">{TESTS}<" in report
    record_measure("newcomer.path", int(seconds * 1e9), "ns")
    shutil.rmtree(tmp_path)
    assert seconds < LIMIT
