"""Runs checks on an answer in fresh, bounded processes, and says what happened in the learner's words."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import overt
from overt.system.process import Completed, run_process
from overt.system.strays import MARK, end_marked
from overt.system.text import plain_text
from overt.training.child import FULL, LOST, TOO_MUCH
from overt.training.records import CheckAbout

MEMORY: Final = 768 * 1024 * 1024
"""Bytes of address space that an answer may have."""
SECONDS: Final = 12.0
"""Time that an answer may take for one check."""
OUTPUT: Final = 200_000
"""Bytes that an answer may print."""
LOADS: Final = CheckAbout("it_loads", "The file can be imported.")
"""What is tried before the checks of an exercise."""
_SHOWN: Final = 2000
_PASSES: Final = 100


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How a check went.

    Args:
        name: Its name.
        about: What it demands.
        ok: Whether the answer does.
        message: What happened instead; empty when it does.
        output: What the answer printed meanwhile; capped.
    """

    name: str
    about: str
    ok: bool
    message: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may use.

    Args:
        seconds: Wall time for one process.
        memory: Bytes of address space.
    """

    seconds: float = SECONDS
    memory: int = MEMORY


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one process left.

    Args:
        done: How it ended.
        ends: Why each step failed, empty when it did not; the step "" loads the answer.
        refused: What was refused in each step.
        trouble: What is wrong with the results themselves; empty when nothing is.
        finished: Whether all steps came to their end.
        strays: Whether processes were left behind.
    """

    done: Completed
    ends: dict[str, str]
    refused: dict[str, str]
    trouble: str
    finished: bool
    strays: bool

    @property
    def unsure(self) -> bool:
        """Whether something happened that cannot be told to belong to one step."""
        return bool(self.strays or self.trouble or self.done.output_bytes > OUTPUT)

    def loading(self) -> CheckResult:
        """Return whether the answer can be loaded, whatever came after."""
        if "" in self.ends and not self.ends[""] and not self.unsure and "" not in self.refused:
            return CheckResult(LOADS.name, LOADS.about, ok=True)
        return self.verdict(LOADS)

    def verdict(self, check: CheckAbout) -> CheckResult:
        """Return how one check went, the outermost trouble first."""
        output = plain_text(self.done.output)[:_SHOWN]
        return CheckResult(check.name, check.about, not (message := self._message(check)), message, output)

    def _message(self, check: CheckAbout) -> str:
        step = check.name if check is not LOADS else ""
        if self.trouble:
            return self.trouble
        if step not in self.ends:
            return self._ended("before the check was over")
        if self.ends[step]:
            return plain_text(self.ends[step])[:_SHOWN]
        if self.done.output_bytes > OUTPUT:
            return f"it prints {self.done.output_bytes:,} bytes; at most {OUTPUT:,} are read"
        if step in self.refused:
            return f"it tries what an answer may not do: {plain_text(self.refused[step])}"
        if self.strays:
            return "it leaves processes behind; they were ended"
        if self.finished and not self.done.ok:
            return self._ended("after the checks")
        return ""

    def _ended(self, when: str) -> str:
        """Return how the process ended, which it should not have, or not so."""
        done = self.done
        if done.failure:
            return f"Python could not be started: {done.failure}"
        if done.timed_out:
            return (
                "it does not end: a thread or an exit function of it goes on after the checks"
                if self.finished
                else f"it did not end within {done.duration_ns / 1e9:.0f} s: is there a loop that never ends?"
            )
        if done.signal is not None:
            return f"the process was ended by signal {_signal(done.signal)}"
        if done.exit_code == FULL:
            return TOO_MUCH
        if done.exit_code == LOST:
            return "it closes files that are not its own, so that nothing can be reported any more"
        return f"it ended the process with exit status {done.exit_code} {when}"


def _signal(number: int) -> str:
    try:
        return f"{number} ({signal.Signals(number).name})"
    except ValueError:
        return str(number)


def _order(folder: Path, checks: Path | None, names: Sequence[str], limits: Limits, key: str) -> bytes:
    """Return what the process is to do."""
    inside = folder / "here"
    order = {
        "answer": str(inside / "answer.py"),
        # The process works in a folder of its own, where a path from here leads nowhere.
        "checks": str(checks.resolve()) if checks else "",
        "hidden": str(checks.resolve().parent) if checks else "",
        "names": list(names),
        "results": str(folder / "results"),
        "key": key,
        "folder": str(inside),
        "memory": limits.memory,
        "seconds": int(limits.seconds) + 1,
        # An isolated interpreter does not look where ours was told to.
        "import_from": [str(Path(overt.__file__).parent.parent)],
    }
    return json.dumps(order).encode()


