"""The commands of the generated workflows, carried out: parts on their own, joined, judged."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from overt.cli.main import main

TESTS = "import pytest\n@pytest.mark.parametrize('n', range(9))\ndef test_(n): assert n != {bad}\n"
FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n[tool.pytest.ini_options]\n',
    ".gitignore": "__pycache__/\n.pytest_cache/\n",
}


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A folder for each job with the project in it; `run` carries out a command there as the service's shell does."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    shim = tmp_path / "bin" / "overt"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from overt.cli.main import entry; entry()" "$@"\n')
    shim.chmod(0o755)
    environment = {**os.environ, "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}"}

    class Machine:
        def make(self, service: str, bad: int = -1) -> Path:
            root = tmp_path / "origin"
            root.mkdir()
            for name, text in {**FILES, "test_a.py": TESTS.format(bad=bad)}.items():
                (root / name).write_text(text)
            assert main(["init", "-C", str(root), "--yes", "--ci", service, "--shards", "2", "--json"]) == 0
            toml = (root / "overt.toml").read_text()
            (root / "overt.toml").write_text(
                toml.replace("[project]\n", f'[project]\npython = "{sys.executable}"\n', 1)
            )
            return root

        def checkout(self, name: str) -> Path:
            return shutil.copytree(tmp_path / "origin", tmp_path / name)

        def run(self, where: Path, command: str, **more: str) -> int:
            shell = ["bash", "-e", "-c", command]
            return subprocess.run(shell, cwd=where, env={**environment, **more}, capture_output=True).returncode

    return Machine()


def test_what_github_would_run(machine, capsys):
    """Uploads and downloads are copies; a failing test fails its part and the whole, and nothing else."""
    root = machine.make("github", bad=7)
    capsys.readouterr()
    jobs = yaml.safe_load((root / ".github/workflows/overt.yml").read_text())["jobs"]
    report = machine.checkout("report")
    seen = []
    for number in jobs["shard"]["strategy"]["matrix"]["shard"]:
        here = machine.checkout(f"shard-{number}")
        (command,) = [each["run"] for each in jobs["shard"]["steps"] if "shard" in each.get("run", "")]
        seen.append(machine.run(here, command.replace("${{ matrix.shard }}", str(number))))
        (kept,) = [
            each["with"] for each in jobs["shard"]["steps"] if "evidence" in each.get("with", {}).get("name", "")
        ]
        (got,) = [each["with"] for each in jobs["report"]["steps"] if "pattern" in each.get("with", {})]
        shutil.copytree(here / kept["path"], report / got["path"] / f"evidence-{number}")
    assert sorted(seen) == [0, 1]
    steps = {each["name"]: each["run"] for each in jobs["report"]["steps"] if "run" in each}
    assert machine.run(report, steps["Join the parts"]) == 0
    assert machine.run(report, steps["Judge the whole"]) == 1
    assert machine.run(report, steps["Tell how long everything took"]) == 0
    assert (report / "durations.json").read_bytes().startswith(b'{"format": 1')


def test_what_gitlab_would_run(machine, capsys):
    """One part is lost on the way: the job that joins says so."""
    root = machine.make("gitlab")
    capsys.readouterr()
    jobs = yaml.safe_load((root / ".gitlab/overt.yml").read_text())
    report = machine.checkout("report")
    for number in ("1", "2"):
        here = machine.checkout(f"shard-{number}")
        told = {"CI_NODE_INDEX": number, "CI_NODE_TOTAL": "2"}
        script = "\n".join(jobs["overt-shard"]["script"])
        assert machine.run(here, script, **told) == 0
        assert machine.run(here, "\n".join(jobs["overt-shard"]["after_script"]), **told) == 0
        shutil.copytree(here / ".overt/parts", report / ".overt/parts", dirs_exist_ok=True)
    lines = [line for line in jobs["overt"]["script"] if "build" not in line]
    shutil.copytree(report, report.with_name("lost"))
    assert machine.run(report, "\n".join(lines)) == 0
    shutil.rmtree(report.with_name("lost") / ".overt/parts/2")
    assert machine.run(report.with_name("lost"), "\n".join(lines)) == 3
