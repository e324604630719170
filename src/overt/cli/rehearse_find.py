"""Which runbook a command line means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.model import OvertError, Problems
from overt.system.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from overt.runbook import Runbook, Runbooks


def one_runbook(root: Path, name: str, found: Runbooks, files: Sequence[str]) -> Runbook:
    """Return the runbook that a name means.

    Args:
        root: Folder of the project.
        name: Its id, or its file from the root or from where we are.
        found: The runbooks of the project.
        files: The project's files, relative to the root, POSIX.

    Raises:
        OvertError: There is none of that name, or it cannot be read.
    """
    from overt.runbook import load_files

    for runbook in found.runbooks:
        if name == runbook.id:
            return runbook
    path = _relative(root, name)
    if path in files:
        read = load_files(root, [path], all_are=True)
        if read.problems:
            raise Problems(read.problems)
        return read.runbooks[0]
    broken = [problem for problem in found.problems if problem.where and name in problem.where.path]
    if broken:
        raise Problems(broken)
    known = {runbook.id for runbook in found.runbooks} | {runbook.path for runbook in found.runbooks}
    raise OvertError(f"there is no runbook {name!r}", hint=did_you_mean(name, known))


def _relative(root: Path, name: str) -> str:
    """Return a file as the project names it: given from the root, or from where we are."""
    import os

    if not (root / name).exists() and os.path.exists(name):  # noqa: PTH110 -- a text, not yet known to be a path
        return os.path.relpath(os.path.realpath(name), os.path.realpath(root)).replace(os.sep, "/")
    return os.path.normpath(name).replace(os.sep, "/")
