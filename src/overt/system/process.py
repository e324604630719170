"""The one way to run another program: in a group of its own, within limits, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from overt.system.strays import group_lives

OUTPUT_LIMIT = 1_000_000
"""Bytes of output kept by default: the first and the last half of this."""

_GRACE_SECONDS = 2.0
_SETTLE_SECONDS = 0.1
_CANCEL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Completed:
    """What a program did.

    Args:
        argv: Program and arguments.
        exit_code: Exit status; None when a signal ended it or it never started.
        signal: Number of the signal that ended it; None when it ended by itself.
        timed_out: Whether the time limit ended it.
        start_ns: Start, nanoseconds since 1970 UTC.
        duration_ns: Wall time, nanoseconds.
        cpu_ns: Processor time of the program and the children it waited for, nanoseconds.
        peak_bytes: Largest resident memory of the program, bytes; 0 when the system does not tell. Linux counts what
            we had in use when we started it, so it is never less than that.
        output: Standard output and error together, in order; capped.
        output_bytes: How many bytes were written in all.
        failure: Why it could not be started; empty when it was.
        left_behind: Whether processes of its group were still alive when it ended; they were killed.
        cancelled: Whether the caller's `cancel` event ended it.
    """

    argv: tuple[str, ...]
    exit_code: int | None
    signal: int | None
    timed_out: bool
    start_ns: int
    duration_ns: int
    cpu_ns: int
    peak_bytes: int
    output: bytes
    output_bytes: int
    failure: str = ""
    left_behind: bool = False
    cancelled: bool = False

    @property
    def ok(self) -> bool:
        """Whether it ran to its end and exited 0."""
        return self.exit_code == 0 and not self.timed_out and not self.cancelled and not self.failure


class _Tail:
    """Keeps the first and the last half of what was written."""

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._head, self._tail = bytearray(), bytearray()
        self.total = 0

    def add(self, chunk: bytes) -> None:
        self.total += len(chunk)
        room = self._half - len(self._head)
        if room > 0:
            self._head += chunk[:room]
            chunk = chunk[room:]
        self._tail += chunk
        if len(self._tail) > 2 * self._half:
            del self._tail[: -self._half]

    def value(self) -> bytes:
        tail = bytes(self._tail[-self._half :]) if self._half else b""
        cut = self.total - len(self._head) - len(tail)
        gap = f"\n[... {cut} bytes left out ...]\n".encode() if cut else b""
        return bytes(self._head) + gap + tail


def _pump(stream: IO[bytes], tail: _Tail, on_output: Callable[[bytes], None] | None) -> None:
    while chunk := stream.read1(65536):  # type: ignore[attr-defined]  # a buffered reader has read1
        tail.add(chunk)
        if on_output:
            on_output(chunk)


class _Child:
    """A started program whose end, status and use of resources one thread waits for."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.peak_bytes = self.cpu_ns = 0
        self._ended = threading.Event()
        self._reaper = threading.Thread(target=self._reap, daemon=True)

    def watch(self) -> None:
        """Begin to wait for the end."""
        self._reaper.start()

    def _reap(self) -> None:
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        unit = 1 if sys.platform == "darwin" else 1024
        self.peak_bytes = usage.ru_maxrss * unit
        self.cpu_ns = round((usage.ru_utime + usage.ru_stime) * 1e9)
        self._ended.set()

    def wait(self, seconds: float | None) -> bool:
        """Wait for the end; False when the time came first."""
        return self._ended.wait(seconds)

    def wait_or_cancel(self, seconds: float | None, cancel: threading.Event | None) -> bool:
        """Wait for the end; False when the time or the cancellation came first."""
        if cancel is None:
            return self.wait(seconds)
        deadline = None if seconds is None else time.monotonic() + seconds
        while not cancel.is_set():
            left = _CANCEL_SECONDS if deadline is None else min(_CANCEL_SECONDS, deadline - time.monotonic())
            if self.wait(max(left, 0)):
                return True
            if left <= 0:
                return False
        return self.wait(0)

    def signal_group(self, number: int) -> bool:
        """Signal the whole group; False when nothing of it is left."""
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def await_empty_group(self, seconds: float = 1.0) -> bool:
        """Give members of the group the moment that they need to be gone; True when none runs any more."""
        deadline = time.monotonic() + seconds
        while lives := group_lives(self.process.pid):
            if time.monotonic() > deadline:
                break
            time.sleep(0.005)
        return not lives

    def end(self) -> None:
        """End the group: ask first, then force."""
        self.signal_group(signal.SIGTERM)
        self.wait(_GRACE_SECONDS)
        self.signal_group(signal.SIGKILL)
        self.wait(_GRACE_SECONDS)


