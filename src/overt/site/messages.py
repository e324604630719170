"""What mkdocs says, kept instead of printed."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator

_PAGE = re.compile(r"code/[^\s':]+\.md")


class _Messages(logging.Handler):
    """Keeps what mkdocs says instead of printing it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # The logger of a plugin puts the plugin's name before what it says.
        line = record.getMessage().removeprefix("overt: ")
        if line not in self.lines:
            self.lines.append(line)


class OfDocstrings(logging.Filter):
    """Takes out what is said of the words of docstrings: those are their project's, and no reason to have no site.

    Args:
        pages: Pages that docstrings are put on, relative to the documentation folder.
    """

    def __init__(self, pages: frozenset[str]) -> None:
        super().__init__()
        self._pages = pages

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to let a record pass."""
        if record.levelno > logging.WARNING:
            return True
        return self._pages.isdisjoint(_PAGE.findall(record.getMessage()))

    def put(self) -> None:
        """Put it before whoever hears mkdocs now."""
        for handler in logging.getLogger("mkdocs").handlers:
            handler.addFilter(self)

    def take_away(self) -> None:
        """Let them hear everything again."""
        for handler in logging.getLogger("mkdocs").handlers:
            handler.removeFilter(self)


@contextlib.contextmanager
def quiet_mkdocs() -> Iterator[list[str]]:
    """Collect the warnings and errors of mkdocs while the block runs."""
    logger, messages = logging.getLogger("mkdocs"), _Messages()
    logger.addHandler(messages)
    try:
        yield messages.lines
    finally:
        logger.removeHandler(messages)
