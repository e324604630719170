"""The workflows that the documentation hands out: no token near a change, artifacts taken as anybody's, ticks kept."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from overt.model import Location, State
from overt.review.checklist import Checklist
from overt.review.markdown import COMMENT, COMMENT_LIMIT, to_markdown
from overt.review.records import Item
from overt.review.rules.workflow_is_safe import faults

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "review-in-ci.md"
GITHUB, COMMENTING, GITLAB = (
    yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
)
OURS, OURS_COMMENTING = (
    yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text()) for name in ("review.yml", "review-comment.yml")
)
SHA = "a" * 40


@pytest.mark.parametrize("workflow", [GITHUB, COMMENTING, OURS, OURS_COMMENTING])
def test_the_workflows_for_github_have_no_fault(workflow: dict[str, Any]) -> None:
    """Pinned, with rights said, nothing of a stranger in a script, none without a time limit."""
    assert faults(workflow) == []
    assert workflow["permissions"] == {}
    assert all(job["timeout-minutes"] <= 30 for job in workflow["jobs"].values())


@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda path: path.name)
def test_no_workflow_of_this_repository_has_a_fault(path: Path) -> None:
    """We are held to what we hold others to."""
    assert faults(yaml.safe_load(path.read_text())) == []


@pytest.mark.parametrize("workflow", [GITHUB, OURS])
def test_the_job_that_reads_a_change_is_given_no_token(workflow: dict[str, Any]) -> None:
    """No step names one, the rights are to read, the checkout keeps no credentials, nothing of the change is run."""
    [job] = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read"}
    assert not re.search(r"token|secrets\.", json.dumps(job), re.IGNORECASE)
    checkouts = [step for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    scripts = "\n".join(step.get("run", "") for step in job["steps"])
    lines = [line for line in scripts.replace("\\\n", " ").splitlines() if " review " in line]
    assert len(lines) == 3
    assert all("--no-run" in line for line in lines)


def test_our_own_workflow_runs_the_program_of_the_base_not_that_of_the_change() -> None:
    """What is installed comes from the commit that the change sets out from; the change is looked at elsewhere."""
    [job] = OURS["jobs"].values()
    tool, change = [step["with"] for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert (tool["ref"], tool["path"]) == ("${{ github.event.pull_request.base.sha }}", "tool")
    assert change["path"] == "change"
    [install] = [step["run"] for step in job["steps"] if "pip install" in step.get("run", "")]
    assert "change" not in install
    assert "--require-hashes" in install


@pytest.mark.parametrize("workflow", [COMMENTING, OURS_COMMENTING])
def test_the_job_that_writes_checks_nothing_out(workflow: dict[str, Any]) -> None:
    """It has a token, and therefore no code of the change."""
    [job] = workflow["jobs"].values()
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert not any("uses" in step for step in job["steps"])
    # What is put into an expression is a number or a hash of the service, never a text of a stranger.
    assert all("${{" not in step.get("run", "") for step in job["steps"])


def test_the_gitlab_job_that_reads_has_no_token_and_the_one_that_writes_no_code() -> None:
    """And it writes for the project's own branches alone."""
    assert "TOKEN" not in str(GITLAB["review"])
    assert str(GITLAB["review"]["script"]).count("--no-run") == 2
    assert GITLAB["review-comment"]["variables"] == {"GIT_STRATEGY": "none"}
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in str(GITLAB["review-comment"]["rules"])


def test_our_workflow_writes_comments_as_the_documented_one_does() -> None:
    """Byte for byte; what is documented is what is run here."""
    assert OURS_COMMENTING == COMMENTING


class Forge:
    """A service that holds open changes and comments, with the pages of both interfaces."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.pulls: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        forge = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                forge.asked.append(("GET", self.path))
                found = forge.pulls if "/pulls?" in self.path else forge.comments
                page = int(self.path.rpartition("page=")[2])
                self._answer(found[(page - 1) * 100 : page * 100])

            def _write(self) -> None:
                forge.asked.append((self.command, self.path))
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
                if self.command == "POST":
                    forge.add(body)
                else:
                    number = int(self.path.rpartition("/")[2])
                    next(one for one in forge.comments if one["id"] == number)["body"] = body
                self._answer({})

            def _answer(self, document: object) -> None:
                data = json.dumps(document).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        for method in ("POST", "PATCH", "PUT"):
            setattr(Handler, f"do_{method}", Handler._write)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def add(self, body: str, login: str = "github-actions[bot]") -> None:
        self.comments.append({"id": len(self.comments) + 1, "user": {"login": login}, "body": body})


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A service with many open changes, one of them for our commit."""
    made = Forge()
    made.pulls = [{"number": number, "head": {"sha": f"{number:040x}"}} for number in range(1, 131)]
    made.pulls[119]["head"]["sha"] = SHA
    made.thread.start()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


