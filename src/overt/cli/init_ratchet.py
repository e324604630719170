"""Today's hidden-state findings, and the ratchet that holds them."""

from __future__ import annotations

from pathlib import Path

from overt.campaign.records import Campaign
from overt.model import OvertError
from overt.system.files import select


def hidden_state(root: Path, files: list[str], campaign: Campaign) -> tuple[int | None, str, tuple[str, ...]]:
    """Return how many findings there are, a ratchet that holds them, and what could not be looked at.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        campaign: The campaign it has or would have.

    Returns:
        The number of findings, None when they are not known; the text of the ratchet, empty without findings; and
        one sentence for each thing that the user should know.
    """
    from overt.lint.engine import check
    from overt.lint.ratchet import Ratchet, grown, render_ratchet

    # The packages are what the suite and `overt check` look at when nothing else is said.
    wanted = select(files, campaign.project.packages)
    if not wanted:
        return None, "", ()
    try:
        report = check(root, wanted, campaign.hidden_state, ratchet=False)
        held = grown(report, Ratchet(path=campaign.hidden_state.ratchet))
    except OvertError as error:
        return None, "", (f"Hidden state could not be counted: {error}",)
    # Findings on an allowance itself are no state that a ratchet can hold: they are to be mended.
    count = sum(entry.count for entry in held.entries)
    return count, render_ratchet(held).decode() if held.entries else "", ()
