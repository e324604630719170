"""Writing what an adoption proposed: new files only, and lines at the end of `.gitignore`."""

from __future__ import annotations

from pathlib import Path

from overt.campaign.adopt import Adoption
from overt.model import Exit, OvertError
from overt.system.atomic import write_atomic


def write(root: Path, adoption: Adoption) -> None:
    """Write the files of an adoption, in its order.

    A file that has come into being since it was proposed is left as it is.

    Args:
        root: Folder of the project.
        adoption: What was proposed.

    Raises:
        OvertError: A file cannot be written; those before it are there, and a second adoption goes on from there.
    """
    for change in adoption.to_write:
        target = root / change.path
        try:
            if change.action == "append":
                write_atomic(target, target.read_bytes() + change.text.encode())
            elif not target.exists():
                write_atomic(target, change.text.encode())
        except OSError as error:
            message = f"{change.path} cannot be written: {error.strerror or error}"
            raise OvertError(message, hint="mend that and run overt init again", exit=Exit.UNCHECKED) from error
