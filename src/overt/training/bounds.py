"""The bounds that learner code runs in; set inside the process that runs it, before any of it is loaded.

They keep mistakes from doing harm. They are no wall against somebody who means to get out: nobody runs a
stranger's answer here, only their own.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable
from typing import Final, NamedTuple

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_STARTING: Final = frozenset(
    {"os.fork", "os.forkpty", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"}
    | {"subprocess.Popen", "pty.spawn"}
)
_KILLING: Final = frozenset({"os.kill", "os.killpg", "signal.pthread_kill"})
_TALKING: Final = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}
)
_LOOSENING: Final = frozenset({"resource.setrlimit", "resource.prlimit"})
_TOUCHING: Final = frozenset(
    {"os.remove", "os.rmdir", "os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"}
    | {"shutil.rmtree", "os.utime", "os.mkfifo", "os.mknod", "sqlite3.connect"}
)
_MAKING: Final = frozenset({"os.mkdir", "sqlite3.connect"})
_FILE_BYTES: Final = 2_000_000
_FILES: Final = 200
_DESCRIPTORS: Final = 128
_PROCESSES: Final = 4096


class Own(NamedTuple):
    """What an answer may and may not touch.

    Args:
        folder: The one folder that it may write.
        answer: Its own file.
        hidden: Folder that holds its checks and its solution; empty when there is none.
    """

    folder: str
    answer: str
    hidden: str = ""


def limits(*, memory: int, seconds: int) -> dict[int, int]:
    """Return the limits of memory, processor time, files and processes; none where the system has none.

    Args:
        memory: Bytes of address space.
        seconds: Processor time.
    """
    try:
        import resource
    except ImportError:
        return {}
    _, most = resource.getrlimit(resource.RLIMIT_NPROC)
    return {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: _FILE_BYTES,
        resource.RLIMIT_NOFILE: _DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
        # It counts all processes of the user, so it cannot be small; the superuser has no such limit.
        resource.RLIMIT_NPROC: _PROCESSES if most == resource.RLIM_INFINITY else min(most, _PROCESSES),
    }


def _inside(path: object, folder: str) -> str:
    """Return a path that lies inside a folder, absolute; empty when it does not or is a descriptor."""
    whole = os.path.realpath(os.fsdecode(path)) if isinstance(path, (str, bytes, os.PathLike)) else ""
    return whole if whole.startswith(folder + os.sep) else ""


def _outside(path: object, folder: str) -> str:
    """Return a path that lies outside a folder, absolute; empty when it lies inside or is a descriptor."""
    if not isinstance(path, (str, bytes, os.PathLike)) or path in {":memory:", b":memory:"}:
        return ""
    whole = os.path.realpath(os.fsdecode(path))
    return "" if whole == os.devnull or whole.startswith(folder + os.sep) else whole


def _writes(event: str, arguments: tuple[object, ...]) -> bool:
    return event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)


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
    if _writes(event, arguments):
        outside = _outside(arguments[0], folder)
        return f"writing outside its folder: {outside}" if outside else ""
    if event in _STARTING:
        return f"starting processes ({event})"
    if event in _KILLING:
        return f"ending processes ({event})"
    if event in _TALKING:
        return f"using the network ({event})"
    if event in _LOOSENING:
        return f"changing its own limits ({event})"
    if event in _TOUCHING:
        outside = next(filter(None, (_outside(argument, folder) for argument in arguments[:2])), "")
        return f"changing something outside its folder: {outside}" if outside else ""
    return ""


def _is_acting(answer: str, hidden: str) -> bool:
    """Tell whether the answer does what happens now, rather than the checks that it is in the hands of."""
    frame = sys._getframe(1)  # noqa: SLF001 -- the one way to ask who calls
    while frame is not None:
        if frame.f_code.co_filename == answer:
            return True
        if frame.f_code.co_filename.startswith(hidden + os.sep):
            return False
        frame = frame.f_back  # type: ignore[assignment]
    return False


def forbid(own: Own, report: Callable[[str], None]) -> None:
    """Refuse what an answer has no reason to do, from now to the end of this process.

    Args:
        own: What is the answer's.
        report: Told of each refusal, so that code which swallows the error cannot hide it.
    """
    folder, hidden = os.path.realpath(own.folder), os.path.realpath(own.hidden) if own.hidden else ""
    made = itertools.count(1)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        why = refusal(event, arguments, folder)
        if not why and (event in _MAKING or _writes(event, arguments)) and next(made) > _FILES:
            why = f"making more than {_FILES} files"
        if not why and event == "open" and hidden and _inside(arguments[0], hidden) and _is_acting(own.answer, hidden):
            why = "reading what it is checked with"
        if why:
            report(why)
            raise PermissionError(f"an answer may not do this: {why}")

    sys.addaudithook(watch)
