"""What mkdocs says, kept instead of printed."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator


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


@contextlib.contextmanager
def quiet_mkdocs() -> Iterator[list[str]]:
    """Collect the warnings and errors of mkdocs while the block runs."""
    logger, messages = logging.getLogger("mkdocs"), _Messages()
    logger.addHandler(messages)
    try:
        yield messages.lines
    finally:
        logger.removeHandler(messages)
