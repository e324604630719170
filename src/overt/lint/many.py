"""What each of many files came to: from the cache, in this process, or in several."""

from __future__ import annotations

import errno
import gc
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from overt.lint.results import Examined, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.cache import Cache

Read = tuple[Examined, object]
"""What a file came to, and what tells later that it is still the same file."""

APART = 10_000_000
"""Bytes of source above which more than one process is worth making."""


def processors() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector off: what a check makes is freed by counting references, or needed to its end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def examine_all(
    root: Path,
    files: Sequence[str],
    settings: Settings,
    cache: Cache | None,
    sources: Mapping[str, bytes],
    workers: int = 1,
) -> dict[str, Examined]:
    """Examine files.

    Args:
        root: The project's folder.
        files: Files, relative to the root, POSIX.
        settings: What the rules may ask about the project.
        cache: Where results are kept; None keeps nothing.
        sources: What stands in some of the files, for those that are not to be read.
        workers: How many processes may work at it, this one included; more than one only for much to do.

    Returns:
        What each file came to, in the order in which they were given.
    """
    with uncollected():
        found: dict[str, Examined | None] = {}
        top = place_of(root, "")
        for path in files:
            if path in sources:
                found[path] = _examine_given(path, sources[path], settings)
            else:
                found[path] = cache.get(path, top + path) if cache is not None else None
        missing = [path for path, result in found.items() if result is None]
        apart = _examine_apart(root, missing, settings, cache, workers) if workers > 1 else {}
        for path in missing:
            result, stamp = apart.get(path) or examine_file(root, path, settings, cache)
            found[path] = result
            if cache is not None:
                cache.keep(path, stamp, result)
        return {path: result for path, result in found.items() if result is not None}


def examine_one(root: Path, path: str, settings: Settings, cache: Cache | None) -> Examined:
    """Return what one file came to, from the cache when it is there."""
    return examine_all(root, [path], settings, cache, {})[path]


def place_of(root: Path, path: str) -> str:
    """Return where a file is; text, because a Path for each of thousands of files costs more than asking for it."""
    return os.path.join(root, path)  # noqa: PTH118


def examine_file(root: Path, path: str, settings: Settings, cache: Cache | None) -> Read:
    """Read and examine a file, whatever is kept of it."""
    from overt.lint.examine import LARGEST, examine

    try:
        with open(place_of(root, path), "rb", buffering=0, opener=_open_plain) as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                return Examined(problem="is not a file"), None
            if found.st_size > LARGEST:
                return Examined(problem=f"has {found.st_size:,} bytes; at most {LARGEST:,} are parsed"), None
            source = stream.read()
    except ValueError:
        return Examined(problem="is not a file"), None
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EISDIR, errno.ENXIO}:
            return Examined(problem="is not a file"), None
        return Examined(problem=f"cannot be read: {error.strerror or error}"), None
    # The stamp is of before the file was read: a change in between makes it another file.
    return examine(source, path, settings), cache.stamp(found, source) if cache is not None else None


def _open_plain(path: str, flags: int) -> int:
    """Open a file without waiting for whoever may hold the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _examine_given(path: str, source: bytes, settings: Settings) -> Examined:
    from overt.lint.examine import examine

    return examine(source, path, settings)


def _examine_apart(
    root: Path, files: Sequence[str], settings: Settings, cache: Cache | None, workers: int
) -> dict[str, Read]:
    """Examine files in several processes when there is enough to do; what is not in the answer is still to be done."""
    sizes = {path: _size(place_of(root, path)) for path in files}
    if sum(sizes.values()) < APART:
        return {}
    from overt.lint import examine, resolve  # noqa: F401  # once here, not once in each copy
    from overt.lint.workers import share

    return share(sizes, lambda path: examine_file(root, path, settings, cache), workers)


def _size(place: str) -> int:
    try:
        return os.stat(place).st_size  # noqa: PTH116
    except (OSError, ValueError):
        return 0
