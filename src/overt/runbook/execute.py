"""Running one block: fresh process group, minimal environment, a time limit, nothing left behind."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from overt.runbook.place import Place
from overt.runbook.records import Block, Runbook
from overt.system.process import OUTPUT_LIMIT, Completed, run_process
from overt.system.strays import MARK, end_marked
from overt.system.text import plain_text

_MISSING = re.compile(r"(?P<name>[^\s:]+): (?:command not found|No such file or directory)\s*$", re.MULTILINE)
_COMMAND_NOT_FOUND = 127


@dataclass(frozen=True, slots=True)
class Ran:
    """What a block did.

    Args:
        exit_code: Its exit status; None when it was ended or did not start.
        duration_ns: Wall time, nanoseconds.
        output: What it printed; capped.
        fault: Why it did not go well, in words; empty when it did.
        started: Whether it could be started.
        left_behind: Whether processes outlived it; they were ended.
        cut: Whether it printed more than is kept.
    """

    exit_code: int | None
    duration_ns: int
    output: bytes
    fault: str = ""
    started: bool = True
    left_behind: bool = False
    cut: bool = False


def missing_environment(declared: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Return the declared variables that have no value and that the caller does not have.

    Args:
        declared: `NAME` or `NAME=value` each; a value counts wherever it stands.
        environment: The caller's.
    """
    given = {entry.partition("=")[0] for entry in declared if "=" in entry}
    return [entry for entry in dict.fromkeys(declared) if "=" not in entry and entry not in {*environment, *given}]


def minimal_environment(runbook: Runbook, place: Place, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of a block.

    Args:
        runbook: Declares what it needs beyond PATH, HOME, LANG and TMPDIR.
        place: Where it runs.
        environment: The caller's.
    """
    # Our own folder first: `overt` and `python` in a runbook mean the ones that rehearse it.
    own = str(Path(sys.executable).parent)
    made = {
        "PATH": os.pathsep.join([own, environment.get("PATH", os.defpath)]),
        "HOME": str(place.home),
        "LANG": "C.UTF-8",
        "TMPDIR": str(place.temporary),
        "PYTHONDONTWRITEBYTECODE": "1",
        MARK: place.mark,
    }
    for entry in (*runbook.env, *place.variables):  # what the place says of itself is nearer to the truth
        name, given, value = entry.partition("=")
        if given:
            made[name] = value
        elif name in environment:
            made[name] = environment[name]
    return made


def argv_of(block: Block, environment: Mapping[str, str]) -> list[str]:
    """Return program and arguments of a block."""
    if block.language == "python":
        return [sys.executable, "-c", block.body]
    bash = shutil.which("bash", path=environment["PATH"]) or "bash"
    return [bash, "-euo", "pipefail", "-c", block.body]


def fault_of(done: Completed, seconds: float) -> str:
    """Return why a program did not go well, in words; empty when it did."""
    if done.failure:
        return f"could not be started: {done.failure}"
    if done.timed_out:
        return f"did not end within {seconds:g} s and was ended with everything it had started"
    if done.signal is not None:
        return f"was ended by signal {done.signal}"
    if done.exit_code == _COMMAND_NOT_FOUND:
        named = _MISSING.search(plain_text(done.output))
        return f"calls a command that is not there: {named['name']}" if named else "calls a command that is not there"
    return f"ended with exit status {done.exit_code}" if done.exit_code else ""


def execute(block: Block, place: Place, environment: Mapping[str, str]) -> Ran:
    """Run a block to its end or its time limit, where it belongs.

    Args:
        block: What to run.
        place: Where.
        environment: The whole environment of the block.
    """
    done = run_process(argv_of(block, environment), cwd=place.project, env=environment, timeout=block.seconds)
    strays = end_marked(place.mark)
    return Ran(
        exit_code=done.exit_code,
        duration_ns=done.duration_ns,
        output=done.output,
        fault=fault_of(done, block.seconds),
        started=not done.failure,
        left_behind=done.left_behind or (bool(strays) and not done.timed_out),
        cut=done.output_bytes > OUTPUT_LIMIT,
    )
