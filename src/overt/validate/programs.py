"""Programs that suites run: within the suite's limit, nothing left behind, each of them a record."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from overt.evidence.records import CommandRun
from overt.system.process import OUTPUT_LIMIT, Completed, run_process
from overt.system.strays import MARK, end_marked
from overt.system.text import plain_text
from overt.validate.context import Context, Ending
from overt.validate.shards import shard_id


def run_program(
    context: Context,
    argv: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    output_limit: int = OUTPUT_LIMIT,
    errors: IO[bytes] | None = None,
    folder: Path | None = None,
    seconds: float = 0,
) -> Completed:
    """Run a program of a suite in the project's folder; what it started ends with it.

    Args:
        context: The suite.
        argv: Program and arguments.
        environment: Its whole environment; the suite's when None.
        output_limit: Bytes of output to keep.
        errors: File that standard error goes to instead of the output.
        folder: Folder to run in; the project's when None.
        seconds: Seconds until it is ended, when that is less than the suite has; 0 for no limit of its own.
    """
    mark = f"{context.mark}.{secrets.token_hex(8)}"
    given = context.environment if environment is None else environment
    try:
        return run_process(
            argv,
            cwd=folder or context.root,
            env={**given, MARK: mark},
            timeout=min(seconds or context.suite.timeout, context.suite.timeout),
            output_limit=output_limit,
            cancel=context.cancel,
            errors=errors,
        )
    finally:
        end_marked(mark)


def command_record(context: Context, done: Completed, *, part: str = "") -> CommandRun:
    """Return the record of a program that ran.

    Args:
        context: The suite.
        done: What the program did.
        part: Tells several programs of one suite apart.
    """
    return CommandRun(
        id=shard_id("command", context, part),
        suite=context.name,
        # Where a report was put on the way means nothing to a reader, and is another place each time.
        argv=tuple(part.replace(f"{context.scratch}/", "") for part in done.argv),
        exit_code=done.exit_code,
        signal=done.signal,
        timed_out=done.timed_out,
        start_ns=done.start_ns,
        duration_ns=done.duration_ns,
        cpu_ns=done.cpu_ns,
        peak_bytes=done.peak_bytes,
        output_blob=context.blob(done.output),
        output_bytes=done.output_bytes,
        failure=done.failure,
    )


def broken_off(context: Context, done: Completed) -> Ending | None:
    """Return how a suite ended whose program did not get to its own end; None when it did.

    Args:
        context: The suite.
        done: What the program did.
    """
    program = done.argv[0]
    if done.failure:
        return Ending("unable", f"{program} could not be started: {done.failure}; install it, or correct the command")
    if done.cancelled:
        return Ending("interrupted", "the run was interrupted while it ran")
    if done.timed_out:
        limit = context.suite.timeout
        return Ending("timeout", f"its time limit of {limit:g} s ended it; raise `timeout` if it needs longer")
    if done.signal is not None:
        return Ending("crashed", f"signal {done.signal} ended {program}")
    return None


def last_line(output: bytes) -> str:
    """Return the last line that says something, for a reason."""
    lines = [line.strip() for line in plain_text(output).splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def error_line(output: bytes) -> str:
    """Return the line that names an error, else the last one that says something."""
    lines = [line.strip() for line in plain_text(output).splitlines()]
    told = (line[:300] for line in lines if "error: " in line.lower() and "usage: " not in line)
    return next(told, "") or last_line(output)
