"""What git says about a folder, without ever failing because there is no git."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from overt.system.process import run_process


@dataclass(frozen=True, slots=True)
class GitState:
    """The state of a work tree.

    Args:
        commit: Full hash of the checked-out commit; empty outside a repository.
        tree: Full hash of its tree; empty outside a repository.
        branch: Name of the branch; empty when detached or outside a repository.
        dirty: Whether tracked files differ from the commit, or untracked files are there.
        diff_sha256: Digest of the difference to the commit; empty when clean.
    """

    commit: str = ""
    tree: str = ""
    branch: str = ""
    dirty: bool = False
    diff_sha256: str = ""


def git(root: Path, *arguments: str, limit: int = 64_000_000, stdin: bytes = b"") -> bytes | None:
    """Run git in a folder and return what it printed; None when it failed or is not there.

    Nothing of the reviewed repository runs: no hooks, no external diff, no file-system monitor, no pager.
    """
    safe = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotepath=off", "--no-pager")
    done = run_process(
        ["git", *safe, *arguments], cwd=root, timeout=60, stdin=stdin, output_limit=2 * limit, keep_stderr=False
    )
    return done.output if done.ok else None


def git_state(root: Path) -> GitState:
    """Return commit, tree, branch and dirtiness of the repository that a folder is in."""
    heads = git(root, "rev-parse", "HEAD", "HEAD^{tree}", "--abbrev-ref", "HEAD")
    if heads is None:
        return GitState()
    commit, tree, branch = heads.decode().split("\n")[:3]
    status = git(root, "status", "--porcelain", "-z") or b""
    difference = git(root, "diff", "--no-ext-diff", "--no-textconv", "--binary", "HEAD") or b""
    digest = hashlib.sha256(status + difference).hexdigest() if status else ""
    return GitState(commit, tree, "" if branch == "HEAD" else branch, bool(status), digest)


def git_files(root: Path) -> list[str] | None:
    """Return the files git knows or would add below a folder, POSIX, sorted; None outside a repository."""
    listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    if listed is None:
        return None
    return sorted(name for name in listed.decode("utf-8", "surrogateescape").split("\0") if name)
