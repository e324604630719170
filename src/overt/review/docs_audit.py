"""Holds the documents that a change touches against code and evidence; nothing is run, imported or fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from overt.model import Location, State


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit of some documents came to.

    Args:
        unread: What could not be read.
        wrong: What does not hold, each with its place.
    """

    unread: tuple[str, ...]
    wrong: tuple[tuple[Location, str], ...]


def audit_documents(folder: Path, pages: list[str]) -> Audited:
    """Audit documents where they lie.

    Args:
        folder: The project.
        pages: The documents, relative to it, POSIX.
    """
    from overt.audit.audit import Inputs, audit
    from overt.audit.claims import judge_all
    from overt.campaign import load
    from overt.evidence.facts import gather
    from overt.evidence.ledger import open_ledger
    from overt.system.clock import SystemClock
    from overt.system.files import project_files

    now = SystemClock().now_ns()
    files = project_files(folder)
    loaded = load(folder, files=files)
    facts = gather(folder, loaded.campaign, open_ledger(folder), files=files, now_ns=now)
    inputs = Inputs(
        root=folder,
        files=files,
        documents=pages,
        campaign=loaded.campaign,
        claims=judge_all(loaded, facts),
        facts=facts,
        today=datetime.fromtimestamp(now // 10**9, UTC).date(),
        declared=False,
    )
    report = audit(inputs)
    wrong = [(one.location, one.text) for one in report.references if one.verdict.state is State.REFUTED]
    wrong += [(one.location, one.text) for one in report.held if one.deciding and one.verdict.state is State.REFUTED]
    wrong += [(one.location, one.name) for one in report.occurrences if one.verdict.state is State.REFUTED]
    wrong += [(one.location, "a number differs") for one in report.contradictions if one.against == "evidence"]
    return Audited(tuple(str(problem) for problem in report.skipped), tuple(wrong))
