"""The generated reference pages of overt, and what writes them."""

from __future__ import annotations

from pathlib import Path

from overt.cli.reference.api import api_page
from overt.cli.reference.commands import cli_page, exits_page
from overt.cli.reference.errors import CATALOGUE, catalogue_text, errors_pages, read_catalogue, renewed
from overt.cli.reference.events import events_page
from overt.cli.reference.templates import collected
from overt.system.atomic import write_if_changed


def pages(root: Path) -> dict[str, str]:
    """Return every generated page and file: path relative to the root to text.

    Args:
        root: The repository of overt.
    """
    known = renewed(read_catalogue(), collected(root / "src/overt").found)
    return {
        "docs/reference/cli.md": cli_page(),
        "docs/reference/exit-codes.md": exits_page(),
        **errors_pages(known),
        "docs/reference/events.md": events_page(),
        "docs/reference/api.md": api_page(root / "src"),
        CATALOGUE: catalogue_text(known),
    }


def write(root: Path) -> list[str]:
    """Write the pages.

    Args:
        root: The repository of overt.

    Returns:
        The files that changed, relative to the root.
    """
    return [name for name, text in pages(root).items() if write_if_changed(root / name, text.encode())]
