"""A shell in a pseudo-terminal, and somebody who types into it and reads what it shows."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

CTRL_C = "\x03"
PATIENCE = 120.0
"""Seconds until what is waited for counts as never coming; generous, since a busy machine is slow, not wrong."""
_PROMPT = re.compile(r"<(\d+)>> $")
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# A terminal becomes that of a session when its leader opens it; Ctrl-C reaches only a session that has one.
_LEAD = "import os, sys; os.open(os.ttyname(0), os.O_RDWR); os.execvp(sys.argv[1], sys.argv[1:])"


class Terminal:
    """A shell whose window somebody looks at.

    Args:
        folder: Where the shell begins.
        environment: The whole environment of the shell; `PS1` is set here.
        columns: Width of the window.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], *, columns: int = 80) -> None:
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(self._ours, (24, columns))
        self._shell = subprocess.Popen(
            [sys.executable, "-c", _LEAD, "sh", "-i"],
            cwd=folder,
            env={**environment, "PS1": "<$?>> "},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._seen = ""
        self._await_prompt()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing the window hangs up on what runs in it.
        os.close(self._ours)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._shell.wait(PATIENCE)
        if self._shell.poll() is None:
            self._shell.send_signal(signal.SIGKILL)
            self._shell.wait()

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._ours, text.encode())

    def run(self, line: str) -> tuple[int, str]:
        """Type a command and read what it shows until it has ended; return its exit status and that."""
        self.begin(line)
        return self.end()

    def begin(self, line: str) -> None:
        """Type a command."""
        self._seen = ""
        self.type(line + "\n")

    def end(self) -> tuple[int, str]:
        """Read until the command has ended; return its exit status, and what it has shown since it was typed."""
        status = self._await_prompt()
        shown = self._seen.partition("\n")[2]
        return status, _PROMPT.sub("", shown)

    def await_text(self, text: str, times: int = 1) -> None:
        """Read until a text was shown so many times since the command was typed."""
        self._await(lambda: self._seen.count(text) >= times, f"{text!r} was not shown {times} times")

    def _await_prompt(self) -> int:
        self._await(lambda: _PROMPT.search(self._seen) is not None, "the command did not end")
        found = _PROMPT.search(self._seen)
        assert found is not None
        return int(found[1])

    def _await(self, done: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            ready, _, _ = select.select([self._ours], [], [], max(deadline - time.monotonic(), 0))
            assert ready, f"{otherwise}; the terminal shows: {self._seen[-2000:]}"
            self._seen += os.read(self._ours, 65536).decode("utf-8", "replace").replace("\r\n", "\n")


def without_codes(text: str) -> str:
    """Return what was shown without colours."""
    return _CODES.sub("", text)
