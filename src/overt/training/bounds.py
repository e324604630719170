"""The bounds that learner code runs in; set inside the process that runs it, before any of it is loaded.

They keep mistakes from doing harm. They are no wall against somebody who means to get out: nobody runs a
stranger's answer here, only their own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Final

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_STARTING: Final = frozenset(
    {"os.fork", "os.forkpty", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.Popen", "pty.spawn"}
)
_KILLING: Final = frozenset({"os.kill", "os.killpg", "signal.pthread_kill"})
_TALKING: Final = frozenset({"socket.connect", "socket.bind", "socket.sendto"})
_TOUCHING: Final = frozenset(
    {"os.remove", "os.rmdir", "os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"}
    | {"shutil.rmtree", "os.utime", "os.mkfifo", "os.mknod"}
)
_FILE_BYTES: Final = 8_000_000
_DESCRIPTORS: Final = 128


def limits(*, memory: int, seconds: int) -> dict[int, int]:
    """Return the limits of memory, processor time, size of files and open files; none where the system has none.

    Args:
        memory: Bytes of address space.
        seconds: Processor time.
    """
    try:
        import resource
    except ImportError:
        return {}
    return {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: _FILE_BYTES,
        resource.RLIMIT_NOFILE: _DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
    }


def _outside(path: object, folder: str) -> str:
    """Return a path that lies outside a folder, absolute; empty when it lies inside or is a descriptor."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return ""
    whole = os.path.realpath(os.fsdecode(path))
    return "" if whole == os.devnull or whole.startswith(folder + os.sep) else whole


def refusal(event: str, arguments: tuple[object, ...], folder: str) -> str:
    """Return why an event is not allowed; empty when it is.

    Args:
        event: Name of an audit event of the interpreter.
        arguments: Its arguments.
        folder: The one folder that may be written, real path.

    Example:
        >>> refusal("os.fork", (), "/tmp/x")
        'starting processes (os.fork)'
    """
    if event == "open":
        flags = arguments[2]
        outside = _outside(arguments[0], folder) if isinstance(flags, int) and flags & _WRITING else ""
        return f"writing outside its folder: {outside}" if outside else ""
    if event in _STARTING:
        return f"starting processes ({event})"
    if event in _KILLING:
        return f"ending processes ({event})"
    if event in _TALKING:
        return f"using the network ({event})"
    if event in _TOUCHING:
        outside = next(filter(None, (_outside(argument, folder) for argument in arguments[:2])), "")
        return f"changing something outside its folder: {outside}" if outside else ""
    return ""


def forbid(folder: str, report: Callable[[str], None]) -> None:
    """Refuse what an answer has no reason to do, from now to the end of this process.

    Args:
        folder: The one folder that may be written.
        report: Told of each refusal, so that code which swallows the error cannot hide it.
    """
    real = os.path.realpath(folder)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        why = refusal(event, arguments, real)
        if why:
            report(why)
            raise PermissionError(f"an answer may not do this: {why}")

    sys.addaudithook(watch)
