"""The audit trail: one line for every change that was asked for and every try to come in."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

from overt.flags.records import StoreError
from overt.system.clock import iso_utc
from overt.system.text import plain_text

_LONGEST = 500


class Trail:
    """Appends lines of JSON to a file; nothing here ever reads, changes or removes one.

    The file is opened for every line, so that it may be moved away at any time.

    Args:
        path: The file; made, readable by its owner alone, when it is missing.
        clock: Returns seconds since 1970 UTC.

    Example:
        >>> import tempfile
        >>> trail = Trail(Path(tempfile.mkdtemp()) / "audit.jsonl", clock=lambda: 0.0)
        >>> trail.write("login", by="ann", address="127.0.0.1")
        >>> trail.path.read_text()
        '{"at": "1970-01-01T00:00:00Z", "event": "login", "by": "ann", "address": "127.0.0.1"}\\n'
    """

    def __init__(self, path: Path, *, clock: Callable[[], float]) -> None:
        self.path, self._clock, self._lock = path, clock, threading.Lock()
        self.problem: str = ""
        """Why the last line could not be written; empty when it could."""

    def write(self, event: str, **what: str | bool) -> None:
        """Append a line.

        Raises:
            StoreError: It cannot be written; what was to be recorded must then not happen.
        """
        shown = {name: _short(value) for name, value in what.items()}
        line = json.dumps({"at": iso_utc(round(self._clock() * 1e9)), "event": event, **shown}) + "\n"
        try:
            with self._lock:
                self._append(line.encode("ascii"))
        except OSError as error:
            self.problem = f"the audit trail {self.path} cannot be written: {error.strerror or error}"
            raise StoreError(self.problem, "look at its permissions and disk") from error
        self.problem = ""

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, 0o600)
        try:
            if os.write(descriptor, line) < len(line):
                raise OSError(None, "the disk is full")
        finally:
            os.close(descriptor)


def _short(value: str | bool) -> str | bool:
    if isinstance(value, bool):
        return value
    text = " ".join(plain_text(value).split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
