"""What is looked at for hidden state when nothing else is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.campaign.records import Campaign


def checked_paths(campaign: Campaign) -> tuple[str, ...]:
    """Return what of a project is checked for hidden state.

    Args:
        campaign: The campaign of the project.

    Returns:
        Folders and globs relative to the root, POSIX: those of its hidden-state suites, else its packages, else all.
    """
    suites = [suite for suite in campaign.suites.values() if suite.kind == "hidden-state"]
    paths = tuple(path for suite in suites for path in suite.paths) or campaign.project.packages
    return tuple(dict.fromkeys(paths)) or ("**",)
