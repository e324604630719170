"""A copy of the project to plant defects in; the work tree is never touched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from overt.campaign.records import Campaign
from overt.model import Exit, OvertError
from overt.system.atomic import write_atomic
from overt.system.files import SKIPPED_FOLDERS
from overt.system.units import bytes_text

LIMIT = 1_000_000_000
"""Bytes above which a project is not copied."""

CACHES = (".mypy_cache",)
"""What tools remember of unchanged files, so that they need not look at all of them twice more."""


def copy_project(root: Path, files: Sequence[str], campaign: Campaign, target: Path) -> None:
    """Copy a project: its own files, and of its packages also what is built into them.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        campaign: Its campaign.
        target: Folder to make.

    Raises:
        OvertError: It is too large.
    """
    known = [name for name in files if (root / name).is_file()]
    size = sum((root / name).stat().st_size for name in known)
    if size > LIMIT:
        message = f"the project has {bytes_text(size)}; defects are planted in a copy of at most {bytes_text(LIMIT)}"
        raise OvertError(message, hint="leave out generated files by .gitignore", exit=Exit.UNCHECKED)
    target.mkdir(parents=True)
    for folder in {(target / name).parent for name in known}:
        folder.mkdir(parents=True, exist_ok=True)
    for name in known:
        shutil.copy2(root / name, target / name)
    for package in campaign.project.packages:
        _add_built(root / package, target / package)
    for cache in CACHES:
        if (root / cache).is_dir():
            shutil.copytree(root / cache, target / cache, dirs_exist_ok=True)


def _add_built(package: Path, target: Path) -> None:
    """Copy what is in a package and under no version control: extension modules, version files."""
    for path in package.rglob("*") if package.is_dir() else ():
        inside = path.relative_to(package)
        if path.is_file() and not SKIPPED_FOLDERS.intersection(inside.parts) and not (target / inside).exists():
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / inside)


def search_path(campaign: Campaign, copy: Path, environment: Mapping[str, str]) -> str:
    """Return a PYTHONPATH that finds the packages of the copy before those that are installed.

    Args:
        campaign: The project's campaign.
        copy: Folder of the copy.
        environment: The user's environment.
    """
    folders = dict.fromkeys(str((copy / package).parent) for package in campaign.project.packages)
    return os.pathsep.join([*folders, *filter(None, [environment.get("PYTHONPATH", "")])])


@contextmanager
def planted(copy: Path, name: str, text: str) -> Iterator[None]:
    """Put text behind what a file of the copy holds, or make the file, and put it back afterwards.

    Args:
        copy: Folder of the copy.
        name: File, relative to it, POSIX.
        text: What to plant; nothing is done when it is empty.
    """
    path = copy / name
    before = path.read_bytes() if path.is_file() else None
    if text:
        # A link is replaced, not followed: what it leads to may be outside the copy.
        write_atomic(path, (before or b"") + text.encode(), durable=False)
    try:
        yield
    finally:
        if text and before is None:
            path.unlink(missing_ok=True)
        elif text and before is not None:
            write_atomic(path, before, durable=False)
