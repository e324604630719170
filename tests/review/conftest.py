"""Real git repositories, built in a temporary folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from overt.campaign import load
from overt.evidence.begin import begin_run
from overt.evidence.inputs import measure_inputs, settings_digest
from overt.evidence.manifest import Plan, PlannedSuite
from overt.evidence.records import AnyRecord, SuiteRun
from overt.review.changes import Changes
from overt.review.read_changes import read_changes
from overt.review.records import Example
from overt.review.span import read_span
from overt.system.clock import SystemClock
from overt.system.git import git_files


class Repository:
    """A repository that commits are made in.

    Args:
        root: Its folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, root: Path | None = None) -> str:
        """Run git as a user of no configuration; what it prints."""
        who = {f"GIT_{role}_{what}": "x@y.z" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=root or self.root,
            env=environment,
            check=True,
            capture_output=True,
        )
        return done.stdout.decode().strip()

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files; None deletes one."""
        for name, content in files.items():
            path = self.root / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes | None] | None = None) -> str:
        """Write files and commit everything; the hash."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        return self.git("rev-parse", "HEAD")

    def leave(self, suite: str, records: tuple[AnyRecord, ...], *, kind: str = "command") -> None:
        """Leave a run of a suite on the work tree as it is, in a ledger that git does not see."""
        (self.root / ".git" / "info" / "exclude").write_text(".overt/\n")
        inputs = measure_inputs(self.root, git_files(self.root) or [], ("a.py",))
        campaign = load(self.root).campaign
        known = campaign.suites.get(suite)
        settings = settings_digest(known, campaign.hidden_state) if known else ""
        planned = PlannedSuite(name=suite, suite_kind=kind, inputs=inputs, settings_sha256=settings)
        plan = Plan(suites=(planned,))
        with begin_run(self.root, "shop", plan, environment={}, clock=SystemClock()) as writer:
            for record in records:
                writer.add(record)
            writer.add(SuiteRun(id=f"suite:{suite}", suite=suite, status="completed"))

    def example(self, example: Example) -> Changes:
        """Commit an example, leave what it says was recorded, and read the difference."""
        self.commit({"README.md": "# Here\n", **example.base})
        gone = {name: None for name in example.base if name not in example.head}
        self.commit({**example.head, **gone})
        for suite, records in example.ran.items():
            self.leave(suite, records, kind=suite if suite in {"rehearsal", "training"} else "command")
        return self.changes()

    def changes(self, given: str = "HEAD~1...HEAD") -> Changes:
        """Read the difference of a range."""
        return read_changes(self.root, read_span(self.root, given))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository."""
    return Repository(tmp_path / "repository")


@pytest.fixture
def make_repository(tmp_path: Path) -> Callable[[str], Repository]:
    """Make further repositories by name."""
    return lambda name: Repository(tmp_path / name)
