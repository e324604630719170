"""Where the parts of a run lie in its folder."""

from __future__ import annotations

import re
from pathlib import Path

from overt.model import OvertError

MANIFEST = "manifest.json"
"""Head of a run; the only file that it does not list."""

RECORDS = "records"
"""Folder of the record files, one for each shard."""

BLOBS = "blobs"
"""Folder of outputs and traces, each named by its digest."""

STORE = ".overt/runs"
"""Folder of all runs, relative to the project's root."""

_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LISTED = re.compile(r"records/[0-9a-z-]{1,100}\.jsonl|blobs/[0-9a-f]{64}")


def check_run_name(run: str) -> None:
    """Refuse a name that cannot safely be a folder's name.

    Raises:
        OvertError: It has other characters than letters, digits, `.`, `_` and `-`, or is too long.
    """
    if not _RUN.fullmatch(run):
        raise OvertError(f"{run!r} cannot be the name of a run", hint="letters, digits, `.`, `_` and `-`, at most 100")


def may_be_listed(name: str) -> bool:
    """Tell whether a manifest may list a file of this name, so that a forged one cannot point elsewhere."""
    return _LISTED.fullmatch(name) is not None


def shard_file(shard: str) -> str:
    """Return the record file of a shard, relative to the run's folder.

    Example:
        >>> shard_file("2/4")
        'records/2-of-4.jsonl'
    """
    return f"{RECORDS}/{re.sub('[^0-9a-z]', '-', shard.lower().replace('/', '-of-'))}.jsonl"


def shown(folder: Path, name: str = "") -> str:
    """Return how a file of a run is named in messages: from `.overt` on, or from the run's folder on.

    Example:
        >>> shown(Path("/home/me/shop/.overt/runs/r1"), "manifest.json")
        '.overt/runs/r1/manifest.json'
    """
    parts = folder.parts
    if ".overt" in parts:
        at = len(parts) - 1 - parts[::-1].index(".overt")
        return "/".join((*parts[at:], *filter(None, [name])))
    return "/".join((folder.name, *filter(None, [name])))
