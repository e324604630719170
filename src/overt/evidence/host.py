"""Where it is measured: a short list of plain facts, never the whole environment."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from overt import __version__
from overt.evidence.manifest import Host

_HEAD = 8_192
_NAME = re.compile(r"^Name:(.+)$", re.MULTILINE)
_VERSION = re.compile(r"^Version:(.+)$", re.MULTILINE)


def read_host(environment: Mapping[str, str] | None = None) -> Host:
    """Return the facts about this machine and this Python that a figure depends on.

    Args:
        environment: Environment variables, of which only `CI` is looked at; those of this process by default.

    Example:
        >>> read_host({"CI": "true"}).ci
        True
    """
    variables = os.environ if environment is None else environment
    return Host(
        system=f"{platform.system()} {platform.release()}",
        machine=platform.machine(),
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        cores=_cores(),
        memory_bytes=_memory(),
        ci=variables.get("CI", "").lower() not in {"", "0", "false"},
        packages_sha256=_packages(),
        overt=__version__,
    )


def _cores() -> int:
    """Return how many processors this process may use, which in a container is fewer than there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _packages() -> str:
    names = {one for folder in dict.fromkeys(sys.path) for one in _packages_in(Path(folder))}
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _packages_in(folder: Path) -> Iterable[str]:
    """Yield name and version of each package that is installed in a folder.

    `importlib.metadata` says the same, but takes longer to import than this takes to run.
    """
    with suppress(OSError):
        for found in os.scandir(folder):
            if found.name.endswith((".dist-info", ".egg-info")):
                yield from _package(Path(found.path))


def _package(path: Path) -> Iterable[str]:
    for file in (path / "METADATA", path / "PKG-INFO", path):
        with suppress(OSError), file.open("rb") as stream:
            # The metadata are a letter, of which the head begins with these.
            head = stream.read(_HEAD).decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")[0]
            name, version = _NAME.search(head), _VERSION.search(head)
            if name and version:
                yield f"{name[1].strip()}=={version[1].strip()}"
                return
