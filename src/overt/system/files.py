"""Which files a project has, and what is in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".venv", "venv", ".tox", ".nox", ".overt", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    | {"__pycache__", "node_modules", "site-packages", ".hypothesis", ".eggs", "_build", ".idea", ".vscode"}
)


def _walk(top: Path) -> Iterator[str]:
    # A list of what is still to be seen, not recursion: folders can be nested deeper than Python's stack.
    waiting = [(str(top), "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED_FOLDERS and not entry.name.endswith(".egg-info"):
                    waiting.append((entry.path, f"{prefix}{entry.name}/"))
            elif entry.is_file(follow_symlinks=False) or _links_to_file(entry):
                yield prefix + entry.name


def _links_to_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False


def _may_be_tracked(root: Path) -> bool:
    """Tell whether a folder may be in a git work tree, so that git is only started where it has something to say."""
    if "GIT_DIR" in os.environ:
        return True
    here = os.path.realpath(root)
    while not os.path.lexists(f"{here}/.git"):
        here, slash, _ = here.rpartition(os.sep)
        if not slash:
            return False
    return True


def project_files(root: Path) -> list[str]:
    """Return the files that belong to a project, relative to its root, POSIX, sorted.

    In a git work tree these are the tracked files and those that are not ignored; elsewhere every file outside
    the folders that tools make. Links to folders are not followed, so a loop cannot trap the walk.
    """
    listed: list[str] | None = None
    if _may_be_tracked(root):
        from overt.system.git import git_files

        listed = git_files(root)
    if listed is None:
        return sorted(_walk(root))
    return [
        name for name in listed if not SKIPPED_FOLDERS.intersection(name.split("/")[:-1]) and (root / name).is_file()
    ]


@lru_cache(maxsize=512)
def _glob(pattern: str) -> re.Pattern[str]:
    wild = {"**/": r"(?:.+/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.rstrip("/"))
    parts = [wild.get(piece, re.escape(piece)) for piece in pieces]
    return re.compile("".join(parts) + r"(?:/.*)?\Z", re.DOTALL)


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Tell whether a path matches a glob; a pattern that names a folder matches everything below it.

    Args:
        path: Path relative to the repository root, POSIX.
        patterns: Globs with `*`, `?` and `**`.

    Example:
        >>> matches("src/shop/cart.py", ["src"]), matches("src/shop/cart.py", ["*.py"])
        (True, False)
    """
    return any(_glob(pattern).match(path) for pattern in patterns)


def select(files: Iterable[str], patterns: Sequence[str]) -> list[str]:
    """Return the files that match; patterns that begin with `!` take away."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    unwanted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return [name for name in files if matches(name, wanted) and not matches(name, unwanted)]


def list_digests(root: Path, files: Iterable[str]) -> bytes:
    """Return digest and name of files, one a line, sorted by name; of a file that cannot be read `absent`."""
    return b"".join(_digest_line(root, name) for name in sorted(files))


def _digest_line(root: Path, name: str) -> bytes:
    import hashlib

    try:
        content = hashlib.sha256((root / name).read_bytes()).hexdigest()
    except OSError:
        content = "absent"
    return f"{content} {name}\n".encode("utf-8", "surrogateescape")


def digest_files(root: Path, files: Iterable[str]) -> str:
    """Return one digest over the names and the bytes of files: that of their list."""
    import hashlib

    return hashlib.sha256(list_digests(root, files)).hexdigest()
