"""Suites of kind `samples`: what documents and docstrings show is run or parsed, each piece apart from the others."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from overt.evidence.ids import case_id
from overt.evidence.records import AnyRecord, Collected, Measure, SampleText, TestCase
from overt.markdown.samples import Sample
from overt.validate.context import Context, Ending, Observations
from overt.validate.names import one_line
from overt.validate.programs import run_program
from overt.validate.samples.find import find, sample_files
from overt.validate.samples.group import Result, grouped, run_group
from overt.validate.samples.parse import Unreadable, parse_problem
from overt.validate.samples.sandbox import open_place
from overt.validate.shards import shard_id

_AT_ONCE = 2


def run(context: Context) -> Observations:
    """Run and parse the samples of a suite; each leaves the result of a test that is named by its place.

    Args:
        context: The suite.
    """
    names = sample_files(context.files, context.campaign, context.suite)
    found, unreadable = find(context.root, names, context.campaign.project.packages)
    found = _distinct(found)
    yield _collected(context, found)
    running = [sample for sample in found if sample.runs and not sample.problem]
    for sample in found:
        if sample not in running:
            yield _case(context, _read(context, sample))
    ending = yield from _run_all(context, running)
    if unreadable:
        return Ending("unable", f"cannot be read: {'; '.join(unreadable[:3])}")
    return ending


def _distinct(found: Sequence[Sample]) -> list[Sample]:
    """Return samples each of which has a name of its own; two docstrings on one line share theirs."""
    return list({sample.name: sample for sample in reversed(found)}.values())[::-1]


def _run_all(context: Context, running: Sequence[Sample]) -> Generator[AnyRecord, None, Ending]:
    deadline = context.clock.monotonic_ns() + round(context.suite.timeout * 1e9)
    late = False
    if not running:
        return Ending()
    place = open_place(context)
    yield Measure(
        id=shard_id("measure", context, "alone"), suite=context.name, name="samples.alone", value=int(place.alone)
    )
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        waiting = [pool.submit(run_group, place, group) for group in grouped(running)]
        for future in as_completed(waiting):
            for result in future.result():
                context.current(result.sample.name)
                yield _case(context, result)
            late = context.clock.monotonic_ns() > deadline
            if context.cancel.is_set() or late:
                for other in waiting:
                    other.cancel()
                break
    if context.cancel.is_set():
        return Ending("interrupted", "the run was interrupted while samples ran")
    if late:
        return Ending("timeout", f"its time limit of {context.suite.timeout:g} s ended it")
    return Ending()


def _read(context: Context, sample: Sample) -> Result:
    """Parse a sample that is not run."""
    if sample.problem:
        return Result(sample, sample.problem, line=sample.line)
    if sample.how == "none":
        return Result(sample, ran=False)
    try:
        why, line = parse_problem(sample, lambda code: _shell_problem(context, code))
    except Unreadable as error:
        return Result(sample, detail=str(error), ran=False)
    return Result(sample, why, line=line)


def _shell_problem(context: Context, code: str) -> str:
    script = Path(tempfile.mkdtemp(dir=context.scratch)) / "script"
    script.write_text(code, encoding="utf-8")
    done = run_program(context, ["bash", "-n", str(script)], seconds=30)
    if done.failure:
        raise Unreadable(f"bash could not be started: {done.failure}")
    said = done.output.decode("utf-8", "replace").replace(f"{script}: ", "").strip()
    return "" if done.exit_code == 0 else f"bash cannot read it: {said.splitlines()[0] if said else done.exit_code}"


def _collected(context: Context, found: Sequence[Sample]) -> Collected:
    listed = "\n".join(sorted(one_line(sample.name) for sample in found)).encode("utf-8", "replace")
    return Collected(
        id=shard_id("collected", context),
        suite=context.name,
        count=len(found),
        sha256=hashlib.sha256(listed).hexdigest(),
        names_blob=context.blob(listed),
    )


def _case(context: Context, result: Result) -> TestCase:
    sample = result.sample
    name = one_line(sample.name)
    failed = "failed" if result.ran else "error"
    nothing = sample.how == "none" or (not result.ran and not result.wrong)
    language = f"`{sample.language}`" if sample.language else "no language"
    left_alone = result.detail or f"neither run nor parsed: {language}"
    return TestCase(
        id=case_id(context.name, name),
        suite=context.name,
        name=name,
        outcome=failed if result.wrong else "skipped" if nothing else "passed",  # type: ignore[arg-type]
        duration_ns=result.duration_ns,
        path=sample.path,
        line=result.line or sample.line,
        message=one_line(result.wrong or (left_alone if nothing else "")),
        detail=result.detail if result.wrong else "",
        sample=SampleText(how=sample.how, language=sample.language, text_sha256=sample.sha256),
    )
