"""A copy of the reviewed commit in which the source can be taken back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from overt.model import Exit, OvertError
from overt.review.changes import FileChange
from overt.review.context import Context
from overt.system.git import git
from overt.system.process import Completed, run_process

LEDGER: Final = ".overt"
"""Folder of the ledger, relative to the project."""


class Copy:
    """A work tree of the reviewed commit beside the user's own.

    Args:
        folder: The project in it.
        context: What is reviewed.
    """

    def __init__(self, folder: Path, context: Context) -> None:
        self.folder, self._context = folder, context

    def take_back(self, files: Sequence[FileChange]) -> None:
        """Put files back to what they were before the change; git does it, which follows no link out of the copy.

        Raises:
            OvertError: git could not.
        """
        base = self._context.changes.span.base
        now = [file.path for file in files if file.status != "D" and file.path != file.old_path]
        was = [file.old_path for file in files if file.old_path]
        for start in range(0, len(now), 200):
            self._git("rm", "-q", "-f", "--", *now[start : start + 200])
        for start in range(0, len(was), 200):
            self._git("checkout", "-q", base, "--", *was[start : start + 200])

    def lend_evidence(self) -> None:
        """Let the copy see the ledger of the project; it is not part of any commit."""
        ours, own = self.folder / LEDGER, Path(self._context.root).resolve() / LEDGER
        for name in ("runs", "history.jsonl"):
            if (own / name).exists() and not (ours / name).exists():
                ours.mkdir(exist_ok=True)
                (ours / name).symlink_to(own / name)

    def _git(self, *arguments: str) -> None:
        if git(self.folder, "--literal-pathspecs", *arguments) is None:
            raise OvertError(f"git {arguments[0]} failed in the copy", exit=Exit.UNCHECKED)

    def test(self, python: str, tests: Sequence[str], environment: Mapping[str, str], *, seconds: float) -> Completed:
        """Run tests in the copy, against its own packages.

        Args:
            python: The interpreter.
            tests: Files of tests.
            environment: The whole environment.
            seconds: Seconds until they are ended.
        """
        packages = self._context.campaign.project.packages or (".",)
        holders = dict.fromkeys(str((self.folder / package).parent) for package in packages)
        # Before everything that is installed: an editable install would lead out of the copy.
        path = os.pathsep.join([*holders, str(self.folder), environment.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        # A compiled file of the same second and size would hide that the source was taken back.
        given = {**environment, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        argv = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"./{test}" for test in tests)]
        return run_process(argv, cwd=self.folder, env=given, timeout=seconds)


@contextmanager
def copied(context: Context) -> Iterator[Copy]:
    """Make a copy of the reviewed commit, and take it away at the end.

    Args:
        context: What is reviewed.

    Raises:
        OvertError: git could not make it.
    """
    prefix = (git(context.root, "rev-parse", "--show-prefix") or b"").decode().strip()
    with tempfile.TemporaryDirectory(prefix="overt-review-") as folder:
        place = Path(folder).resolve() / "copy"
        if git(context.root, "worktree", "add", "-q", "--detach", str(place), context.changes.span.head) is None:
            raise OvertError("git could not make a copy of the reviewed commit", exit=Exit.UNCHECKED)
        try:
            yield Copy(place / prefix, context)
        finally:
            git(context.root, "worktree", "remove", "--force", str(place))
