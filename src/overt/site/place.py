"""Puts a finished folder in the place of an old one."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from overt.model import OvertError

MADE_BY = ".overt-site"
"""File that says that a folder was made by us, and may be replaced."""


@contextlib.contextmanager
def workshop(output: Path) -> Iterator[Path]:
    """Give a new folder beside an output, on the same file system; it is gone afterwards.

    Args:
        output: Where the result is going to be.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    folder = output.with_name(f".{output.name}.{os.getpid()}.overt-tmp")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def may_replace(output: Path) -> bool:
    """Tell whether a folder is missing, empty, or looks like a site: nothing else may be replaced."""
    if not output.exists():
        return True
    if not output.is_dir() or output.is_symlink():
        return False
    names = {entry.name for entry in output.iterdir()}
    return not names or MADE_BY in names or {"index.html", "404.html"} <= names


def replace(new: Path, output: Path) -> None:
    """Put a folder in the place of another; the old one stays when that fails.

    Args:
        new: The finished folder, on the same file system.
        output: Where it goes.

    Raises:
        OvertError: What is there was not made by us.
        OSError: It cannot be renamed.
    """
    if not may_replace(output):
        raise OvertError(f"{output} is not a site and is not replaced", hint="choose another folder with --output")
    old = output.with_name(f".{output.name}.{os.getpid()}.overt-old")
    shutil.rmtree(old, ignore_errors=True)
    if output.exists():
        output.rename(old)
    try:
        new.rename(output)
    except OSError:
        if old.exists():
            old.rename(output)
        raise
    shutil.rmtree(old, ignore_errors=True)
