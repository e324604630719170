"""From what a user names to two commits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.model import OvertError
from overt.system.git import git

_BASES: Final = ("origin/main", "origin/master", "main", "master")


@dataclass(frozen=True, slots=True)
class Span:
    """What is under review.

    Args:
        base: Commit that the work set out from: the merge base, full hash.
        head: Commit under review, full hash.
        dirty: Whether the work tree on top of it is under review too.
    """

    base: str
    head: str
    dirty: bool = False

    @property
    def shown(self) -> str:
        """The span as people write it."""
        return f"{self.base[:12]}...{'work tree' if self.dirty else self.head[:12]}"


def commit_of(root: Path, name: str) -> str:
    """Return the full hash of a commit.

    Args:
        root: The repository.
        name: A branch, tag or hash, as the user gave it.

    Raises:
        OvertError: It is no such name, or one that git would take for an option.
    """
    if not name or name.startswith("-") or not name.isprintable():
        raise OvertError(f"{name!r} is no name of a commit", hint="give a branch, a tag or a hash")
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found is None:
        raise OvertError(f"there is no commit {name!r} here", hint="fetch it, or name another with --base")
    return found.decode().strip()


def _merge_base(root: Path, base: str, head: str) -> str:
    found = git(root, "merge-base", base, head)
    if found:
        return found.decode().split()[0]
    shallow = (git(root, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"
    if shallow:
        message = "this clone is too shallow to hold the commit where the two sides parted"
        raise OvertError(
            message, hint="git fetch --unshallow; in a CI checkout, fetch the whole history (fetch-depth: 0)"
        )
    raise OvertError("the two sides have no commit in common", hint="name another base with --base")


def _default_base(root: Path) -> str:
    for name in _BASES:
        if git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") is not None:
            return name
    raise OvertError("no base to compare with", hint=f"name one with --base; looked for {', '.join(_BASES)}")


def read_span(root: Path, given: str = "", *, base: str = "", dirty: bool = False) -> Span:
    """Return what is under review.

    Args:
        root: The repository, or a folder in it.
        given: `BASE...HEAD`, `BASE..HEAD` (read the same way) or a commit; the checked-out one when empty.
        base: What to compare with; the main branch when empty.
        dirty: Whether the work tree is under review too.

    Raises:
        OvertError: This is no repository, a name is wrong, or the sides have nothing in common.
    """
    if git(root, "rev-parse", "--git-dir") is None:
        raise OvertError(f"{root} is in no git repository", hint="reviews look at a git history")
    left, dots, right = given.partition("..")
    right = right.removeprefix(".")
    if dots and base:
        raise OvertError("a base is named twice", hint="give either BASE...HEAD or --base")
    head_name = (right if dots else given) or "HEAD"
    if dirty and head_name != "HEAD":
        raise OvertError("--dirty looks at the work tree, which is on top of HEAD", hint="leave the other commit out")
    head = commit_of(root, head_name)
    start = commit_of(root, (left if dots else base) or _default_base(root))
    return Span(_merge_base(root, start, head), head, dirty)
