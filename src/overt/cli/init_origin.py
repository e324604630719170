"""Where the overt that runs came from, so that a CI service installs the same one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution

_EXTRAS = "overt[site,validate]"


@dataclass(frozen=True, slots=True)
class Origin:
    """How to install overt elsewhere.

    Args:
        requirement: What to give to pip.
        note: What the user has to look at, one sentence; empty when there is nothing.
    """

    requirement: str
    note: str = ""


def read_origin(direct_url: str | None, version: str) -> Origin:
    """Return how to install overt elsewhere.

    Args:
        direct_url: What the installer wrote down of where overt came from (PEP 610); None when it came from an index.
        version: Version of overt.

    Example:
        >>> read_origin(None, "1.2.3").requirement
        'overt[site,validate]==1.2.3'
    """
    pinned = f"{_EXTRAS}=={version}"
    if direct_url is None:
        return Origin(pinned)
    try:
        told = json.loads(direct_url)
        url, vcs = str(told["url"]), told.get("vcs_info") or {}
    except (ValueError, TypeError, KeyError, AttributeError):
        return _unknown(pinned)
    if not url.startswith(("https://", "ssh://")):
        return _unknown(pinned)
    if vcs.get("vcs") and vcs.get("commit_id"):
        return Origin(f"{_EXTRAS} @ {vcs['vcs']}+{url}@{vcs['commit_id']}")
    return _unknown(pinned) if vcs or "dir_info" in told else Origin(f"{_EXTRAS} @ {url}")


def _unknown(pinned: str) -> Origin:
    note = (
        f"The CI job installs {pinned} from a package index, but the overt that runs here came from a folder: see that "
        "the job gets the same one."
    )
    return Origin(pinned, note)


def own_origin(version: str) -> Origin:
    """Return how to install the overt that runs.

    Args:
        version: Its version.
    """
    try:
        return read_origin(distribution("overt").read_text("direct_url.json"), version)
    except PackageNotFoundError:
        return _unknown(f"{_EXTRAS}=={version}")
