"""Where blocks run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where blocks run.

    Args:
        project: Working folder: a copy of the project, or the folder of a declared environment.
        home: Home folder of the blocks.
        temporary: Where they put temporary files.
        mark: What the environment of every process that is started carries.
        variables: Environment that the place itself declares: `NAME` is taken from the caller, `NAME=value` is set.
    """

    project: Path
    home: Path
    temporary: Path
    mark: str
    variables: tuple[str, ...] = ()


def service_mark(mark: str) -> str:
    """Return what the environment of services carries; not the mark of steps, whose processes end with them."""
    return f"{mark}-service"
