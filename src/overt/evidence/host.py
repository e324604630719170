"""Where it is measured: a short list of plain facts, never the whole environment."""

from __future__ import annotations

import hashlib
import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import Distribution, distributions

from overt import __version__
from overt.evidence.manifest import Host

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
    names = {one for found in distributions() if (one := _package(found))}
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _package(found: Distribution) -> str:
    """Return name and version of an installed package; its metadata are a letter, of which only the head is read."""
    head = (found.read_text("METADATA") or "").partition("\n\n")[0]
    name, version = _NAME.search(head), _VERSION.search(head)
    if name and version:
        return f"{name[1].strip()}=={version[1].strip()}"
    return f"{found.name}=={found.version}" if found.name else ""
