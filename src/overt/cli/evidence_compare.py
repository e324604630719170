"""`overt evidence diff`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from overt.cli.evidence_say import problem_json, say, say_json
from overt.cli.validate_words import seconds
from overt.evidence.compare import Comparison, compare
from overt.evidence.ledger import open_ledger
from overt.evidence.reader import Run
from overt.model import Exit, Problem

_SECTIONS = (
    ("new", "fail now and did not"),
    ("missing", "left a result before and none now"),
    ("new_findings", "found now and not before"),
    ("fixed", "failed and pass now"),
    ("gone_findings", "found before and not now"),
    ("still_failing", "fail in both"),
    ("added", "left a result only now"),
)


def diff_runs(options: argparse.Namespace) -> int:
    """Compare two runs; 1 when something is worse, 3 when one of them is damaged or was never closed."""
    ledger = open_ledger(options.root)
    before, after = ledger.find(options.before), ledger.find(options.after)
    found = compare(before, after)
    unsure = [*_unsure(before), *_unsure(after)]
    if options.json:
        say_json({**asdict(found), "worse": found.worse, "damage": [problem_json(one) for one in unsure]})
    else:
        say(_diff_lines(found, unsure))
    if found.worse:
        return Exit.REFUTED
    return Exit.UNCHECKED if unsure or not _comparable(before, after) else Exit.PROVED


def _unsure(run: Run) -> tuple[Problem, ...]:
    return run.damage or run.notes


def _comparable(before: Run, after: Run) -> bool:
    names = [{suite.name for suite in run.manifest.plan.suites} for run in (before, after)]
    return bool(names[0] & names[1])


def _diff_lines(found: Comparison, unsure: list[Problem]) -> Iterator[str]:
    yield f"from {found.before} to {found.after}"
    yield from (f"  not to be relied on: {problem}" for problem in unsure)
    for name, words in _SECTIONS:
        items = getattr(found, name)
        if items:
            yield f"{len(items):,} {words}:"
            yield from (f"  {item}" for item in items)
    if found.slower:
        yield f"{len(found.slower):,} took at least twice as long (one measurement each: a hint, no proof):"
        yield from (f"  {one.name}: {seconds(one.before_ns)}, now {seconds(one.after_ns)}" for one in found.slower)
    if found.not_compared:
        yield f"not compared, since only one of the runs planned them: {', '.join(found.not_compared)}"
    if not any(getattr(found, name) for name, _ in _SECTIONS):
        yield "no test and no finding differs"
