"""No new hidden state."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path

from overt.campaign.checked import checked_paths
from overt.campaign.records import Campaign, HiddenState
from overt.lint import Report, check
from overt.model import Finding, Location, OvertError, State
from overt.review.context import Context
from overt.review.python import python_files
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted
from overt.system.files import project_files, select


def _lint(contents: Mapping[str, bytes], settings: HiddenState) -> Report:
    with tempfile.TemporaryDirectory(prefix="overt-review-") as folder:
        for name, content in contents.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return check(Path(folder), sorted(contents), settings, ratchet=False, whole=False)


def _counts(report: Report) -> dict[tuple[str, str, str, str], int]:
    """Return how often each finding is there; its line does not count, so that moved code is not new."""
    counts: dict[tuple[str, str, str, str], int] = {}
    for seen in report.findings:
        counts[_key(seen.finding)] = counts.get(_key(seen.finding), 0) + seen.places
    return counts


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.location.path, finding.scope, finding.symbol


def _new(head: Report, base: Report) -> list[Finding]:
    """Return what fails and is there more often than before."""
    known, new = _counts(base), []
    for seen in head.findings:
        key = _key(seen.finding)
        if seen.fails and seen.places > known.get(key, 0):
            new.append(seen.finding)
        known[key] = max(known.get(key, 0) - seen.places, 0)
    return new


def _confirmed(new: list[Finding], root: Path, after: Mapping[str, bytes], campaign: Campaign) -> list[Finding]:
    """Return what fails also beside the rest of the project, which may tell that a table is filled at import."""
    paths = sorted({finding.location.path for finding in new})

    def project() -> list[str]:
        return select(project_files(root), checked_paths(campaign))

    report = check(root, paths, campaign.hidden_state, ratchet=False, whole=False, sources=after, project=project)
    failing = {_key(seen.finding) for seen in report.findings if seen.fails}
    return [finding for finding in new if _key(finding) in failing]


def _place(finding: Finding, changed: frozenset[int]) -> Location:
    """Return where to look: the changed line among the places of a finding, else the finding itself."""
    places = [finding.location, *(related.location for related in finding.related)]
    return next((place for place in places if place.line in changed), finding.location)


def prove(context: Context) -> Outcome:
    """Lint both sides and tell what only the new one has."""
    changes = context.changes
    files = python_files(changes)
    if not files:
        return Outcome(None, "no Python file is there after the change")
    after = {file.path: content for file in files if (content := changes.after(file)) is not None}
    # The former content is looked at under the present name: a file that moved has nothing new in it.
    before = {file.path: content for file in files if (content := changes.before(file)) is not None}
    unread = [file.path for file in files if file.path not in after]
    try:
        campaign = context.campaign
        head, base = (_lint(side, campaign.hidden_state) for side in (after, before))
        new = _new(head, base)
        new = _confirmed(new, context.root, after, campaign) if new else new
    except OvertError as error:
        return Outcome(State.UNCHECKED, f"the linter could not run: {error.message}")
    # Quoted, because people copy commands, and a file may be called anything.
    shown = " ".join(shlex.quote(file.path) for file in files[:3])
    command = f"overt check {shown}{' ...' if len(files) > 3 else ''}"
    if new:
        places = tuple(_place(one, changes.lines.get(one.location.path, frozenset())) for one in new[:5])
        told = "; ".join(f"{one.rule} {one.symbol}".strip() for one in new[:5])
        return Outcome(State.REFUTED, f"{counted(len(new), 'new finding')} of hidden state: {told}", places, command)
    unread += [one.path for one in head.unreadable]
    if unread:
        places = tuple(Location(path) for path in unread[:5])
        return Outcome(
            State.UNCHECKED, f"{len(unread)} of {counted(len(files), 'Python file')} cannot be read or parsed", places
        )
    return Outcome(
        State.PROVED, f"{counted(len(files), 'Python file')} checked on both sides, nothing new", command=command
    )


_CLEAN = "def total(prices):\n    return sum(prices)\n"
_SEEN = "seen = []\n\n\ndef total(prices):\n    seen.append(prices)\n    return sum(prices)\n"

RULE = ReviewRule(
    id="no-new-hidden-state",
    title="No new hidden state",
    why="State that nobody passes in is shared by tests, threads and tenants that do not know of each other.",
    prove=prove,
    remedy="give the state an owner, and pass it",
    see="docs/explanation/guidelines.md#give-state-an-owner",
    examples=(
        Example("a function changes and stays clean", {"cart.py": _CLEAN}, State.PROVED, base={"cart.py": "x = 1\n"}),
        Example("a list of the module is filled", {"cart.py": _SEEN}, State.REFUTED, base={"cart.py": _CLEAN}),
        Example("old state moves to another line", {"cart.py": "\n\n" + _SEEN}, State.PROVED, base={"cart.py": _SEEN}),
        Example("old state moves with its file", {"till.py": _SEEN}, State.PROVED, base={"cart.py": _SEEN}),
        Example("a file cannot be parsed", {"cart.py": "def total(:\n"}, State.UNCHECKED, base={"cart.py": _CLEAN}),
        Example("no Python changes", {"README.md": "# Cart\n"}, None),
    ),
)
