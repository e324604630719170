"""The action and the pre-commit hooks that this repository offers: well-formed, and run as their services run them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from overt.cli.main import main
from overt.cli.verbs import VERBS

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
INSTALL, RUN = ACTION["runs"]["steps"]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
ELIXIR = "defmodule A do\n{}end\n"
STATE = "seen = {}\n\n\ndef remember(key: str) -> None:\n    seen[key] = True\n"


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with source, its test, and a page."""
    root = tmp_path / "shop"
    (root / "tests").mkdir(parents=True)
    (root / "cart.py").write_text("TAX = 1\n")
    (root / "tests/test_cart.py").write_text("def test_tax():\n    assert 1\n")
    (root / "README.md").write_text("# Shop\n\n[The cart](cart.py)\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    git(root, "checkout", "-q", "-b", "work")
    return root


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], **variables}
    # As GitHub runs the steps of a composite action.
    argv = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(argv, cwd=folder, env=environment, capture_output=True, check=False)


def test_the_action_hands_texts_over_as_variables() -> None:
    """Whatever a workflow puts in, no expression stands in a script, and every input is used and described."""
    assert ACTION["runs"]["using"] == "composite"
    given = " ".join(value for step in (INSTALL, RUN) for value in step["env"].values())
    for name, described in ACTION["inputs"].items():
        assert described["description"]
        assert f"${{{{ inputs.{name} }}}}" in given
    assert all("${{" not in step["run"] for step in (INSTALL, RUN))
    assert all(step["shell"] == "bash" for step in (INSTALL, RUN))


@pytest.mark.parametrize(
    ("given", "asked"), [("", "/the action[site,validate]"), ("overt==1.2.3; touch ran", "overt==1.2.3; touch ran")]
)
def test_the_action_installs_its_own_commit_or_what_is_asked_for(tmp_path: Path, given: str, asked: str) -> None:
    """As one word, whatever it holds."""
    programs = tmp_path / "bin"
    programs.mkdir()
    says = '#!/bin/sh\nfor word in "$@"; do echo "$word" >> said; done\n'
    fake = programs / "python"
    fake.write_text(f'{says}mkdir -p "$RUNNER_TEMP/overt-action/bin"\ncp "$0" "$RUNNER_TEMP/overt-action/bin/python"\n')
    fake.chmod(0o755)
    path = os.pathsep.join((str(programs), os.environ["PATH"]))
    more = {"GITHUB_ACTION_PATH": "/the action", "RUNNER_TEMP": str(tmp_path), "REQUIREMENT": given}
    done = bash(INSTALL["run"], tmp_path, **{**more, "PATH": path})
    words = (tmp_path / "said").read_text().splitlines()
    assert words[:2] == ["-m", "venv"], done.stderr
    assert words[-1] == asked
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("verb", "arguments", "status", "told"),
    [
        ("check", "cart.py", 0, ""),
        ("check", "bad.py", 1, "bad.py"),
        ("review", "--no-run --fail-on refuted\n--format github", 1, "Source changed"),
        ("check", "$(touch ran) ; touch ran", 2, "touch"),
        ("rm", "-rf .", 2, "the verb must be"),
    ],
)
def test_the_action_runs_one_of_its_verbs(shop: Path, verb: str, arguments: str, status: int, told: str) -> None:
    """With the exit status of overt; no shell reads what the arguments hold."""
    (shop / "bad.py").write_text(STATE)
    (shop / "cart.py").write_text("TAX = 2\n")
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "two")
    programs = shop.parent / "overt-action" / "bin"
    programs.mkdir(parents=True)
    (programs / "overt").symlink_to(Path(sys.executable).parent / "overt")
    variables = {"VERB": verb, "ARGUMENTS": arguments, "FOLDER": str(shop), "RUNNER_TEMP": str(shop.parent)}
    done = bash(RUN["run"], shop, **variables)
    assert done.returncode == status, done.stderr
    assert told in (done.stdout + done.stderr).decode()
    assert not list(shop.parent.rglob("ran"))


def test_the_hooks_are_well_formed() -> None:
    """Each has what pre-commit asks for, an id of its own, and a verb that there is."""
    assert len({hook["id"] for hook in HOOKS}) == len(HOOKS)
    for hook in HOOKS:
        assert {"id", "name", "description", "entry", "language", "require_serial"} <= set(hook)
        program, verb, *_ = shlex.split(hook["entry"])
        assert (program, hook["language"], verb in VERBS) == ("overt", "python", True)
        assert hook.get("pass_filenames", True) == ("files" in hook or "types" in hook)


@pytest.mark.parametrize(
    ("name", "file", "good", "bad"),
    [
        ("overt-check", "cart.py", "TAX = 3\n", STATE),
        (
            "overt-check-elixir",
            "a.ex",
            "defmodule A do\nend\n",
            "defmodule A do\n  def f, do: Process.put(:a, 1)\nend\n",
        ),
        ("overt-audit", "docs/a.md", "# A\n\n[The cart](../cart.py)\n", "# A\n\n[The cart](gone.py)\n"),
        ("overt-review", "tests/test_cart.py", "def test_tax():\n    assert 2\n", None),
    ],
)
def test_a_hook_passes_what_is_good_and_stops_what_is_not(
    shop: Path, name: str, file: str, good: str, bad: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run as pre-commit runs it: in the repository, with the names of the files behind the entry."""
    hook: dict[str, Any] = next(hook for hook in HOOKS if hook["id"] == name)
    monkeypatch.chdir(shop)
    (shop / "cart.py").write_text("TAX = 2\n")
    for text, status in ((bad, 1), (good, 0)):
        if text is not None:
            (shop / file).parent.mkdir(exist_ok=True)
            (shop / file).write_text(text)
        git(shop, "add", "-A")
        git(shop, "commit", "-q", "--allow-empty", "-m", "two")
        names = [file] if hook.get("pass_filenames", True) else []
        assert main([*shlex.split(hook["entry"])[1:], *names]) == status
