"""The workflows that run a project's suites in parts: well-formed, and what they run does what it says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from overt.campaign import load
from overt.campaign.adopt import plan
from overt.campaign.adopt_ci import Wanted
from overt.campaign.adopt_matrix import github_matrix, gitlab_matrix
from overt.campaign.adopt_write import write
from overt.campaign.detect import detect
from overt.campaign.known import Known
from overt.system.files import project_files

COMMANDS = [
    'python -m pip install "overt[site,validate] @ git+https://git.example.org/a\'b"',
    "python -m pip install -e .",
]
CONTEXTS = {"github", "matrix", "steps", "vars"}
KEYS = {
    "job": {"runs-on", "timeout-minutes", "permissions", "strategy", "needs", "if", "steps", "environment"},
    "step": {"name", "uses", "with", "run", "if", "id", "env"},
}


def adopt(root: Path, service: str, shards: int):
    files = project_files(root)
    loaded = load(root, files=files)
    existing = None if loaded.detected else loaded.campaign
    return plan(root, files, detect(root, files), Known(version="1.2.3"), existing, ci=Wanted(service, shards))


def runs(workflow: dict) -> list[str]:
    return [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("shards", [2, 3, 64])
def test_the_workflow_of_github_is_well_formed(shards):
    """Jobs and steps have known keys, what they need exists, rights are named, actions are pinned, shells parse."""
    text = github_matrix(COMMANDS, "site", shards)
    workflow = yaml.safe_load(text)
    assert set(workflow) == {"name", True, "permissions", "concurrency", "jobs"}  # YAML reads `on` as true
    assert workflow["permissions"] == {}
    jobs = workflow["jobs"]
    for job in jobs.values():
        assert not set(job) - KEYS["job"]
        assert {"runs-on", "timeout-minutes", "permissions", "steps"} <= set(job)
        assert job.get("needs", "shard") in jobs
        assert not [step for step in job["steps"] if set(step) - KEYS["step"] or ("run" in step) == ("uses" in step)]
    assert jobs["shard"]["strategy"]["matrix"]["shard"] == list(range(1, shards + 1))
    assert f"--shard ${{{{ matrix.shard }}}}/{shards}" in text
    uses = re.findall(r"uses: (.*)", text)
    assert [use for use in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []
    expressions = re.findall(r"\$\{\{(.*?)\}\}", text)
    assert len(expressions) == text.count("${{") == text.count("}}")
    named = {found for each in expressions for found in re.findall(r"(?<![.\w])([a-z]+)\.", each)}
    assert named <= CONTEXTS
    assert not re.search(r"<[A-Z]+>", text)
    for command in runs(workflow):
        subprocess.run(["bash", "-n", "-c", re.sub(r"\$\{\{.*?\}\}", "1", command)], check=True)


@pytest.mark.parametrize("shards", [2, 64])
def test_the_jobs_of_gitlab_are_well_formed(shards):
    """One job in as many copies as there are parts; what it leaves behind reaches the one that joins."""
    text = gitlab_matrix(COMMANDS, "site", shards)
    jobs = yaml.safe_load(text)
    assert set(jobs) == {".overt", "overt-shard", "overt", "overt-preview", "overt-remember", "pages"}
    assert jobs["overt-shard"]["parallel"] == shards
    assert jobs["overt"]["needs"] == ["overt-shard"]
    assert jobs["overt-shard"]["artifacts"] == {"when": "always", "paths": [".overt/parts"]}
    assert not re.search(r"<[A-Z]+>", text)
    for job in jobs.values():
        for key in ("before_script", "script", "after_script"):
            for command in job.get(key, ()):
                subprocess.run(["bash", "-n", "-c", command], check=True)


@pytest.mark.parametrize(
    ("service", "path"), [("github", ".github/workflows/overt.yml"), ("gitlab", ".gitlab/overt.yml")]
)
def test_an_adopted_project_gets_the_workflow_alone_and_never_twice(tmp_path, service, path):
    """What is there stays, and what to do about it is said."""
    (tmp_path / "test_a.py").write_text("def test_a(): pass\n")
    write(tmp_path, adopt(tmp_path, "github" if service == "gitlab" else "gitlab", 1))
    before = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    adoption = adopt(tmp_path, service, 3)
    assert [change.path for change in adoption.to_write] == [path]
    assert any("OVERT_PUBLISH is true" in note for note in adoption.notes)
    write(tmp_path, adoption)
    assert {each: each.read_bytes() for each in before} == before
    (tmp_path / path).write_text("theirs")
    again = adopt(tmp_path, service, 2)
    assert not again.to_write
    assert again.notes == (
        f"{path} is there already and was left as it is: move it away and run overt init --ci {service} again.",
    )
    assert (tmp_path / path).read_text() == "theirs"


def test_one_part_needs_no_joining(tmp_path):
    """The workflow is the plain one, for the service that was asked for."""
    (tmp_path / ".gitlab-ci.yml").write_text("a: 1\n")
    adoption = adopt(tmp_path, "github", 1)
    (text,) = [change.text for change in adoption.changes if change.path == ".github/workflows/overt.yml"]
    assert list(yaml.safe_load(text)["jobs"]) == ["overt", "remember", "publish"]
