"""What the generated workflows keep, preview and publish, carried out against a real repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from overt.campaign import adopt_hosting
from overt.campaign.adopt_ci import Wanted, workflow
from overt.campaign.detect import detect
from overt.campaign.known import Known
from overt.campaign.loading import load
from overt.evidence.history_file import parse_history
from overt.review.rules.workflow_is_safe import faults
from overt.system.files import project_files

HOSTILE = "$(touch${IFS}owned);`touch${IFS}owned`;'\"&&touch${IFS}owned"
BRANCH = f"refs/heads/{adopt_hosting.BRANCH}"
LINE = '{"run": "%s"}\n'


class Forge:
    """A bare repository that stands for the service, and shells that run steps as the service does."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.url = folder, str(folder / "forge.git")
        programs = folder / "bin"
        programs.mkdir()
        shim = programs / "overt"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from overt.cli.main import entry; entry()" "$@"\n')
        shim.chmod(0o755)
        self.environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@b",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b",
        }
        self.git(folder, "init", "-q", "--bare", "-b", "main", self.url)
        self.git(Path(self.url), "config", "receive.advertisePushOptions", "true")

    def git(self, where: Path, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=where, env=self.environment, capture_output=True, check=True)
        return done.stdout.decode()

    def start(self, where: Path, script: str, **more: str) -> subprocess.Popen[bytes]:
        shell = ["bash", "-e", "-c", script]
        return subprocess.Popen(
            shell, cwd=where, env={**self.environment, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, where: Path, script: str, **more: str) -> tuple[int, str]:
        started = self.start(where, script, **more)
        said, complained = started.communicate()
        return started.returncode, (said + complained).decode()

    def handed_over(self, name: str, lines: str, pages: str = "{}") -> Path:
        """A folder as the job that remembers finds it."""
        place = self.folder / name / ".overt/remember"
        place.mkdir(parents=True)
        (place / "history.jsonl").write_text(lines)
        (place / "pages.json").write_text(pages)
        return self.folder / name

    def kept(self, name: str) -> str:
        return self.git(Path(self.url), "cat-file", "blob", f"{BRANCH}:{name}")

    def told(self, number: int) -> dict[str, str]:
        names = {"LOGIN": "x", "TOKEN": "secret", "COMMIT": "c" * 40, "NUMBER": str(number)}
        return {"FORGE": self.url, **names}


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    """A service without any branch."""
    return Forge(tmp_path)


def generated(root: Path, service: str, shards: int = 1) -> dict[str, Any]:
    """The workflow that a project without anything gets."""
    files = project_files(root)
    campaign = load(root, files=files).campaign
    made = workflow(root, detect(root, files), Known(version="1.2.3"), campaign, Wanted(service, shards))
    assert made is not None
    found: dict[str, Any] = yaml.safe_load(made.text)
    return found


def remember_script(root: Path, service: str) -> str:
    """The script of the job that writes the branch."""
    made = generated(root, service)
    if service == "gitlab":
        return "\n".join(made["overt-remember"]["script"])
    [script] = [step["run"] for step in made["jobs"]["remember"]["steps"] if "run" in step]
    return str(script)


@pytest.mark.parametrize("shards", [1, 3])
def test_only_jobs_without_the_projects_code_may_write(tmp_path: Path, shards: int) -> None:
    """Each job has the rights it needs; where a token is, nothing is checked out, installed or built."""
    made = generated(tmp_path, "github", shards)
    assert faults(made) == []
    rights = {name: job["permissions"] for name, job in made["jobs"].items()}
    assert rights.pop("remember") == {"contents": "write"}
    assert rights.pop("publish") == {"pages": "write", "id-token": "write"}
    assert set(map(str, rights.values())) == {"{'contents': 'read'}"}
    for name, job in made["jobs"].items():
        if name in {"remember", "publish"}:
            assert "github.event_name == 'push'" in job["if"]
            assert not re.search(r"checkout|pip |overt (validate|build)", json.dumps(job))
        else:
            assert not re.search(r"token|secrets\.", json.dumps(job), re.IGNORECASE)
            checkouts = [step for step in job["steps"] if "checkout" in step.get("uses", "")]
            assert [step["with"]["persist-credentials"] for step in checkouts] == [False]
    assert not [step for job in made["jobs"].values() for step in job["steps"] if "${{ github" in step.get("run", "")]


@pytest.mark.parametrize("shards", [1, 3])
def test_what_gitlab_may_write_is_asked_on_the_default_branch_alone(tmp_path: Path, shards: int) -> None:
    """The preview expires, and the jobs with a token fetch no code."""
    made = generated(tmp_path, "gitlab", shards)
    for name in ("overt-remember", "pages"):
        assert made[name]["variables"] == {"GIT_STRATEGY": "none"}
        [rule] = made[name]["rules"]
        assert rule["if"].startswith("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && ")
    preview = made["overt-preview"]
    assert preview["artifacts"] == {"paths": ["site"], "expire_in": "2 weeks"}
    assert preview["environment"]["name"] == "review/$CI_COMMIT_REF_SLUG"
    assert preview["environment"]["auto_stop_in"] == "2 weeks"
    assert "TOKEN" not in str({name: job for name, job in made.items() if name != "overt-remember"})
    for job in made.values():
        for line in job.get("script", ()):
            subprocess.run(["bash", "-n", "-c", line], check=True)


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_the_branch_grows_by_what_is_new(forge: Forge, tmp_path: Path, service: str) -> None:
    """It begins by itself; lines are added once; an older pipeline that ends later leaves the newer list of pages."""
    script = remember_script(tmp_path, service)

    def remember(place: Path, number: int) -> None:
        gitlab = {
            "CI_PROJECT_URL": forge.url.removesuffix(".git"),
            "CI_COMMIT_SHA": "c" * 40,
            "CI_PIPELINE_IID": str(number),
            "CI_JOB_TOKEN": "secret",
        }
        status, said = forge.run(place, script, **(gitlab if service == "gitlab" else forge.told(number)))
        assert status == 0, said
        assert "secret" not in said

    remember(forge.handed_over("one", LINE % "a" + LINE % "b", '{"n": 7}'), 7)
    remember(forge.handed_over("two", LINE % "b" + (LINE % "c").rstrip(), '{"n": 10}'), 10)
    remember(forge.handed_over("late", LINE % "d", '{"n": 9}'), 9)
    assert forge.kept("history.jsonl") == "".join(LINE % name for name in "abcd")
    assert json.loads(forge.kept("pages.json")) == {"n": 10}
    assert forge.git(Path(forge.url), "rev-list", "--count", BRANCH) == "3\n"
    assert forge.git(Path(forge.url), "ls-tree", "--name-only", BRANCH).split() == [
        "history.jsonl",
        "number",
        "pages.json",
    ]


def test_pushes_at_once_lose_nothing(forge: Forge, tmp_path: Path) -> None:
    """Three begin on the same state, the first of them when there is no branch; all lines are there at the end."""
    script = remember_script(tmp_path, "github")
    places = [forge.handed_over(f"job{number}", LINE % number) for number in range(3)]
    started = [forge.start(place, script, **forge.told(number)) for number, place in enumerate(places)]
    said = [one.communicate()[1].decode() for one in started]
    assert [one.returncode for one in started] == [0, 0, 0], said
    assert sorted(forge.kept("history.jsonl").splitlines()) == [f'{{"run": "{number}"}}' for number in range(3)]
    assert forge.git(Path(forge.url), "rev-list", "--count", BRANCH) == "3\n"


def test_a_push_that_comes_second_is_made_again_on_top_of_the_first(forge: Forge, tmp_path: Path) -> None:
    """Another push gets in between fetch and push, every time; nothing of it is lost."""
    script = remember_script(tmp_path, "github")
    assert forge.run(forge.handed_over("first", LINE % "first"), script, **forge.told(1))[0] == 0
    clone = tmp_path / "clone"
    forge.git(tmp_path, "clone", "-q", "-b", adopt_hosting.BRANCH, forge.url, str(clone))
    with (clone / "history.jsonl").open("a") as stream:
        stream.write(LINE % "between")
    forge.git(clone, "commit", "-qam", "between")
    between = forge.git(clone, "rev-parse", "HEAD").strip()
    forge.git(clone, "push", "-q", "origin", "HEAD:refs/heads/other")
    # The script sorts the lines out by awk after it fetched and before it pushes.
    slow = tmp_path / "bin/awk"
    slow.write_text(
        f"#!/bin/sh\ntest -e {tmp_path}/done || git --git-dir={forge.url} update-ref {BRANCH} {between}\n"
        f'touch {tmp_path}/done\nexec {shutil.which("awk")} "$@"\n'
    )
    slow.chmod(0o755)
    status, said = forge.run(forge.handed_over("second", LINE % "second"), script, **forge.told(2))
    assert status == 0, said
    assert forge.kept("history.jsonl") == "".join(LINE % name for name in ("first", "between", "second"))


def test_what_leads_elsewhere_or_is_missing_is_not_kept(forge: Forge, tmp_path: Path) -> None:
    """A link could show a file of the machine; nothing is pushed, and the job says so."""
    script = remember_script(tmp_path, "github")
    place = forge.handed_over("bad", "")
    (place / ".overt/remember/history.jsonl").unlink()
    status, said = forge.run(place, script, **forge.told(1))
    assert (status, "history.jsonl was not handed over" in said) == (1, True)
    (place / ".overt/remember/history.jsonl").symlink_to("/etc/hostname")
    assert forge.run(place, script, **forge.told(1))[0] == 1
    assert forge.git(Path(forge.url), "for-each-ref") == ""


def test_a_service_that_does_not_answer_begins_no_new_history(forge: Forge, tmp_path: Path) -> None:
    """No branch and no answer are not the same."""
    script = remember_script(tmp_path, "github")
    place = forge.handed_over("lost", LINE % "a")
    status, said = forge.run(place, script, **{**forge.told(1), "FORGE": str(tmp_path / "nowhere.git")})
    assert status == 1
    assert "nowhere.git" in said
    assert "kept adding" not in said


CONFIG = "site_name: shop\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [overt]\nuse_directory_urls: false\n"
SHOP = {
    ".gitignore": ".overt/\n/site/\n",
    "mkdocs.yml": CONFIG,
    "docs/start.md": "# Start\n\nIt [works](claim:works).\n",
    "good": "",
    "overt.toml": '[project]\nname = "shop"\n[suites.it]\nkind = "command"\ncommand = ["test", "-e", "good"]\n'
    'inputs = ["good"]\n[claims.works]\nexpect = "suites.it.exit_code == 0"\n',
}


def steps_of(made: dict[str, Any]) -> dict[str, str]:
    """The scripts of the first job by their names."""
    [job] = [job for name, job in made["jobs"].items() if name == "overt"]
    return {step["name"]: step["run"] for step in job["steps"] if "run" in step}


def test_from_the_default_branch_to_the_preview_of_a_change(forge: Forge, tmp_path: Path) -> None:
    """Real commits on a branch with a hostile name: what was proved and is refuted stands in the summary."""
    root = tmp_path / "shop"
    forge.git(tmp_path, "init", "-q", "-b", "main", str(root))
    for name, text in SHOP.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    forge.git(root, "add", ".")
    forge.git(root, "commit", "-qm", "shop")
    forge.git(root, "remote", "add", "origin", forge.url)
    forge.git(root, "push", "-q", "origin", "main")
    steps = steps_of(generated(root, "github"))
    names = ("Run the suites and record evidence", "Take the history of the default branch", "Build the site")
    names = (*names, "Choose what is to be remembered")
    said = [forge.run(root, steps[name]) for name in names]
    assert [status for status, _ in said] == [0, 0, 0, 0], said
    assert forge.run(root, remember_script(root, "github"), **forge.told(1))[0] == 0

    change = tmp_path / "change"
    forge.git(tmp_path, "clone", "-q", forge.url, str(change))
    forge.git(change, "checkout", "-qb", HOSTILE)
    forge.git(change, "rm", "-q", "good")
    forge.git(change, "commit", "-qm", HOSTILE)
    summary = tmp_path / "summary.md"
    told = {"GITHUB_STEP_SUMMARY": str(summary), "SITE": "https://forge.example/artifact"}
    told |= {"GITHUB_HEAD_REF": HOSTILE, "GITHUB_REF_NAME": HOSTILE}
    said = [forge.run(change, steps[name], **told) for name in (*names[:3], "Tell what changed")]
    assert [status for status, _ in said] == [1, 0, 1, 0], said
    text = summary.read_text()
    assert text.startswith("[The site and its evidence](https://forge.example/artifact)\n\n## What changed")
    assert "claim works&#58; proved → refuted" in text
    assert "- start.html\n" in text
    assert "suite it: " not in text
    assert '<a href="../start.html">' in (change / "site/overt/changes.html").read_text()
    held = parse_history((change / ".overt/history.jsonl").read_bytes(), "history")
    assert sorted((one.outcome, one.branch) for one in held.entries) == [("proved", "main"), ("refuted", HOSTILE)]
    assert not list(tmp_path.rglob("owned"))


def test_gitlab_builds_a_preview_of_what_does_not_hold_and_fails(forge: Forge, tmp_path: Path) -> None:
    """The whole script after installing, on a branch; nothing is chosen to be remembered there."""
    root = tmp_path / "shop"
    forge.git(tmp_path, "init", "-q", "-b", HOSTILE, str(root))
    for name, text in SHOP.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    (root / "good").unlink()
    forge.git(root, "add", ".")
    forge.git(root, "commit", "-qm", "shop")
    made = generated(root, "gitlab")
    script = "\n".join(line for line in made["overt"]["script"] if "pip install" not in line)
    told = {"CI_COMMIT_BRANCH": HOSTILE, "CI_COMMIT_REF_NAME": HOSTILE, "CI_DEFAULT_BRANCH": "main"}
    status, said = forge.run(root, f"set -eo pipefail\n{script}", **told)
    assert status == 1, said
    assert "There is no other site to compare with yet" in said
    assert not (root / ".overt/remember").exists()
    assert forge.run(root, "\n".join(made["overt-preview"]["script"]))[0] == 0
    assert not list(tmp_path.rglob("owned"))
