"""What is in quarantine, said loudly wherever results are shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from overt.cli.evidence_say import number_of
from overt.evidence.quarantine import Held
from overt.evidence.records import TestCase
from overt.validate.run import Validated


def quarantine_lines(done: Validated) -> Iterator[str]:
    """Yield what failed and counts for nothing, what no longer fails, and what names no test of the run.

    Args:
        done: The run.
    """
    held = [(summary.name, one) for summary in done.summaries for one in summary.quarantined]
    if held:
        yield ""
        yield f"QUARANTINE: {number_of(len(held), 'test')} failed and refute nothing, for now:"
        for suite, one in held:
            yield f"  {suite}: {one.test}"
            yield f"      {one.reason} ({one.where})"
            yield f"      {one.owner} mends it until {one.until}{f': {one.issue}' if one.issue else ''}"
    for one in _unknown(done):
        yield f"  {one.where}: no test of these suites is named {one.test}; take the entry out, or correct the name"
    for one in _passing(done):
        yield f"  {one.where}: {one.test} is in quarantine and passed; take the entry out if it is mended"


def quarantine_json(done: Validated) -> list[dict[str, Any]]:
    """Return the entries that excuse a failure of a run, as part of a JSON document.

    Args:
        done: The run.
    """
    return [
        {
            "suite": summary.name,
            "test": one.test,
            "reason": one.reason,
            "owner": one.owner,
            "until": one.until,
            "issue": one.issue,
            "where": str(one.where),
        }
        for summary in done.summaries
        for one in summary.quarantined
    ]


def _cases(done: Validated) -> dict[str, list[TestCase]]:
    if not done.quarantine.entries:
        return {}
    return {
        summary.name: [record for record in done.run.for_suite(summary.name) if type(record) is TestCase]
        for summary in done.summaries
    }


def _unknown(done: Validated) -> list[Held]:
    """Return the entries that name no test; those that are meant in a suite that did not run are passed over."""
    cases = {suite: found for suite, found in _cases(done).items() if found}
    ran = {one for suite in cases for one in done.quarantine.of(suite)}
    return [one for one in done.quarantine.unknown(cases) if one in ran]


def _passing(done: Validated) -> list[Held]:
    cases = _cases(done)
    found = []
    for one in done.quarantine.entries:
        mine = [case for suite in cases if one in done.quarantine.of(suite) for case in cases[suite]]
        outcomes = {case.outcome for case in mine if one.covers(case.name)}
        if outcomes and outcomes <= {"passed", "xpassed"} and not one.over:
            found.append(one)
    return found
