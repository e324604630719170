"""Which files the hidden-state linter looks at: the same for the verb, the suite, the ratchet and the site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from overt.campaign.records import Campaign
from overt.system.files import select

SUFFIXES = (".py", ".pyi", ".ex", ".exs")


def hidden_state_files(campaign: Campaign, files: Iterable[str], paths: Sequence[str] = ()) -> list[str]:
    """Return the source files that are looked at.

    Args:
        campaign: The campaign, its packages filled in.
        files: Files of the project, relative to the root, POSIX.
        paths: Globs that a suite names; the packages when empty, and every file when there are no packages.

    Example:
        >>> from overt.campaign.records import Campaign, Project
        >>> shop = Campaign(project=Project(packages=("src/shop",)))
        >>> hidden_state_files(shop, ["src/shop/cart.py", "tests/test_cart.py", "src/shop/py.typed"])
        ['src/shop/cart.py']
    """
    sources = [name for name in files if name.endswith(SUFFIXES)]
    wanted = tuple(paths) or campaign.project.packages
    return select(sources, wanted) if wanted else sources
