"""Names tests that outlast their own time limit and pass. PYTEST_DONT_REWRITE: loaded with `-p overt_limits`.

pytest-timeout ends a test by raising in it, and a test that catches everything catches that too. It runs inside the
interpreter of the project under test, in every worker (pytest 7 or newer, on Python 3.8 or newer). A limit is what the
marker `timeout` says, else what pytest-timeout was told by its option, its variable or the settings.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import pytest

LIMIT = "overt.limit"
"""Name of the property that tells the limit which was passed, in nanoseconds."""


def limit_of(item: Any) -> tuple[float, bool]:
    """Return the seconds that a test may take, 0 for any number, and whether they count for its call alone."""
    limit: Any = getattr(item.config, "_env_timeout", None)
    alone = bool(getattr(item.config, "_env_timeout_func_only", False))
    marker = item.get_closest_marker("timeout")
    if marker is not None:
        limit = marker.args[0] if marker.args else marker.kwargs.get("timeout", limit)
        alone = bool(marker.kwargs.get("func_only", alone))
    number = isinstance(limit, (int, float)) and not isinstance(limit, bool)
    return (float(limit) if number else 0.0, alone)


class Watch:
    """Compares the time that each test took with its limit."""

    def __init__(self) -> None:
        self._began = 0.0

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, None, None]:
        """Take the time before whatever sets a timer does."""
        self._began = time.perf_counter()
        yield

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Generator[None, None, None]:
        """Tell it of a test that passed too late; before it is reported, so that its report carries it."""
        if call.when == "call" and call.excinfo is None:
            limit, alone = limit_of(item)
            spent = call.duration if alone else time.perf_counter() - self._began
            if 0 < limit < spent:
                item.user_properties.append((LIMIT, str(round(limit * 1e9))))
        yield


def pytest_configure(config: pytest.Config) -> None:
    """Watch in this process."""
    config.pluginmanager.register(Watch(), "overt-limits")
