"""Where it is measured: a short list of plain facts, never the whole environment."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping
from importlib.metadata import distributions

from overt import __version__
from overt.evidence.manifest import Host


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
    names = {f"{found.name}=={found.version}" for found in distributions() if found.name}
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()