def _feed(stream: IO[bytes] | None, data: bytes) -> None:
    if stream is not None:
        with contextlib.suppress(BrokenPipeError), stream:
            stream.write(data)


def run_process(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    stdin: bytes = b"",
    output_limit: int = OUTPUT_LIMIT,
    on_output: Callable[[bytes], None] | None = None,
    keep_stderr: bool = True,
    cancel: threading.Event | None = None,
    errors: IO[bytes] | None = None,
) -> Completed:
    """Run a program to its end, its time limit or an interrupt; its whole group ends with it.

    Args:
        argv: Program and arguments; no shell.
        cwd: Folder to run in.
        env: The whole environment; None inherits ours.
        timeout: Seconds until the group is killed; None for no limit.
        stdin: What it reads; nothing by default.
        output_limit: Bytes of output to keep.
        on_output: Called with each chunk as it comes, from another thread.
        keep_stderr: Whether standard error joins the output; dropped otherwise.
        cancel: Ends the group when it is set, which another thread may do.
        errors: File that standard error goes to instead of the output.

    Raises:
        KeyboardInterrupt: The user pressed Ctrl-C; the group has been ended.

    Example:
        >>> import sys
        >>> run_process([sys.executable, "-c", "print(6 * 7)"], cwd=Path.cwd()).output
        b'42\\n'
    """
    start_ns, started, tail = time.time_ns(), time.monotonic_ns(), _Tail(output_limit)
    try:
        stderr = errors or (subprocess.STDOUT if keep_stderr else subprocess.DEVNULL)
        process = _start(argv, cwd, env, wants_input=bool(stdin), stderr=stderr)
    except (OSError, ValueError) as error:
        return Completed(tuple(argv), None, None, False, start_ns, 0, 0, 0, b"", 0, failure=str(error))  # noqa: FBT003
    child = _Child(process)
    pump = threading.Thread(target=_pump, args=(process.stdout, tail, on_output), daemon=True)
    try:
        child.watch()
        pump.start()
        _feed(process.stdin, stdin)
        ended = child.wait_or_cancel(timeout, cancel)
    finally:
        left_behind = _finish(child, pump)
    done = _completed(argv, child, tail, start_ns=start_ns, duration_ns=time.monotonic_ns() - started)
    cancelled = not ended and cancel is not None and cancel.is_set()
    return replace(done, timed_out=not ended and not cancelled, cancelled=cancelled, left_behind=left_behind and ended)


def _completed(argv: Sequence[str], child: _Child, tail: _Tail, *, start_ns: int, duration_ns: int) -> Completed:
    status = child.process.returncode
    return Completed(
        argv=tuple(argv),
        exit_code=status if status is not None and status >= 0 else None,
        signal=-status if status is not None and status < 0 else None,
        timed_out=False,
        start_ns=start_ns,
        duration_ns=duration_ns,
        cpu_ns=child.cpu_ns,
        peak_bytes=child.peak_bytes,
        output=tail.value(),
        output_bytes=tail.total,
    )


def _start(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None, *, wants_input: bool, stderr: int | IO[bytes]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        list(argv),
        cwd=cwd,
        env=None if env is None else dict(env),
        stdin=subprocess.PIPE if wants_input else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    )


def _finish(child: _Child, pump: threading.Thread) -> bool:
    """End what is still running and read the rest of the output; True when the program left others behind."""
    # A process substitution ends by itself a moment after its shell.
    left_behind = child.wait(0) and not child.await_empty_group(_SETTLE_SECONDS)
    if not child.wait(0):
        child.end()
    child.signal_group(signal.SIGKILL)
    child.await_empty_group()
    if pump.ident is not None:
        pump.join(_GRACE_SECONDS)
    if child.process.stdout is not None and not pump.is_alive():
        child.process.stdout.close()
    return left_behind
