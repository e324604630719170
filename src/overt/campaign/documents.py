"""Which files of a project are its documents."""

from __future__ import annotations

from collections.abc import Sequence

from overt.campaign.records import Campaign
from overt.system.files import select

ENDINGS = (".md", ".markdown", ".mdown")
"""How the names of documents end."""

DOCUMENTS = tuple(f"**/*{ending}" for ending in ENDINGS)
"""Globs of all documents."""


def documents_of(files: Sequence[str], campaign: Campaign) -> list[str]:
    """Return the documents that a campaign has audited; every Markdown file when it names none.

    What a build has put into the folder of the site is none: outside of git nothing else leaves it out.

    Args:
        files: The files of the project, relative to the root, POSIX.
        campaign: Its campaign.

    Example:
        >>> documents_of(["a.py", "README.md"], Campaign())
        ['README.md']
        >>> documents_of(["README.md", "site/index.md"], Campaign())
        ['README.md']
    """
    built = f"{campaign.site.output.rstrip('/')}/"
    markdown = [name for name in files if name.lower().endswith(ENDINGS) and not name.startswith(built)]
    wanted = select(markdown, list(campaign.audit.documents)) if campaign.audit.documents else markdown
    ignored = set(select(wanted, list(campaign.audit.ignore))) if campaign.audit.ignore else set()
    return [name for name in wanted if name not in ignored]
