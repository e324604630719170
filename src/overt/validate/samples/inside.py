"""Runs samples inside their folder, without a network where the system allows it.

It is run as a file by the project's own interpreter, which may be an old one and need not know overt.
"""

from __future__ import annotations

import ctypes
import doctest
import importlib
import json
import os
import struct
import sys
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
SET_FLAGS, UP = 0x8914, 1
REFUSED = 125


def leave_the_network() -> bool:
    """Move this process into a network of its own that has nothing but a loopback; tell whether that went well."""
    user, group = os.getuid(), os.getgid()
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(NEW_USER | NEW_NETWORK) != 0:
            return False
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            Path("/proc/self", name).write_text(text)
        _loopback_up()
    except (OSError, AttributeError):
        return False
    return True


def _loopback_up() -> None:
    import fcntl
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one.fileno(), SET_FLAGS, struct.pack("16sh", b"lo", UP))


def run_parts(spec: dict[str, Any]) -> None:
    """Run the parts of a specification one after the other, each leaving a line of JSON behind."""
    names = {"__name__": "__main__", "__builtins__": __builtins__}
    output = os.open(spec["output"], os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.argv[:] = ["sample"]
    for part in spec["parts"]:
        before, began = os.fstat(1).st_size, time.monotonic_ns()
        failure, line = _run_part(part, names)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        done = {"failure": failure, "line": line, "from": before, "to": os.fstat(1).st_size}
        done["ns"] = time.monotonic_ns() - began
        with Path(spec["results"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(done) + "\n")
        if failure and not spec["on"]:
            break


def _run_part(part: dict[str, Any], names: dict[str, Any]) -> tuple[str, int]:
    try:
        if part["how"] == "session":
            return _type_in(part, names)
        source = "\n" * (part["first"] - 1) + part["code"]
        exec(compile(source, part["path"], "exec"), names)  # noqa: S102 (a sample is code that its author wants run)
    except SystemExit as error:
        status = 0 if error.code is None else error.code
        return ("", 0) if status == part["exit"] else (f"it exited with {status}, not {part['exit']}", 0)
    except BaseException as error:  # noqa: BLE001 (whatever ends a sample is what is wrong with it)
        # Our own frame says nothing about the sample.
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        return "".join(traceback.format_exception(type(error), error, trace)), _line_of(error, part)
    return ("", 0) if part["exit"] == 0 else (f"it ended by itself, not with exit status {part['exit']}", 0)


def _line_of(error: BaseException, part: dict[str, Any]) -> int:
    if isinstance(error, SyntaxError) and error.filename == part["path"]:
        return error.lineno or 0
    lines = [number for frame, number in traceback.walk_tb(error.__traceback__) if _is_from(frame, part)]
    return lines[-1] if lines else 0


def _is_from(frame: FrameType, part: dict[str, Any]) -> bool:
    return bool(frame.f_code.co_filename == part["path"])


def _type_in(part: dict[str, Any], names: dict[str, Any]) -> tuple[str, int]:
    """Type a session of Python in and return how it differs from what it shows."""
    if part["module"]:
        names = dict(vars(importlib.import_module(part["module"])))
    test = doctest.DocTestParser().get_doctest(part["code"], names, part["path"], part["path"], part["first"] - 1)
    told: list[str] = []
    runner = _Runner(optionflags=doctest.ELLIPSIS)
    results = runner.run(test, out=told.append, clear_globs=False)
    if not part["module"]:
        names.update(test.globs)
    return ("", 0) if not results.failed else ("".join(told), runner.line)


class _Runner(doctest.DocTestRunner):
    """Knows the line of the first example that failed."""

    line = 0

    def _seen(self, test: doctest.DocTest, example: doctest.Example) -> None:
        self.line = self.line or (test.lineno or 0) + example.lineno + 1

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        self._seen(test, example)
        super().report_failure(out, test, example, got)

    def report_unexpected_exception(
        self, out: Any, test: doctest.DocTest, example: doctest.Example, exc_info: Any
    ) -> None:
        self._seen(test, example)
        super().report_unexpected_exception(out, test, example, exc_info)


def main(arguments: list[str]) -> int:
    """Run what the arguments say: `probe`, `parts FILE` or `program ARGV...`, alone or not."""
    alone, what, *rest = arguments
    if alone == "alone" and not leave_the_network():
        return REFUSED
    if what == "program":
        os.execvp(rest[0], rest)  # noqa: S606 (a shell that a sample needs is named in full)
    if what == "parts":
        run_parts(json.loads(Path(rest[0]).read_text(encoding="utf-8")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
