"""Suites of kind `command`: a program whose exit status tells."""

from __future__ import annotations

from overt.validate.context import Context, Ending, Observations
from overt.validate.programs import broken_off, command_record, run_program


def run(context: Context) -> Observations:
    """Run the command of a suite; exit status 0 is what is asked of it.

    Args:
        context: The suite.
    """
    context.current(context.suite.command[0])
    done = run_program(context, context.suite.command)
    yield command_record(context, done)
    return broken_off(context, done) or Ending()
