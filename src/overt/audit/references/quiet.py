"""Keeps griffe silent while it reads: what it has to say about sources is no matter of the documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NOTHING = 100


@contextmanager
def quiet(logger: Any) -> Iterator[None]:
    """Silence a logger for a while, also one that a builder of sites has wrapped into an adapter.

    Args:
        logger: The logger of griffe.

    Example:
        >>> import logging
        >>> with quiet(logging.LoggerAdapter(logging.getLogger("wrapped"), {})):
        ...     logging.getLogger("wrapped").isEnabledFor(logging.CRITICAL)
        False
    """
    real = getattr(logger, "logger", logger)
    before = real.level
    real.setLevel(_NOTHING)
    try:
        yield
    finally:
        real.setLevel(before)
