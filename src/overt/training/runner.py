"""Runs checks on an answer in fresh, bounded processes, and says what happened in the learner's words."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import overt
from overt.system.process import Completed, run_process
from overt.system.strays import MARK, end_marked
from overt.system.text import plain_text
from overt.training.records import CheckAbout

MEMORY: Final = 768 * 1024 * 1024
"""Bytes of address space that an answer may have."""
SECONDS: Final = 12.0
"""Time that an answer may take for one check."""
OUTPUT: Final = 200_000
"""Bytes that an answer may print."""
LOADS: Final = CheckAbout("it_loads", "The file can be imported.")
"""What is tried before the checks of an exercise."""


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
    """What one process left."""

    done: Completed
    ends: dict[str, dict[str, Any]]
    last: str
    refused: tuple[str, ...]
    finished: bool
    strays: bool

    def verdict(self, check: CheckAbout) -> CheckResult:
        """Return how one check went, the outermost trouble first."""
        output = plain_text(self.done.output)[:2000]
        end = self.ends.get(check.name if check is not LOADS else "")
        message = self._trouble() if end is None else str(end["message"])
        if not message and self.done.output_bytes > OUTPUT:
            message = f"it prints {self.done.output_bytes:,} bytes; at most {OUTPUT:,} are read"
        if not message and self.refused:
            message = f"it tries what an answer may not do: {self.refused[0]}"
        if not message and self.strays:
            message = "it leaves processes behind; they were ended"
        return CheckResult(check.name, check.about, not message, message, output)

    def _trouble(self) -> str:
        done = self.done
        if done.failure:
            return f"Python could not be started: {done.failure}"
        if done.timed_out:
            return f"it did not end within {done.duration_ns / 1e9:.0f} s: is there a loop that never ends?"
        if done.signal is not None:
            return f"the process was ended by signal {done.signal}"
        return f"it ended the process with exit status {done.exit_code} before the check was over"


def _order(folder: Path, checks: Path, names: Sequence[str], limits: Limits) -> Path:
    """Write down what the process is to do, and return the file."""
    inside = folder / "here"
    order = {
        "answer": str(inside / "answer.py"),
        "checks": str(checks),
        "names": list(names),
        "results": str(folder / "results"),
        "folder": str(inside),
        "memory": limits.memory,
        "seconds": int(limits.seconds) + 1,
        # An isolated interpreter does not look where ours was told to.
        "import_from": [str(Path(overt.__file__).parent.parent)],
    }
    (folder / "results").touch()
    path = folder / "order.json"
    path.write_text(json.dumps(order), "utf-8")
    return path


def _run(source: bytes, checks: Path, names: Sequence[str], limits: Limits) -> _Seen:
    """Run checks on an answer in one fresh process in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="overt-answer-")).resolve()
    try:
        inside = folder / "here"
        inside.mkdir()
        (inside / "answer.py").write_bytes(source)
        order = _order(folder, checks, names, limits)
        child = Path(__file__).with_name("child.py")
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
            [sys.executable, "-I", "-B", str(child), str(order)],
            cwd=inside,
            env=environment,
            timeout=limits.seconds,
            output_limit=OUTPUT,
        )
        strays = bool(end_marked(folder.name)) and not done.timed_out
        return _read(done, (folder / "results").read_bytes(), strays=strays or done.left_behind)
    finally:
        end_marked(folder.name)
        shutil.rmtree(folder, ignore_errors=True)


def _read(done: Completed, results: bytes, *, strays: bool) -> _Seen:
    lines = []
    for line in results.splitlines():
        try:
            lines.append(json.loads(line))
        except ValueError:
            continue
    return _Seen(
        done=done,
        ends={line["end"]: line for line in lines if "end" in line},
        last=next((line["begin"] for line in reversed(lines) if "begin" in line), ""),
        refused=tuple(line["refused"] for line in lines if "refused" in line),
        finished=any("done" in line for line in lines),
        strays=strays,
    )


def run_checks(
    source: bytes, checks: Path, wanted: Sequence[CheckAbout], *, limits: Limits | None = None
) -> tuple[CheckResult, ...]:
    """Check an answer, each check in a process of its own; one that cannot be imported is told once.

    Args:
        source: The answer.
        checks: The file that holds the checks.
        wanted: Which checks, in order.
        limits: What the answer may use.
    """
    limits = limits or Limits()
    first = _run(source, checks, (), limits).verdict(LOADS)
    if not first.ok:
        return (first,)
    return tuple(_run(source, checks, [check.name], limits).verdict(check) for check in wanted)


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
    seen = _run(source, Path(), (), limits or Limits())
    result = seen.verdict(LOADS)
    return result.output.strip(), result.message
