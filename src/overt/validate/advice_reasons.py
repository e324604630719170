"""What to do about a suite in which no test failed and that is not proved all the same."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence

from overt.campaign.flag_states import state_of
from overt.evidence.records import TestCase
from overt.evidence.summary import SuiteSummary
from overt.flags.states import VALUES_VARIABLE, state_variables
from overt.system.text import plain_text
from overt.system.units import duration

_SLOWEST = 3
"""Tests that are named when the time was over."""


def further(summary: SuiteSummary, cases: Sequence[TestCase]) -> str:
    """Return what helps against the reason of a suite; empty when nothing is known to.

    Args:
        summary: What the suite came to.
        cases: The records of its tests.
    """
    reason = f"{summary.verdict.reason} {summary.reason}"
    if summary.status == "timeout":
        return _slowest(cases)
    if "no test that ran asked a flag" in reason:
        return (
            "let its tests take the fixture `feature_flags`, or tell what they ask by "
            '`record_property("overt.flags", "NAME")`; or take the state out of `flags` of the suite'
        )
    if "no test left a result" in reason and summary.kind == "pytest":
        return "look at `args` of the suite and at `testpaths` of pytest"
    if reason.startswith("nothing ran"):
        return _skipped(cases)
    if ", at least " in reason and not summary.counts.missing and not state_of(summary.name):
        return "see which tests are no longer collected, or lower `at-least` if they are gone for good"
    if summary.status == "unable" and "could not be started" not in reason and summary.kind == "import":
        return "run what writes the file first, or give the suite a `command` that does"
    return ""


def _slowest(cases: Sequence[TestCase]) -> str:
    """Name the tests that took longest, of those that ended."""
    ordered = sorted(cases, key=lambda case: (-case.duration_ns, case.name))[:_SLOWEST]
    named = ", ".join(f"{plain_text(case.name)} ({duration(case.duration_ns)})" for case in ordered)
    return (
        f"the slowest that ended: {named}; mark them `slow` and use --skip-slow where they need not run"
        if named
        else ""
    )


def _skipped(cases: Sequence[TestCase]) -> str:
    """Name the commonest reason of skips."""
    reasons = Counter(case.message for case in cases if case.outcome == "skipped" and case.message)
    if not reasons:
        return ""
    (reason, number), *_ = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return f"{number} of them because: {plain_text(reason)}"


def rerun(python: str, state: str, flags: Iterable[str], test: str) -> str:
    """Return the command that runs one test again, in its state of the flags; for a POSIX shell.

    Args:
        python: The project's interpreter.
        state: State of the flags; empty when the tests choose.
        flags: Names of the declared flags, whose values in `mixed` are of account.
        test: Name of the test.

    Example:
        >>> rerun("python", "off", ["new-cart"], "a.py::b[x y]")
        "OVERT_FLAGS=off python -m pytest 'a.py::b[x y]'"
    """
    variables = state_variables(state, flags) if state else {}
    if state in {"on", "off"}:
        del variables[VALUES_VARIABLE]
    given = [f"{name}={shlex.quote(value)}" for name, value in variables.items()]
    return " ".join([*given, python, "-m", "pytest", shlex.quote(test)])


def elsewhere(name: str, suite: str, others: dict[str, dict[str, str]]) -> str:
    """Return in which other states of the flags a test that failed passes, in words.

    Args:
        name: Name of the test.
        suite: The suite in which it failed.
        others: Outcomes of tests, by suite and name, of the same suite in other states.
    """
    passed = [other for other, outcomes in others.items() if other != suite and outcomes.get(name) == "passed"]
    words = [f"with flags {state_of(other)}" if state_of(other) else "as the tests choose" for other in passed]
    return f"; it passes {' and '.join(words)}" if words else ""
