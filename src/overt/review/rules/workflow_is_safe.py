"""A workflow changed; it has no new fault: it is valid, pinned, and gives no stranger a way in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from overt.model import Location, State
from overt.review.changes import FileChange
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted
from overt.system.files import select

PATTERNS = (".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml", ".gitlab/*.yml")
_PINNED = re.compile(r"@[0-9a-f]{40}$|^\./|^docker://.+@sha256:[0-9a-f]{64}$")
_STRANGER = re.compile(
    r"\$\{\{[^}]*\b(?:github\.head_ref|github\.event\.(?:[\w.\[\]*]+\.)?"
    r"(?:title|body|message|ref|label|name|email|default_branch|description))\b[^}]*\}\}"
)
_HEAD_OF_STRANGER = re.compile(r"github\.event\.pull_request\.head|github\.head_ref|refs/pull/")


def _tables(value: object) -> Iterator[dict[Any, Any]]:
    """Yield every table in a document, without recursion: its depth is not ours."""
    waiting, seen = [value], set[int]()
    while waiting:
        found = waiting.pop()
        # An anchor may lead back to itself.
        if isinstance(found, dict | list) and id(found) not in seen:
            seen.add(id(found))
            waiting += found.values() if isinstance(found, dict) else found
            if isinstance(found, dict):
                yield found


def _triggers(document: dict[Any, Any]) -> str:
    # YAML 1.1 reads the key `on` as true.
    return str(document.get("on", document.get(True, "")))


def faults(document: object) -> list[str]:
    """Return what is wrong with a workflow of GitHub.

    Args:
        document: The workflow, as YAML gives it.

    Example:
        >>> faults({"on": "push", "permissions": {}, "jobs": {"a": {"steps": [{"uses": "actions/checkout@v5"}]}}})
        ['actions/checkout@v5 is not pinned to a full hash']
    """
    if not isinstance(document, dict) or not isinstance(document.get("jobs"), dict):
        return ["it has no jobs"]
    found = []
    jobs = [job for job in document["jobs"].values() if isinstance(job, dict)]
    if "permissions" not in document and any("permissions" not in job for job in jobs):
        found.append("it does not say which rights its token has")
    stranger = "pull_request_target" in _triggers(document)
    for table in _tables(document["jobs"]):
        uses, run = table.get("uses"), table.get("run")
        if isinstance(uses, str) and not _PINNED.search(uses):
            found.append(f"{uses} is not pinned to a full hash")
        if isinstance(run, str) and (text := _STRANGER.search(run)):
            found.append(f"a script is put together from {text[0]}, which a stranger writes")
        if stranger and isinstance(uses, str) and "checkout" in uses and _HEAD_OF_STRANGER.search(str(table)):
            found.append("pull_request_target checks out what a stranger sent, with the rights of this repository")
    return sorted(set(found))


def _read(data: bytes | None) -> object:
    """Return a workflow as YAML gives it; None when it is none."""
    import yaml  # type: ignore[import-untyped]  # it comes without types, and so do its stubs here

    try:
        return yaml.safe_load((data or b"").decode())
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        return None


def _kind(fault: str) -> str:
    """Return a fault without the version that it is about: another tag of the same action is no other fault."""
    return re.sub(r"@\S+(?= is not pinned)", "", fault)


def _line(source: bytes, fault: str) -> int:
    """Return the first line that shows a fault; 0 when it is one of the whole file."""
    shown = re.match(r"(\S+) is not pinned|a script is put together from (\$\{\{.*\}\})", fault)
    wanted = (shown[1] or shown[2]).encode() if shown else b""
    lines = source.split(b"\n")
    return next((number for number, line in enumerate(lines, start=1) if wanted and wanted in line), 0)


def _told(context: Context, file: FileChange) -> tuple[list[tuple[Location, str]], int]:
    """Return the faults of a workflow that are new, and how many were there before."""
    source = context.changes.after(file) or b""
    document = _read(source)
    if document is None:
        return [(Location(file.path), "it is no YAML")], 0
    if not file.path.startswith(".github/"):
        return [], 0
    former = _read(context.changes.before(file)) if file.existed else None
    known = {_kind(fault) for fault in faults(former)} if isinstance(former, dict) else set()
    found = faults(document)
    new = [fault for fault in found if _kind(fault) not in known]
    return [(Location(file.path, _line(source, fault)), fault) for fault in new], len(found) - len(new)


def prove(context: Context) -> Outcome:
    """Read the changed workflows on both sides; nothing of them is run."""
    present = {file.path: file for file in context.changes.files if file.exists}
    paths = select(present, PATTERNS)
    if not paths:
        return Outcome(None, "no workflow is there that changed")
    places = tuple(Location(path) for path in paths[:5])
    wrong: list[tuple[Location, str]] = []
    old = 0
    try:
        for path in paths:
            new, known = _told(context, present[path])
            wrong += new
            old += known
    except ModuleNotFoundError:
        return Outcome(State.UNCHECKED, "PyYAML is not installed; pip install 'overt[site]'", places)
    if wrong:
        kinds = list(dict.fromkeys(fault for _, fault in wrong))
        more = f"; and {len(kinds) - 5} more" if len(kinds) > 5 else ""
        return Outcome(
            State.REFUTED,
            f"{counted(len(wrong), 'new fault')}: {'; '.join(kinds[:5])}{more}",
            tuple(dict.fromkeys(place for place, _ in wrong)),
        )
    untold = [path for path in paths if not path.startswith(".github/")]
    if untold:
        return Outcome(State.UNCHECKED, f"{untold[0]} is valid YAML; more about GitLab is not known here", places)
    told = f"{counted(len(paths), 'workflow')} changed without a new fault"
    told += f"; {old} that were there before are still there" if old else ""
    return Outcome(State.PROVED, told, command=context.changes.command)


_SAFE = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n"
_PATH = ".github/workflows/ci.yml"

RULE = ReviewRule(
    id="workflow-is-safe",
    title="A changed workflow has no new fault",
    why="A workflow runs with the rights of the repository, also on what strangers send.",
    prove=prove,
    remedy="pin actions by their full hash, say the rights, and hand text of strangers over as environment variables",
    see="docs/explanation/guidelines.md#keep-secrets-out",
    examples=(
        Example("it runs a command", {_PATH: _SAFE}, State.PROVED),
        Example("an action by its tag", {_PATH: _SAFE + "      - uses: actions/checkout@v5\n"}, State.REFUTED),
        Example(
            "a title in a script",
            {_PATH: _SAFE + '      - run: echo "${{ github.event.pull_request.title }}"\n'},
            State.REFUTED,
        ),
        Example("no rights are said", {_PATH: _SAFE.replace("permissions: {}\n", "")}, State.REFUTED),
        Example(
            "a stranger's code with our rights",
            {
                _PATH: _SAFE.replace("on: push", "on: pull_request_target")
                + f"      - uses: actions/checkout@{'0' * 40}\n"
                + "        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n"
            },
            State.REFUTED,
        ),
        Example(
            "a fault that was there before",
            {_PATH: _SAFE + "      - uses: actions/checkout@v5\n"},
            State.PROVED,
            {_PATH: _SAFE + "      - uses: actions/checkout@v4\n"},
        ),
        Example(
            "a fault beside one that was there before",
            {_PATH: _SAFE + "      - uses: actions/checkout@v4\n      - uses: a/b@v1\n"},
            State.REFUTED,
            {_PATH: _SAFE + "      - uses: actions/checkout@v4\n"},
        ),
        Example("it is no YAML", {_PATH: "on: [\n"}, State.REFUTED),
        Example("a pipeline of GitLab", {".gitlab-ci.yml": "a:\n  script: make\n"}, State.UNCHECKED),
        Example("it goes", {"a.py": "x = 1\n"}, None, {"a.py": "x = 1\n", _PATH: "on: [\n"}),
        Example("no workflow changes", {"a.py": "x = 1\n"}, None),
    ),
)
