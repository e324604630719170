"""What runbooks name that is not there: the audit of their pages, without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from overt.audit.audit import Inputs, audit
from overt.audit.references.record import Ref
from overt.campaign import Campaign
from overt.evidence.facts import Facts
from overt.model import Finding, Severity, State
from overt.runbook import Runbook
from overt.runbook.lint import NAMES_NOTHING, RULES


def names_nothing(root: Path, files: Sequence[str], campaign: Campaign, runbooks: Sequence[Runbook]) -> list[Finding]:
    """Return references of runbooks to files, commands, options, flags and the like that do not exist.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        campaign: Its campaign.
        runbooks: The runbooks.
    """
    inputs = Inputs(
        root=root,
        files=files,
        documents=[runbook.path for runbook in runbooks if runbook.path in files],
        campaign=campaign,
        claims={},
        facts=Facts(),
        today=datetime.now(UTC).date(),
        declared=False,
    )
    named = (reference for page in audit(inputs).pages for reference in page.references)
    return [_finding(reference) for reference in named if reference.verdict.state is State.REFUTED]


def _finding(reference: Ref) -> Finding:
    title, why = RULES[NAMES_NOTHING]
    hint = f" ({reference.hint})" if reference.hint else ""
    return Finding(
        rule=NAMES_NOTHING,
        message=f"{title} ({reference.text}): {why}; {reference.verdict.reason}{hint}",
        location=reference.location,
        severity=Severity.WARNING,
        symbol=reference.text,
    )
