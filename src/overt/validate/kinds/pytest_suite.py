"""Suites of kind `pytest`: the project's own pytest, with the recorder inside."""

from __future__ import annotations

import msgspec

from overt.evidence.records import AnyRecord
from overt.system.process import Completed
from overt.validate.assertions import Looked
from overt.validate.background import Background
from overt.validate.context import Context, Ending, Observations
from overt.validate.environment import project_python
from overt.validate.journal import Journal
from overt.validate.programs import broken_off, command_record, error_line, last_line, run_program
from overt.validate.recorded import Recorded
from overt.validate.recording import PLUGIN, recorder_environment

POLL_SECONDS = 0.1
"""How long records may wait in the recorder's file before they are in the ledger."""

SLOW = "slow"
"""Marker of the tests that `--skip-slow` leaves out."""

_INTERRUPTED, _INTERNAL, _USAGE, _NONE_COLLECTED = 2, 3, 4, 5


def command_line(context: Context, python: str) -> list[str]:
    """Return how pytest is called.

    Args:
        context: The suite.
        python: The project's interpreter.
    """
    first_failure = ["--maxfail=1"] if context.choice.fail_fast else []
    return [python, "-m", "pytest", *PLUGIN, *first_failure, *context.suite.args]


def run(context: Context) -> Observations:
    """Run the tests of a suite and hand on each one as it finishes.

    Args:
        context: The suite.
    """
    python = project_python(context.root, context.campaign, context.environment)
    journal = Journal(context.scratch / "tests.jsonl")
    skip = SLOW if context.choice.skip_slow else ""
    weights = context.scratch / "weights.json"
    weights.write_bytes(msgspec.json.encode(context.weights))
    environment = recorder_environment(
        context.environment, journal.path, shard=context.choice.shard, skip=skip, weights=weights
    )
    argv = command_line(context, python)
    task = Background(lambda: run_program(context, argv, environment=environment))
    recorded, damage = Recorded(context), ""
    looked = Looked(context.root)
    while True:
        ended = task.wait(POLL_SECONDS)
        found: list[AnyRecord] = []
        try:
            found.extend(looked.take(recorded.take(journal.read())))
        except msgspec.DecodeError as error:
            damage = damage or f"what the recorder wrote was overwritten by something else: {error}"
        if found:
            yield found
        if ended:
            break
    done = task.result()
    yield command_record(context, done)
    yield from looked.warnings(context.name)
    return Ending("crashed", damage) if damage else _ending(context, done, recorded)


def _ending(context: Context, done: Completed, recorded: Recorded) -> Ending:
    """Return how the session ended, as far as the recorder and the exit status tell."""
    broken = broken_off(context, done)
    if broken is not None:
        return Ending(broken.status, " ".join(filter(None, [broken.reason + _while(recorded), recorded.left()])))
    if recorded.session is None:
        return _never_began(done)
    if recorded.end is None:
        reason = f"pytest exited {done.exit_code} without ending its session{_while(recorded)} {recorded.left()}"
        return Ending("crashed", reason.strip())
    counted = recorded.end.counts.get("failed", 0) + recorded.end.counts.get("error", 0)
    if counted > recorded.failing:
        return Ending("crashed", f"pytest counted {counted} failures, of which {recorded.failing} were recorded")
    if done.exit_code == _INTERNAL:
        return Ending("crashed", f"pytest met an internal error: {last_line(done.output)}")
    if done.exit_code == _INTERRUPTED and not recorded.broken_files:
        return Ending("interrupted", f"pytest was stopped: {recorded.end.stopped or last_line(done.output)}")
    return Ending()


def _while(recorded: Recorded) -> str:
    running = recorded.running()
    return f" while {', '.join(running[:3])} ran;" if running else ";"


def _never_began(done: Completed) -> Ending:
    """Return why pytest did not even start a session, and what to do about it."""
    python = done.argv[0]
    if b"No module named pytest" in done.output:
        hint = f"install it: {python} -m pip install pytest"
        return Ending("unable", f"pytest is not installed for {python}; {hint}")
    if done.exit_code == _USAGE:
        return Ending("unable", f"pytest refused its arguments or its configuration: {error_line(done.output)}")
    return Ending("unable", f"pytest exited {done.exit_code} before it began: {last_line(done.output)}")