def on_github(forge: Forge, folder: Path, text: str | bytes | None) -> str:
    """Run the step that writes; what it says when it fails."""
    (folder / "review").mkdir(exist_ok=True)
    if text is not None:
        (folder / "review/review.md").write_bytes(text if isinstance(text, bytes) else text.encode())
    [job] = COMMENTING["jobs"].values()
    variables = {"API": forge.url, "REPOSITORY": "a/b", "GH_TOKEN": "none", "SHA": SHA}
    return run(job["steps"][1]["run"], folder, variables)


def on_gitlab(forge: Forge, folder: Path, text: str | bytes | None) -> str:
    """Run the script that writes; what it says when it fails."""
    if text is not None:
        (folder / "review.md").write_bytes(text if isinstance(text, bytes) else text.encode())
    [script] = GITLAB["review-comment"]["script"]
    python = re.fullmatch(r"python3 - <<'END'\n(.*)END\n?", script, re.DOTALL)
    assert python is not None
    names = {"CI_API_V4_URL": forge.url, "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "120", "REVIEW_TOKEN": "none"}
    return run(textwrap.dedent(python[1]), folder, names)


def run(script: str, folder: Path, variables: dict[str, str]) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in {**variables, "no_proxy": "*"}.items():
            patch.setenv(name, value)
        try:
            exec(compile(script, "step", "exec"), {})
        except SystemExit as left:
            return left.code if isinstance(left.code, str) else ""
    return ""


def checklist(*digests: str, reason: str = "so?") -> str:
    items = [
        Item(f"question-{number}", f"Q{number} **", State.OPEN, reason, (Location("a@b.py"),), digest=digest)
        for number, digest in enumerate(digests)
    ]
    return to_markdown(Checklist("a...b", 1, 1, 1, tuple(items)), limit=COMMENT_LIMIT)


ONE, TWO, THREE = "1" * 16, "2" * 16, "3" * 16
WRITERS = pytest.mark.parametrize("write", [on_github, on_gitlab])


@WRITERS
def test_one_comment_is_written_and_then_edited_in_place(forge: Forge, tmp_path: Path, write: Any) -> None:
    """The one of the right change, behind whatever others said."""
    for number in range(105):
        forge.add("me too", login=f"person{number}")
    if write is on_github:
        forge.add(f"{COMMENT}\nforged", login="stranger")
    before = len(forge.comments)
    assert write(forge, tmp_path, checklist(ONE)) == ""
    assert write(forge, tmp_path, checklist(TWO)) == ""
    assert len(forge.comments) == before + 1
    assert TWO in forge.comments[-1]["body"]
    paths = {path for method, path in forge.asked if method != "GET"}
    assert any("120" in path for path in paths)
    if write is on_github:
        assert forge.comments[-2]["body"] == f"{COMMENT}\nforged"


@WRITERS
def test_ticks_hold_for_the_same_lines_and_are_reopened_when_they_change(
    forge: Forge, tmp_path: Path, write: Any
) -> None:
    """Also when the service changed the line ends of what a person edited."""
    forge.add(checklist(ONE, TWO, THREE).replace("- [ ]", "- [x]", 2).replace("\n", "\r\n"))
    assert write(forge, tmp_path, checklist(ONE, "f" * 16, THREE)) == ""
    lines = [line for line in forge.comments[0]["body"].splitlines() if line.startswith("- [")]
    assert [line[:5] for line in lines] == ["- [x]", "- [ ]", "- [ ]"]
    assert ["Reopened, because the lines changed" in line for line in lines] == [False, True, False]
    assert write(forge, tmp_path, checklist(ONE, "f" * 16, THREE)) == ""
    assert forge.comments[0]["body"].count("- [x]") == 1
    assert "Reopened" not in forge.comments[0]["body"]


@WRITERS
def test_no_artifact_ticks_a_question_or_calls_anybody(forge: Forge, tmp_path: Path, write: Any) -> None:
    """A tick comes from a person in the comment; mentions and terminal codes are made harmless."""
    forged = checklist(ONE, TWO).replace("- [ ]", "- [X]") + "\n@team \x1b[2J \u202e\n/close\n"
    assert write(forge, tmp_path, forged) == ""
    body = forge.comments[0]["body"]
    assert not re.search(r"^- \[[xX]\]", body, re.MULTILINE)
    assert "@team" not in body
    assert not {"\x1b", "\u202e"} & set(body)
    if write is on_gitlab:
        assert not re.search(r"^\s*/", body, re.MULTILINE)


@WRITERS
@pytest.mark.parametrize(
    "text", [None, "", "# no checklist", b"\xff\xfe", f"{COMMENT}\n{'x' * COMMENT_LIMIT}", "\n" + COMMENT]
)
def test_an_artifact_that_is_no_checklist_is_refused(forge: Forge, tmp_path: Path, write: Any, text: Any) -> None:
    """Nothing is written, and the job fails with the reason."""
    assert "The artifact holds" in write(forge, tmp_path, text)
    assert forge.comments == []


@WRITERS
def test_an_artifact_that_leads_elsewhere_is_refused(forge: Forge, tmp_path: Path, write: Any) -> None:
    """A link could show a file of the machine; a second file is not looked at either."""
    secret = tmp_path / "secret"
    secret.write_text(f"{COMMENT}\nsecret")
    place = tmp_path / "work" / ("review" if write is on_github else "")
    place.mkdir(parents=True)
    (place / "review.md").symlink_to(secret)
    assert "The artifact holds" in write(forge, tmp_path / "work", None)
    if write is on_github:
        (place / "review.md").unlink()
        (place / "more.md").write_text("x")
        assert "The artifact holds" in write(forge, tmp_path / "work", checklist(ONE))
    assert forge.comments == []


def test_a_change_that_is_closed_gets_no_comment(forge: Forge, tmp_path: Path) -> None:
    """The job ends well: there is nothing to do."""
    forge.pulls = forge.pulls[:100]
    assert on_github(forge, tmp_path, checklist(ONE)) == ""
    assert forge.comments == []


@WRITERS
def test_the_largest_checklist_fits_a_comment_after_it_was_made_harmless(
    forge: Forge, tmp_path: Path, write: Any
) -> None:
    """Forges refuse more than 65,536 characters, and each reopened question grows by a sentence."""
    items = tuple(
        Item(
            f"r{number}",
            "Q",
            state,
            "é@x " * 150,
            (Location("@a " * 200),) * 6,
            digest=ONE if state is State.OPEN else "",
        )
        for state in (State.OPEN, State.REFUTED)
        for number in range(40)
    )
    text = to_markdown(Checklist("a...b", 1, 1, 1, items), limit=COMMENT_LIMIT)
    assert 55_000 < len(text.encode()) <= COMMENT_LIMIT
    forge.add(text.replace("- [ ]", "- [x]").replace(ONE, TWO))
    assert write(forge, tmp_path, text) == ""
    body = forge.comments[0]["body"]
    assert body.count("Reopened") >= 5
    assert len(body) <= 65_536


def test_the_step_that_reviews_leaves_a_checklist_and_a_summary(repository, tmp_path: Path) -> None:
    """Its script is run as a shell runs it, on a real change."""
    base = repository.commit({"cart.py": "TAX = 1\n", "tests/test_cart.py": "def test():\n    assert 1\n"})
    head = repository.commit({"cart.py": "TAX = 2\n"})
    [job] = GITHUB["jobs"].values()
    steps = {step["name"]: step["run"] for step in job["steps"] if "name" in step}
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    summary = tmp_path / "summary.md"
    environment = {"PATH": programs, "BASE": base, "HEAD": head, "GITHUB_STEP_SUMMARY": str(summary)}
    status = []
    for name in ("Review", "Fail when something is refuted"):
        done = subprocess.run(
            ["bash", "-e", "-c", steps[name]], cwd=repository.root, env=environment, check=False, capture_output=True
        )
        status.append(done.returncode)
    assert status == [0, 1]
    assert (repository.root / "review.md").read_text().startswith(COMMENT)
    assert "## Refuted" in summary.read_text()
