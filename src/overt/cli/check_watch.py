"""`overt check --watch`: check again whenever a file changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

Stamps = dict[str, tuple[int, int, int]]
PAUSE = 0.5
"""Seconds between two looks at the files."""


class Watched(NamedTuple):
    """What one check came to.

    Args:
        status: Its exit status.
        files: The files that it looked at.
    """

    status: int
    files: tuple[str, ...]


def stamps(root: Path, files: Iterable[str]) -> Stamps:
    """Return what tells whether files are still the same, and whether their folders have got new ones."""
    found: Stamps = {}
    names = {each for name in files for each in (name, name.rpartition("/")[0])}
    for name in sorted(names):
        try:
            seen = (root / name).stat()
        except OSError:
            continue
        found[name] = (seen.st_size, seen.st_mtime_ns, seen.st_ino)
    return found


def watch(
    root: Path, run: Callable[[], Watched], tell: Callable[[str], object], wait: Callable[[float], object]
) -> int:
    """Check, and check again after each change, until somebody interrupts.

    Args:
        root: The project's folder.
        run: Checks once and prints the report. It looks for its files anew each time, so new ones are seen.
        tell: Says what is going on.
        wait: Waits some seconds; ends the watch by raising KeyboardInterrupt.

    Returns:
        The exit status of the last check.
    """
    from overt.model.errors import OvertError

    seen = Watched(0, ())
    try:
        while True:
            try:
                seen = run()
            except OvertError as error:
                # A configuration that is being written: say so, and wait for the next change.
                tell("".join(f"overt: {problem}\n" for problem in error.problems))
                seen = seen._replace(status=int(error.exit))
            watched = (*seen.files, "overt.toml")
            before = stamps(root, watched)
            tell(f"watching {len(seen.files)} files; Ctrl-C ends it\n")
            while stamps(root, watched) == before:
                wait(PAUSE)
    except KeyboardInterrupt:
        return seen.status
