"""Runs checks on an answer; a program of its own, started by `overt.training.runner` for each try.

What it sees goes line by line into a file that was opened before the answer was loaded, so that an answer which
ends the process, fills the output or swallows errors still leaves what was seen up to then.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from overt.training.probes import Answer

_MESSAGE_LIMIT = 600


def _load(name: str, path: str) -> ModuleType:
    import importlib.util

    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _told(error: BaseException, answer: Path) -> str:
    """Return an error in one line, with the last line of the answer that it passed."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}" if error.lineno else error.msg
    if isinstance(error, MemoryError):
        return "it needs more memory than an answer may have"
    if isinstance(error, SystemExit):
        return "it ends the whole program (sys.exit)"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(answer)]
    text = str(error).partition("\n")[0] or type(error).__name__
    if isinstance(error, AssertionError):
        return text
    place = f"line {lines[-1]}: " if lines else ""
    return f"{place}{type(error).__name__}: {text}"


def _attempt(action: Callable[[], object], answer: Path) -> str:
    """Return why an action fails; empty when it does not."""
    try:
        action()
    except BaseException as error:  # noqa: BLE001 -- an answer may raise anything at all
        return _told(error, answer)[:_MESSAGE_LIMIT] or "it fails"
    return ""


def _checks(order: dict[str, Any], answer: Answer, say: Callable[..., None]) -> None:
    module = _load("checks", order["checks"])
    for name in order["names"]:
        say(begin=name)
        check = getattr(module, f"check_{name}")
        started = time.monotonic_ns()
        message = _attempt(lambda check=check: check(answer), answer.path)  # type: ignore[misc]
        say(end=name, ok=not message, message=message, ns=time.monotonic_ns() - started)


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


def main(path: str) -> None:
    """Carry out an order: bound this process, load the answer, run the checks.

    Args:
        path: File of the order, JSON.
    """
    order = json.loads(Path(path).read_text("utf-8"))
    sys.path[:0] = order["import_from"]
    from overt.training.bounds import forbid, limits
    from overt.training.probes import Answer

    seen = os.open(order["results"], os.O_WRONLY | os.O_APPEND)

    def say(**line: object) -> None:
        os.write(seen, json.dumps(line).encode() + b"\n")

    answer = Answer(Path(order["answer"]))
    say(limited=_limit(limits(memory=order["memory"], seconds=order["seconds"])))
    forbid(order["folder"], lambda why: say(refused=why))
    say(begin="")
    message = _attempt(answer.load, answer.path)
    say(end="", ok=not message, message=message, ns=0)
    if not message and order["names"]:
        _checks(order, answer, say)
    say(done=True)


if __name__ == "__main__":
    main(sys.argv[1])
