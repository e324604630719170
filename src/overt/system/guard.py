"""Ends what a program has started when the program itself is killed and cannot do it any more."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from overt.system.strays import MARK

_WATCH = """\
import os, signal, sys
wanted = b"OVERT_MARK=" + sys.argv[1].encode()
sys.stdin.buffer.read()
for number in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open("/proc/" + number + "/environ", "rb") as stream:
            variables = stream.read().split(b"\\0")
        if any(one == wanted or one.startswith(wanted + b".") for one in variables):
            os.kill(int(number), signal.SIGKILL)
    except OSError:
        pass
"""


@contextlib.contextmanager
def guarding(mark: str) -> Iterator[None]:
    """Watch over the processes that carry a mark, for the time of a block.

    A small process reads from us until we are gone, however we went, and then ends what still carries the mark. On a
    system without `/proc`, nothing is watched.

    Args:
        mark: Beginning of the values of `OVERT_MARK`, see `overt.system.strays`.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    # A session of its own: a Ctrl-C at the terminal is for us to handle, not for the guard to die of.
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WATCH, mark],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name != MARK},
        cwd="/",
        start_new_session=True,
    ):
        yield
