"""`overt evidence flaky`: tests that pass and fail by chance."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from overt.cli.evidence_say import columns, problem_json, say, say_json
from overt.evidence.words import percent
from overt.model import Exit, OvertError

if TYPE_CHECKING:
    from overt.evidence.flaky import Flaky, Searched
    from overt.evidence.quarantine import Quarantine

_HEADS = ("SUITE", "FLAKY", "RUNS", "SET ASIDE", "MENDED", "MISSED")


def name_flaky(options: argparse.Namespace) -> int:
    """Name flaky tests; 1 when there are some that are not in quarantine, 3 when no test has ever run."""
    from overt.campaign import load
    from overt.evidence.flaky import find_flaky
    from overt.evidence.history_file import whole_history
    from overt.evidence.ledger import open_ledger
    from overt.evidence.quarantine import read_quarantine
    from overt.system.clock import SystemClock
    from overt.system.text import did_you_mean

    if not 1 <= options.runs <= 1000:
        raise OvertError("--runs takes a number from 1 to 1000", hint="200 when it is not given")
    history = whole_history(options.root, open_ledger(options.root).runs)
    searched = find_flaky(history, window=options.runs)
    names = [one.suite for one in searched]
    if options.suite and options.suite not in names:
        raise OvertError(f"no test of a suite {options.suite!r} has run", hint=did_you_mean(options.suite, names))
    chosen = [one for one in searched if options.suite in {None, one.suite}]
    quarantine = read_quarantine(options.root, load(options.root).campaign, SystemClock().now_ns())
    held = {one: _until(one, quarantine) for suite in chosen for one in suite.flaky}
    if options.json:
        damage = [problem_json(problem) for problem in history.damage]
        say_json({"suites": [_document(one, held) for one in chosen], "damage": damage})
    else:
        say(f"passed over: {problem}" for problem in history.damage)
        say(_lines(chosen, held))
    if not chosen:
        return Exit.UNCHECKED
    return Exit.PROVED if all(held.values()) else Exit.REFUTED


def _until(found: Flaky, quarantine: Quarantine) -> str:
    """Return until when a test is in quarantine, and with whom; empty when it is not."""
    mine = [one for one in quarantine.of(found.suite) if one.covers(found.test) and not one.over]
    return f"in quarantine until {mine[0].until} ({mine[0].owner})" if mine else ""


def _document(one: Searched, held: Mapping[Flaky, str]) -> dict[str, object]:
    flaky = [{**asdict(found), "rate": found.rate, "quarantine": held[found]} for found in one.flaky]
    return {**asdict(one), "enough": one.enough, "flaky": flaky}


def _lines(searched: Sequence[Searched], held: Mapping[Flaky, str]) -> Iterator[str]:
    if not searched:
        yield "no test has run yet, so nothing is known: overt validate records a run"
        return
    yield from columns([_HEADS, *map(_row, searched)], indent="")
    yield "missed: the chance of not finding, in so many runs, a test that fails 5 % of the time"
    for one in searched:
        for found in one.flaky:
            yield from _flaky_lines(found, held[found])
    if not all(held.values()):
        yield "next: mend them, or say in overt.toml who does until when: [[quarantine]]"
    elif not all(one.enough for one in searched):
        yield "next: more runs, best of one commit: 59 of them miss a test that fails at 5 % with a chance of 5 %"


def _row(one: Searched) -> tuple[str, ...]:
    figures = (len(one.flaky), one.runs, one.set_aside, one.mended)
    return one.suite, *(f"{figure:,}" for figure in figures), percent(one.missing)


def _flaky_lines(found: Flaky, held: str) -> Iterator[str]:
    yield f"{'certain ' if found.certain else 'probable'}  {found.suite}: {found.test}"
    yield (
        f"          fails {percent(found.rate)} of the time, {percent(found.low)} to {percent(found.high)}"
        f" ({found.failures:,} of {found.attempts:,} attempts), passed {found.since:,} times since {found.last_run}"
    )
    yield f"          {found.reason}"
    if held:
        yield f"          {held}"
    yield f"          {found.outcomes}"
