"""The two moments of a build: now, for the age of evidence, and the date that pages carry."""

from __future__ import annotations

import os
import time

from overt.site.collect import Collected


def _epoch() -> int | None:
    """Seconds since 1970 that the environment fixes, as the convention of reproducible builds has it."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(text) if text.isdigit() else None


def now_ns() -> int:
    """Return now, nanoseconds since 1970 UTC."""
    return time.time_ns()


def site_date(collected: Collected) -> int:
    """Return the date that pages carry: of the environment, else of the newest evidence, seconds since 1970 UTC.

    It never comes from the clock, so that two builds of the same files are the same.
    """
    fixed = _epoch()
    return collected.newest_ns // 1_000_000_000 if fixed is None else fixed
