"""Today's hidden-state findings, and the ratchet that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from overt.campaign.records import Campaign
from overt.model import OvertError, Severity
from overt.system.files import select


@dataclass(frozen=True, slots=True)
class HiddenState:
    """What the linter says of a project.

    Args:
        findings: How many findings there are, notes and allowed ones left out; None when they are not known.
        new: How many of them the project's ratchet does not hold.
        notes: How many notes there are.
        ratchet: Text of a ratchet that holds the findings; empty without any.
        said: What could not be looked at, one sentence each.
    """

    findings: int | None = None
    new: int = 0
    notes: int = 0
    ratchet: str = ""
    said: tuple[str, ...] = ()


def hidden_state(root: Path, files: list[str], campaign: Campaign) -> HiddenState:
    """Check a project's packages for hidden state.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        campaign: The campaign it has or would have.
    """
    # The packages are what the suite and `overt check` look at when nothing else is said.
    wanted = select(files, campaign.project.packages)
    if not wanted:
        return HiddenState()
    from overt.lint.engine import check
    from overt.lint.ratchet import Ratchet, grown, render_ratchet
    from overt.lint.report import ALLOWED

    try:
        report = check(root, wanted, campaign.hidden_state)
        held = grown(check(root, wanted, campaign.hidden_state, ratchet=False), Ratchet())
    except OvertError as error:
        return HiddenState(said=(f"Hidden state could not be counted: {error}",))
    counted = [seen for seen in report.findings if seen.standing != ALLOWED]
    findings = [seen for seen in counted if seen.finding.severity is not Severity.NOTE]
    text = render_ratchet(held).decode() if held.entries else ""
    return HiddenState(len(findings), sum(seen.fails for seen in findings), len(counted) - len(findings), text)
