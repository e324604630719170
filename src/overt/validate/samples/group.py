"""Samples that share a folder, run one after the other, each with what came of it."""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from overt.markdown.samples import Sample
from overt.model import OvertError
from overt.system.process import Completed
from overt.validate.samples.sandbox import Place, new_folder, run_inside
from overt.validate.samples.shown import difference
from overt.validate.samples.transcript import outputs, read_session, script_of

_NOT_FOUND = frozenset({126, 127})


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a sample.

    Args:
        sample: The sample.
        wrong: Why it does not hold; empty when it does.
        detail: More about it.
        line: Line of the document that is wrong; 0 when not known.
        ran: Whether it ran at all.
        duration_ns: Wall time, nanoseconds.
    """

    sample: Sample
    wrong: str = ""
    detail: str = ""
    line: int = 0
    ran: bool = True
    duration_ns: int = 0


def grouped(samples: Sequence[Sample]) -> list[list[Sample]]:
    """Return samples in the groups that share a folder: the sessions of a document, the docstrings of a module.

    Args:
        samples: Samples that run.
    """
    groups: dict[tuple[str, ...], list[Sample]] = {}
    for sample in samples:
        own = sample.session or ("docstrings" if sample.module else f"line {sample.line}")
        groups.setdefault((sample.path, "session" if sample.session else "", own), []).append(sample)
    return list(groups.values())


def run_group(place: Place, group: Sequence[Sample]) -> list[Result]:
    """Run samples that share a folder; after one that does not hold the others of its session are not run.

    Args:
        place: Where they run.
        group: The samples, in order.
    """
    try:
        folder = new_folder(place, group[0].copies)
    except OvertError as error:
        return [Result(sample, str(error), ran=False) for sample in group]
    results: list[Result] = []
    for kind, part in groupby(group, key=lambda sample: sample.how in {"script", "session"}):
        samples = list(part)
        for sample in samples if not kind else []:
            results.append(_shell(place, folder, sample) if not _failed(results, sample) else _left_out(sample))
        if kind:
            held = not _failed(results, samples[0])
            results += _python(place, folder, samples) if held else map(_left_out, samples)
    return results


def _failed(results: Sequence[Result], sample: Sample) -> bool:
    return bool(sample.session) and any(result.wrong for result in results)


def _left_out(sample: Sample) -> Result:
    return Result(sample, "an earlier sample of its session does not hold", ran=False)


def _write_files(folder: Path, sample: Sample, done: set[tuple[str, str]]) -> None:
    """Write the files that a document gives, each once: what samples made of it stays."""
    for name, text in sample.files:
        if (name, text) not in done:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            done.add((name, text))


def _python(place: Place, folder: Path, samples: Sequence[Sample]) -> list[Result]:
    """Run Python samples in one process, in which those of a session share their names."""
    work = Path(tempfile.mkdtemp(dir=folder.parent))
    known: set[tuple[str, str]] = set()
    for sample in samples:
        _write_files(folder, sample, known)
    spec = {
        "output": str(work / "output"),
        "results": str(work / "results"),
        "parts": [
            {"how": one.how, "code": one.code, "path": one.path, "first": one.first, "exit": one.exit}
            | {"module": one.module}
            for one in samples
        ],
        "on": bool(samples[0].module),
    }
    (work / "spec").write_text(json.dumps(spec), encoding="utf-8")
    seconds = max(sum(sample.timeout for sample in samples if not sample.module), samples[0].timeout)
    done = run_inside(place, folder, ["parts", str(work / "spec")], seconds=seconds, modules=[str(folder)])
    results, output = work / "results", work / "output"
    told = [json.loads(line) for line in results.read_text("utf-8").splitlines()] if results.exists() else []
    printed = output.read_bytes() if output.exists() else b""
    return list(_python_results(samples, told, printed, done, str(folder)))


def _python_results(
    samples: Sequence[Sample], told: Sequence[dict[str, Any]], printed: bytes, done: Completed, folder: str
) -> Iterator[Result]:
    ended = False
    for number, sample in enumerate(samples):
        if number < len(told):
            one = told[number]
            yield _told(sample, one, printed[one["from"] : one["to"]].decode("utf-8", "replace"), folder)
            ended = bool(one["failure"])
        elif ended:
            yield _left_out(sample)
        else:
            yield Result(sample, _ended(done, sample))
            ended = True


def _told(sample: Sample, one: dict[str, Any], output: str, folder: str) -> Result:
    failure, spent = one["failure"], one["ns"]
    if not failure:
        return _compared(sample, output, folder, spent)
    typed = sample.how == "session"
    last = "it does not give what it shows" if typed else failure.strip().splitlines()[-1].strip()
    return Result(sample, last, failure, one["line"], duration_ns=spent)


def _compared(sample: Sample, output: str, folder: str, spent: int) -> Result:
    if sample.shown is None:
        return Result(sample, duration_ns=spent)
    wrong = difference(sample.shown, output, varies=sample.varies, folder=folder)
    if wrong is None:
        return Result(sample, duration_ns=spent)
    return Result(sample, wrong[0], wrong[1], sample.first, duration_ns=spent)


def _ended(done: Completed, sample: Sample) -> str:
    if done.timed_out:
        return f"its time limit of {sample.timeout:g} s ended it"
    if done.cancelled:
        return "the run was interrupted"
    how = f"signal {done.signal}" if done.signal is not None else f"exit status {done.exit_code}"
    return f"it ended its interpreter with {how}"


def _shell(place: Place, folder: Path, sample: Sample) -> Result:
    _write_files(folder, sample, set())
    work = Path(tempfile.mkdtemp(dir=folder.parent))
    typed = read_session(sample.code) if sample.how == "console" else []
    mark = f"overt-{secrets.token_hex(8)}"
    script = work / "script"
    script.write_text(script_of(typed, mark) if typed else sample.code, encoding="utf-8")
    options = [] if typed else ["-eu", "-o", "pipefail"]
    done = run_inside(place, folder, ["program", "bash", *options, str(script)], seconds=sample.timeout)
    output = done.output.decode("utf-8", "replace")
    if done.timed_out or done.cancelled or done.failure:
        return Result(sample, done.failure or _ended(done, sample), output, ran=not done.failure)
    if typed:
        return _transcript(sample, typed_outputs=outputs(output, mark), output=output, folder=str(folder), done=done)
    if done.exit_code != sample.exit:
        return Result(sample, f"it exited {done.exit_code}, not {sample.exit}", output, duration_ns=done.duration_ns)
    return _compared(sample, output, str(folder), done.duration_ns)


def _transcript(
    sample: Sample, *, typed_outputs: Sequence[tuple[str, int]], output: str, folder: str, done: Completed
) -> Result:
    """Return what came of a session of a console, command by command.

    What a command shows is what it must print; the exit status counts where nothing is shown, and a command that is
    not found never holds.
    """
    for number, one in enumerate(read_session(sample.code)):
        line = sample.first + one.line
        if number >= len(typed_outputs):
            return Result(sample, f"`{one.command}` was not reached", output, line)
        printed, status = typed_outputs[number]
        if status in _NOT_FOUND or (not one.shown and status != 0):
            return Result(sample, f"`{one.command}` exited {status}", printed, line)
        wrong = difference(one.shown, printed, varies=sample.varies, folder=folder)
        if wrong is not None:
            return Result(sample, f"`{one.command}`: {wrong[0]}", wrong[1], sample.first + one.after + wrong[2])
    return Result(sample, duration_ns=done.duration_ns)
