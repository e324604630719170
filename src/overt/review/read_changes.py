"""Asks git for a difference; names end in NUL, nothing of the repository is run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from overt.model import Exit, OvertError
from overt.review.changes import SUBMODULE, Changes, FileChange
from overt.review.span import Span
from overt.system.git import git, git_files

_PLAIN = (
    *("--no-ext-diff", "--no-textconv", "--no-color", "--no-abbrev", "--relative", "-M"),
    *("--submodule=short", "--ignore-submodules=none", "--inter-hunk-context=0"),
)
_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_HEADER = re.compile(rb"^diff --git ", re.MULTILINE)


def _ask(root: Path, *arguments: str) -> bytes:
    told = git(root, *arguments)
    if told is None:
        raise OvertError(f"git {arguments[0]} failed", hint="try it by hand", exit=Exit.UNCHECKED)
    return told


def _name(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _raw(told: bytes) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield status, mode, old blob, new blob, old path and path of each entry of `git diff --raw -z`."""
    fields = iter(told.split(b"\0"))
    for head in fields:
        if not head:
            return
        old_mode, mode, old_blob, new_blob, status = head.decode().lstrip(":").split(" ")
        first = _name(next(fields))
        path = _name(next(fields)) if status[0] in "RC" else first
        kind = status[0]
        yield (
            kind,
            old_mode if kind == "D" else mode,
            "" if kind == "A" else old_blob,
            "" if kind == "D" or set(new_blob) == {"0"} else new_blob,
            "" if kind == "A" else first,
            path,
        )


def _counts(told: bytes) -> dict[str, tuple[int | None, int | None]]:
    """Return path to lines added and taken away of `git diff --numstat -z`."""
    fields = iter(told.split(b"\0"))
    counts: dict[str, tuple[int | None, int | None]] = {}
    for head in fields:
        if not head:
            break
        added, deleted, name = head.split(b"\t", 2)
        if not name:
            next(fields)
            name = next(fields)
        counts[_name(name)] = (None, None) if added == b"-" else (int(added), int(deleted))
    return counts


def _new_lines(section: bytes) -> frozenset[int]:
    lines: set[int] = set()
    for hunk in _HUNK.finditer(section):
        start, count = int(hunk[1]), int(hunk[2]) if hunk[2] is not None else 1
        lines |= set(range(start, start + count))
    return frozenset(lines)


def _lines(patch: bytes, files: list[FileChange]) -> dict[str, frozenset[int]]:
    """Return the new lines of each file; git writes one section a file in the order of the entries.

    A content line of a patch begins with a space or a sign, so `diff --git` at the beginning of one is a header.
    """
    starts = [found.start() for found in _HEADER.finditer(patch)]
    sections = [patch[start:end] for start, end in pairwise([*starts, len(patch)])]
    lines, place = {}, 0
    for file in files:
        width = 2 if file.status == "T" else 1
        if place + width > len(sections):
            return {}
        lines[file.path] = _new_lines(b"".join(sections[place : place + width]))
        place += width
    return lines if place == len(sections) else {}


def _untracked(root: Path) -> list[FileChange]:
    told = _ask(root, "ls-files", "-z", "--others", "--exclude-standard")
    found = []
    for raw in filter(None, told.split(b"\0")):
        name = _name(raw)
        path = root / name
        if path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()
        binary = b"\0" in data[:8000]
        count = None if binary else len(data.splitlines())
        found.append(FileChange("A", name, "", "100644", count, None if binary else 0))
    return found


def read_changes(root: Path, span: Span) -> Changes:
    """Return the difference of a span.

    Args:
        root: The project; files outside it do not count.
        span: Which commits.

    Raises:
        OvertError: git could not tell it.
    """
    ends = (span.base,) if span.dirty else (span.base, span.head)
    raw = _ask(root, "diff", *_PLAIN, "--raw", "-z", *ends, "--")
    numbers = _ask(root, "diff", *_PLAIN, "--numstat", "-z", *ends, "--")
    patch = _ask(root, "diff", *_PLAIN, "-U0", *ends, "--")
    counts = _counts(numbers)
    files = [
        FileChange(status, path, old_path, mode, *counts.get(path, (None, None)), old_blob, new_blob)
        for status, mode, old_blob, new_blob, old_path, path in _raw(raw)
    ]
    lines = _lines(patch, files)
    if span.dirty:
        for file in _untracked(root):
            files.append(file)
            lines[file.path] = frozenset(range(1, (file.added or 0) + 1))
        names = git_files(root) or []
    else:
        listed = _ask(root, "ls-tree", "-r", "-z", "--name-only", span.head)
        names = [_name(name) for name in listed.split(b"\0") if name]
    # A submodule has no content here: its hash names a commit of another repository.
    files = [replace(file, old_blob="", new_blob="") if file.mode == SUBMODULE else file for file in files]
    digest = hashlib.sha256(raw + patch + "\0".join(f.path for f in files).encode("utf-8", "surrogateescape"))
    return Changes(root, span, tuple(files), sha256=digest.hexdigest(), lines=lines, head_names=tuple(names))
