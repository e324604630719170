"""A document changed, so it was held against code and evidence."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime

from overt.model import Location, State
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule


def _audited(context: Context, pages: list[str]) -> tuple[list[str], list[tuple[Location, str]]]:
    """Return what could not be read, and what does not hold: each with its place."""
    from overt.audit.audit import Inputs, audit
    from overt.audit.claims import judge_all
    from overt.campaign import load
    from overt.evidence.facts import gather
    from overt.evidence.ledger import open_ledger
    from overt.system.clock import SystemClock
    from overt.system.files import project_files

    root, now = context.root, SystemClock().now_ns()
    files = project_files(root)
    loaded = load(root, files=files)
    facts = gather(root, loaded.campaign, open_ledger(root), files=files, now_ns=now)
    today = datetime.fromtimestamp(now // 10**9, UTC).date()
    inputs = Inputs(
        root=root,
        files=files,
        documents=pages,
        campaign=loaded.campaign,
        claims=judge_all(loaded, facts),
        facts=facts,
        today=today,
        declared=False,
    )
    report = audit(inputs)
    wrong = [(one.location, one.text) for one in report.references if one.verdict.state is State.REFUTED]
    wrong += [(one.location, one.text) for one in report.held if one.deciding and one.verdict.state is State.REFUTED]
    wrong += [(one.location, one.name) for one in report.occurrences if one.verdict.state is State.REFUTED]
    wrong += [(one.location, "a number differs") for one in report.contradictions if one.against == "evidence"]
    return [str(problem) for problem in report.skipped], wrong


def prove(context: Context) -> Outcome:
    """Audit the changed documents; nothing is run, imported or fetched."""
    from overt.campaign.documents import documents_of

    present = [file.path for file in context.changes.files if file.exists]
    pages = documents_of(present, context.campaign)
    if not pages:
        return Outcome(None, "no audited document is there that changed")
    places = tuple(Location(path) for path in pages[:5])
    if not context.checked_out:
        return Outcome(State.UNCHECKED, "the reviewed commit does not lie in the folder; check it out", places)
    unread, wrong = _audited(context, pages)
    if wrong:
        told = "; ".join(text for _, text in wrong[:5])
        return Outcome(State.REFUTED, f"{len(wrong)} statements do not hold: {told}", tuple(at for at, _ in wrong[:5]))
    if unread:
        return Outcome(State.UNCHECKED, f"{len(unread)} documents were not read whole: {unread[0]}", places)
    told = f"{len(pages)} documents hold against the code"
    shown = " ".join(shlex.quote(page) for page in pages[:3])
    return Outcome(State.PROVED, told, command=f"overt audit {shown}{' ...' if len(pages) > 3 else ''}")


RULE = ReviewRule(
    id="docs-hold",
    title="What documents say holds",
    why="A page that names what is gone sends every reader the wrong way.",
    prove=prove,
    remedy="mend what `overt audit` tells",
    see="docs/explanation/guidelines.md#tell-users-what-changes-for-them",
    examples=(
        Example("a link leads to a file", {"a.md": "See [b](b.md).\n", "b.md": "# B\n"}, State.PROVED),
        Example("a link leads nowhere", {"a.md": "See [b](b.md).\n"}, State.REFUTED),
        Example("a page larger than what is read", {"a.md": "x\n" * 1_000_001}, State.UNCHECKED),
        Example("no page changes", {"a.py": "x = 1\n"}, None),
    ),
)
