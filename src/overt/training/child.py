"""Runs checks on an answer; a program of its own, started by `overt.training.runner` for each try.

What it sees goes line by line into a file that was opened before the answer was loaded, so that an answer which
ends the process, fills the output or swallows errors still leaves what was seen up to then. Each line carries a key
that the answer is not told, and what checks the answer is loaded before the answer and held against that afterwards.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from overt.training.probes import Answer

LOST: Final = 97
"""Exit status of a process that cannot say any more what it saw."""
FULL: Final = 98
"""Exit status of a process that has no memory left to say what it saw."""
TOO_MUCH: Final = "it needs more memory than an answer may have"
_MESSAGE_LIMIT = 600
_SPARE_SECONDS = 5
_ANSWER: Final = "answer"
Say = Callable[..., None]


def _load(name: str, path: str) -> ModuleType:
    import importlib.util

    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _text(error: BaseException) -> str:
    """Return the first line of what an error says; its class when it says nothing, or fails to."""
    with contextlib.suppress(Exception):
        return str(error).partition("\n")[0] or type(error).__name__
    return f"{type(error).__name__}, which cannot be shown"


def _told(error: BaseException, answer: Path) -> str:
    """Return an error in one line, with the last line of the answer that it passed."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg)
    if isinstance(error, MemoryError):
        return TOO_MUCH
    if isinstance(error, SystemExit):
        return "it ends the whole program (sys.exit)"
    text = _text(error)
    passed = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    if isinstance(error, AssertionError) and passed[-1][0] != str(answer):
        return text
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType) and error.obj.__name__ == _ANSWER:
        return f"your file has no {error.name!r}, which is used from outside: keep that name"
    lines = [line for file, line in passed if file == str(answer)]
    place = f"line {lines[-1]}: " if lines else ""
    if isinstance(error, KeyboardInterrupt):
        return f"{place}it raises KeyboardInterrupt, which means that somebody pressed Ctrl-C"
    return f"{place}{type(error).__name__}" + (f": {text}" if text != type(error).__name__ else "")


def _attempt(action: Callable[[], object], answer: Path) -> str:
    """Return why an action fails; empty when it does not."""
    try:
        action()
    except BaseException as error:  # noqa: BLE001 -- an answer may raise anything at all
        return _told(error, answer)[:_MESSAGE_LIMIT] or "it fails"
    return ""


def _limit(wanted: dict[int, int]) -> bool:
    """Limit the resources of this process; True when the system can."""
    try:
        import resource
    except ImportError:
        return False
    for kind, most in wanted.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))
    return bool(wanted)


def _end_some_day(seconds: int) -> None:
    """Have the system end this process when nobody is left who would: whoever started it may have been killed."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + _SPARE_SECONDS)


def _speaker(path: str, key: str) -> Say:
    """Return what writes a line into the file of results; it ends the process when the file was closed."""
    seen = os.open(path, os.O_WRONLY | os.O_APPEND)
    # Held here: what an answer puts in their place in those modules is not what speaks.
    about, look, write, encode, leave = os.fstat(seen), os.fstat, os.write, json.dumps, os._exit

    def say(**line: object) -> None:
        try:
            now = look(seen)
            if (now.st_dev, now.st_ino) != (about.st_dev, about.st_ino):
                leave(LOST)
            write(seen, encode({"key": key, **line}).encode() + b"\n")
        except OSError:
            leave(LOST)

    return say


def _run(
    answer: Answer, checks: Sequence[tuple[str, Callable[..., object]]], say: Say, broken: Callable[[], str]
) -> None:
    """Load the answer, and when that works carry out the checks one after the other."""
    steps: list[tuple[str, Callable[[], object]]] = [("", answer.load)]
    steps += [(name, lambda check=check: check(answer)) for name, check in checks]  # type: ignore[misc]
    attempt, clock, path = _attempt, time.monotonic_ns, answer.path
    for name, action in steps:
        say(begin=name)
        started = clock()
        message = attempt(action, path)
        changed = broken()
        say(end=name, message=f"it changes what checks it: {changed}" if changed else message, ns=clock() - started)
        if message and not name:
            break
    say(done=True)


def main() -> None:
    """Carry out the order that stands on standard input: bound this process, load the answer, run the checks."""
    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    sys.path[:0] = order["import_from"]
    from overt.training import bounds, probes
    from overt.training.seal import seal

    _end_some_day(order["seconds"])
    say = _speaker(order["results"], order["key"])
    answer = probes.Answer(Path(order["answer"]))
    checks = _load("checks", order["checks"]) if order["names"] else ModuleType("checks")
    named = [(name, getattr(checks, f"check_{name}")) for name in order["names"]]
    broken = seal(checks, probes, sys.modules[__name__], json, os, builtins)
    say(limited=_limit(bounds.limits(memory=order["memory"], seconds=order["seconds"])))
    own = bounds.Own(folder=order["folder"], answer=order["answer"], hidden=order["hidden"])
    bounds.forbid(own, lambda why: say(refused=why))
    del order
    leave = os._exit
    try:
        _run(answer, named, say, broken)
    except MemoryError:
        # The answer holds all of it, so that not even its failure can be written down.
        leave(FULL)


if __name__ == "__main__":
    main()
