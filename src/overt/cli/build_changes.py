"""What differs between the site that `overt build` made and another one."""

from __future__ import annotations

from pathlib import Path

from overt.site.against import CHANGES, LISTED, Differences, Listing, as_html, as_markdown, differences, read_listing
from overt.system.atomic import write_atomic


def compared(site: Path, before: Listing | None, told: Path | None) -> Differences:
    """Return what differs, and put it into the site as a page.

    Args:
        site: Folder of the site.
        before: What the other site holds; None when there is none.
        told: File to write it to as Markdown; None for none.
    """
    after = read_listing(site / LISTED)
    found = differences(before, after or Listing(pages={}, states={}))
    write_atomic(site / CHANGES, as_html(found).encode())
    if told is not None:
        told.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(told, as_markdown(found).encode())
    return found
