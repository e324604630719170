"""What killed rehearsals left: told before the next one, removed on request."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from overt.model import Exit


def tell_leftovers(root: Path, temp: Path) -> None:
    """Say what killed rehearsals of a project left behind, and how to remove it.

    Args:
        root: The project.
        temp: Where scratch folders are made.
    """
    from overt.runbook.scratch import find_leftovers
    from overt.system.clock import iso_utc

    for leftover in find_leftovers(root, temp):
        running = f", and {len(leftover.processes)} of its processes still run" if leftover.processes else ""
        sys.stderr.write(
            f"overt: a rehearsal of {leftover.runbook!r}, begun {iso_utc(leftover.start_ns)}, was killed; "
            f"its scratch copy is still in {leftover.folder}{running}\n"
            f"overt: remove it with: overt rehearse --clean\n"
        )


def clean_up(root: Path) -> int:
    """Remove what killed rehearsals of a project left and return the exit status.

    Args:
        root: The project.
    """
    from overt.runbook.scratch import clean, find_leftovers

    leftovers = find_leftovers(root, Path(tempfile.gettempdir()))
    gone = [clean(leftover) for leftover in leftovers]
    for leftover, removed in zip(leftovers, gone, strict=True):
        sys.stdout.write(f"{'removed' if removed else 'could not remove'} {leftover.folder}\n")
    if not leftovers:
        sys.stdout.write("nothing was left behind\n")
    return Exit.PROVED if all(gone) else Exit.UNCHECKED
