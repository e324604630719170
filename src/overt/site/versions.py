"""Several versions of a site side by side, each as it was built; the newest one is where readers begin."""

from __future__ import annotations

import json
import re
from pathlib import Path

from overt.model import Exit, OvertError
from overt.site.place import MADE_BY
from overt.site.redirects import page
from overt.system.atomic import write_atomic

LIST = "versions.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_PARTS = re.compile(r"\d+|[a-z]+")
_RELEASE = re.compile(r"v?\d+(?:\.\d+)*")


def order(name: str) -> tuple[bool, tuple[tuple[bool, int, str], ...]]:
    """Return what versions are sorted by: releases are above what is not one, and numbers count as numbers.

    Example:
        >>> sorted(["1.10", "dev", "1.9", "2.0rc1"], key=order)
        ['dev', '2.0rc1', '1.9', '1.10']
    """
    parts = _PARTS.findall(name.lower())
    key = tuple((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)
    return _RELEASE.fullmatch(name) is not None, key


def check(folder: Path, name: str) -> None:
    """Refuse a name or a folder that cannot hold versions.

    Args:
        folder: Where the versions stand.
        name: The version that is to be built; empty for a site without versions.

    Raises:
        OvertError: The name is no name, or the folder holds something else.
    """
    if not name:
        if (folder / LIST).is_file():
            raise OvertError(
                f"{folder} holds versions of a site, which a build without one would remove",
                hint="name the version with --version, or choose another folder with --output",
                exit=Exit.USAGE,
            )
        return
    if not _NAME.fullmatch(name):
        hint = "letters, digits, '.', '-', '_' and '+', for example 1.2"
        raise OvertError(f"{name!r} cannot be the name of a version", hint=hint, exit=Exit.USAGE)
    if folder.exists() and _listed(folder) is None and any(folder.iterdir()):
        raise OvertError(
            f"{folder} holds something else than versions of a site",
            hint="choose an empty folder with --output, or remove it",
            exit=Exit.USAGE,
        )


def _listed(folder: Path) -> list[str] | None:
    """Return the versions on the list; None when there is none, or it is no list of versions."""
    try:
        names = [one["version"] for one in json.loads((folder / LIST).read_bytes())]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return names if all(isinstance(name, str) and _NAME.fullmatch(name) for name in names) else None


def add(folder: Path, name: str) -> tuple[str, ...]:
    """Put a version that was built on the list, and lead readers to the newest.

    Args:
        folder: Where the versions stand.
        name: The version, whose folder is there.

    Returns:
        All versions, the newest first; those whose folder is gone are off the list.
    """
    names = {name, *(_listed(folder) or ())}
    found = sorted((one for one in names if (folder / one / "index.html").is_file()), key=order, reverse=True)
    # The form that other tools for versions read and write.
    listed = [{"version": one, "title": one, "aliases": ["latest"] if one == found[0] else []} for one in found]
    write_atomic(folder / LIST, (json.dumps(listed, indent=1) + "\n").encode())
    # A page that is opened from disk can read a script, but no data.
    write_atomic(folder / "versions.js", f"overtVersions({json.dumps(found)});\n".encode())
    write_atomic(folder / "index.html", page(f"{found[0]}/index.html").encode())
    write_atomic(folder / MADE_BY, b"Made by `overt build --version`, one folder a version.\n")
    return tuple(found)


def write_pages(site: Path) -> None:
    """Write which pages a version has, so that other versions lead to the same page only where there is one.

    Args:
        site: Folder of the version.
    """
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    write_atomic(site / "overt/pages.js", f"overtPages({json.dumps(pages)});\n".encode())
