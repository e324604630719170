"""`overt evidence diff`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict

import msgspec

from overt.cli.evidence_say import columns, problem_json, say, say_json
from overt.cli.validate_words import seconds
from overt.evidence.compare import Comparison, Shift, SuiteChange, compare_sides
from overt.evidence.history_file import whole_history
from overt.evidence.ledger import open_ledger
from overt.evidence.sides import Sides
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
_HEADS = ("SUITE", "BEFORE", "NOW", "NEW", "FIXED", "STILL", "MISSING", "ADDED", "NEW FINDINGS", "SLOWER")


def diff_runs(options: argparse.Namespace) -> int:
    """Compare two states; 1 when something is worse, 3 when one is damaged or never closed, or nothing is in both."""
    ledger = open_ledger(options.root)
    sides = Sides(options.root, ledger, whole_history(options.root, ledger.runs))
    before, after = sides.find(options.before), sides.find(options.after)
    found = compare_sides(before, after)
    unsure = list(dict.fromkeys([*before.doubts, *after.doubts]))
    if options.json:
        say_json(_document(found, unsure))
    else:
        say(_diff_lines(found, unsure))
    if found.worse:
        return Exit.REFUTED
    return Exit.UNCHECKED if unsure or not found.suites else Exit.PROVED


def _document(found: Comparison, unsure: list[Problem]) -> dict[str, object]:
    return {
        "before": found.before,
        "after": found.after,
        **{name: list(found.every(name)) for name, _ in _SECTIONS},
        "slower": [asdict(one) for suite in found.suites for one in suite.slower],
        "suites": [{**msgspec.to_builtins(one), "lost": one.lost, "worse": one.worse} for one in found.suites],
        "not_compared": list(found.not_compared),
        "only_remembered": list(found.only_remembered),
        "worse": found.worse,
        "damage": [problem_json(one) for one in unsure],
    }


def _diff_lines(found: Comparison, unsure: list[Problem]) -> Iterator[str]:
    yield f"from {found.before} to {found.after}"
    yield from (f"  not to be relied on: {problem}" for problem in unsure)
    if found.suites:
        yield from columns([_HEADS, *map(_row, found.suites)])
    for name, words in _SECTIONS:
        items = found.every(name)
        if items:
            yield f"{len(items):,} {words}:"
            yield from (f"  {item}" for item in items)
    yield from _slower_lines(found)
    if found.only_remembered:
        runs = ", ".join(found.only_remembered)
        yield f"of {runs} only the history is left: findings and times of tests are not compared"
    if found.not_compared:
        yield f"not compared, since only one of the two has them: {', '.join(found.not_compared)}"
    if not found.suites:
        yield "nothing was measured on both"
    elif not any(found.every(name) for name, _ in _SECTIONS):
        yield "no test and no finding differs"


def _row(one: SuiteChange) -> tuple[str, ...]:
    counts = (one.new, one.fixed, one.still_failing, one.missing, one.added, one.new_findings)
    slower = len(one.slower) + len(one.benchmarks_slower)
    return one.suite, one.before, one.after, *(f"{len(items):,}" for items in counts), f"{slower:,}"


def _slower_lines(found: Comparison) -> Iterator[str]:
    slower = [one for suite in found.suites for one in suite.slower]
    if slower:
        yield f"{len(slower):,} took at least twice as long, or are suites that took 20 % longer"
        yield "(unpaired, one measurement each: a hint, no proof):"
        yield from (f"  {one.name}: {seconds(one.before_ns)}, now {seconds(one.after_ns)}" for one in slower)
    for word in ("slower", "faster"):
        shifts: list[Shift] = [one for suite in found.suites for one in getattr(suite, f"benchmarks_{word}")]
        if shifts:
            yield f"{len(shifts):,} benchmarks {word} (each paired in its run, unpaired between the two):"
            yield from (f"  {_shift(one)}" for one in shifts)


def _shift(one: Shift) -> str:
    then, now = (f"{c.ratio / 1e6:.3f} ({c.low / 1e6:.3f} to {c.high / 1e6:.3f})" for c in (one.before, one.after))
    return f"{one.name}: {then}, now {now}"
