"""Processes that outlive the program that started them, found by a mark in their environment."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

MARK = "OVERT_MARK"
"""Environment variable whose value is inherited by everything that a marked program starts."""


def marked_processes(mark: str, *, proc: Path = Path("/proc")) -> list[int]:
    """Return the processes that carry a mark, also those that left their process group; ours is not among them.

    Args:
        mark: Value of `OVERT_MARK` that the program was started with; marks that go on with a `.` belong to it.
        proc: Where the system lists its processes; where there is no such folder nothing can be found.
    """
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in proc.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            variables = (entry / "environ").read_bytes().split(b"\0")
            if any(one == wanted or one.startswith(wanted + b".") for one in variables):
                found.append(int(entry.name))
    return sorted(number for number in found if number != os.getpid())


def end_marked(mark: str) -> list[int]:
    """End the processes that carry a mark and return their numbers."""
    found = marked_processes(mark)
    for number in found:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(number, signal.SIGKILL)
    return found


def group_lives(group: int, *, proc: Path = Path("/proc")) -> bool:
    """Tell whether a process group has a member that still runs; one that only waits to be reaped does not.

    Args:
        group: Number of the group.
        proc: Where the system lists its processes; without it, a member that was reaped by nobody counts too.
    """
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    stats = [_stat(entry) for entry in proc.glob("[0-9]*")]
    return not stats or any(int(parts[2]) == group and parts[0] not in {"Z", "X"} for parts in stats if parts)


def _stat(entry: Path) -> list[str]:
    """Return state, parent, group and what else the system tells of a process; empty when it is gone."""
    try:
        # The name of the program stands in parentheses and may hold anything, also parentheses.
        return (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