def _remove(folder: Path) -> None:
    """Remove a folder with everything in it, also what was made read-only."""
    for path, inner, _ in os.walk(folder):
        for below in (Path(path, name) for name in inner):
            with contextlib.suppress(OSError):
                if not below.is_symlink():
                    below.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _end_strays(mark: str) -> bool:
    """End what carries a mark until nothing does, since it may be busy making more; True when there was something."""
    passes = 0
    while end_marked(mark) and passes < _PASSES:
        passes += 1
    return passes > 0


def _run(source: bytes, checks: Path | None, names: Sequence[str], limits: Limits) -> _Seen:
    """Run checks on an answer in one fresh process in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="overt-answer-")).resolve()
    try:
        inside, key = folder / "here", secrets.token_hex(16)
        inside.mkdir()
        (inside / "answer.py").write_bytes(source)
        (folder / "results").touch()
        environment = {
            "LANG": "C.UTF-8",
            "HOME": str(inside),
            "TMPDIR": str(inside),
            "PATH": "",
            # Without this every thread reserves 128 MB of addresses.
            "MALLOC_ARENA_MAX": "1",
            MARK: folder.name,
        }
        done = run_process(
            [sys.executable, "-I", "-B", str(Path(__file__).with_name("child.py"))],
            cwd=inside,
            env=environment,
            timeout=limits.seconds,
            stdin=_order(folder, checks, names, limits, key),
            output_limit=OUTPUT,
        )
        strays = _end_strays(folder.name) and not done.timed_out
        results = (folder / "results").read_bytes() if (folder / "results").is_file() else b""
        return _read(done, results, key, strays=strays or done.left_behind)
    finally:
        _end_strays(folder.name)
        _remove(folder)


def _read(done: Completed, results: bytes, key: str, *, strays: bool) -> _Seen:
    """Take the results apart; a line that the process did not write itself spoils all of them."""
    ends, refused = dict[str, str](), dict[str, str]()
    step, trouble, finished = "", "", False
    for text in results.splitlines():
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            line = {}
        if not isinstance(line, dict) or line.get("key") != key or line.get("end") in ends or finished:
            trouble = "it writes into the results of its own check"
            break
        step = line.get("begin", step)
        if "end" in line:
            ends[line["end"]] = line["message"]
        if "refused" in line:
            refused.setdefault(step, line["refused"])
        finished = "done" in line
    return _Seen(done, ends, refused, trouble, finished, strays)


def try_checks(
    source: bytes, checks: Path, wanted: Sequence[CheckAbout], *, limits: Limits | None = None
) -> Iterator[CheckResult]:
    """Check an answer, each check in a process of its own, and yield each result as it comes.

    An answer that cannot be imported is told once. After a check that does not end, the rest is not tried.

    Args:
        source: The answer.
        checks: The file that holds the checks.
        wanted: Which checks, in order.
        limits: What the answer may use, for each check.
    """
    limits, stuck = limits or Limits(), ""
    for number, check in enumerate(wanted):
        if stuck:
            yield CheckResult(check.name, check.about, ok=False, message=f"not tried, since {stuck} does not end")
            continue
        seen = _run(source, checks, [check.name], limits)
        if number == 0:
            # Whether it can be imported is seen in passing, unless something is wrong that may have happened there.
            first = (_run(source, checks, (), limits) if seen.unsure else seen).loading()
            if not first.ok:
                yield first
                return
        yield seen.verdict(check)
        stuck = check.name if seen.done.timed_out else ""


def run_checks(
    source: bytes, checks: Path, wanted: Sequence[CheckAbout], *, limits: Limits | None = None
) -> tuple[CheckResult, ...]:
    """Check an answer as `try_checks` does, and return the results together.

    Args:
        source: The answer.
        checks: The file that holds the checks.
        wanted: Which checks, in order.
        limits: What the answer may use, for each check.
    """
    return tuple(try_checks(source, checks, wanted, limits=limits))


def run_together(
    source: bytes, checks: Path, wanted: Sequence[CheckAbout], *, limits: Limits | None = None
) -> tuple[CheckResult, ...]:
    """Run checks one after the other in a single process, so that what one leaves behind can harm the next.

    Args:
        source: The answer.
        checks: The file that holds the checks.
        wanted: Which checks, in order.
        limits: What the answer may use, for all of them.
    """
    seen = _run(source, checks, [check.name for check in wanted], limits or Limits(seconds=4 * SECONDS))
    return (seen.verdict(LOADS), *(seen.verdict(check) for check in wanted))


def printed(source: bytes, *, limits: Limits | None = None) -> tuple[str, str]:
    """Run a snippet in the same bounds and return what it prints, and what went wrong.

    Args:
        source: The snippet.
        limits: What it may use.

    Example:
        >>> printed(b"print(6 * 7)")
        ('42', '')
    """
    seen = _run(source, None, (), limits or Limits())
    result = seen.verdict(LOADS)
    return result.output.strip(), result.message
