"""What `overt validate` says at the end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from overt.campaign import Loaded
from overt.campaign.flag_states import state_of
from overt.cli.quarantine_say import quarantine_json, quarantine_lines
from overt.cli.validate_words import count_words, mark, safe, seconds
from overt.evidence.records import TestCase, Warned
from overt.evidence.summary import SuiteSummary
from overt.evidence.tally import Counts
from overt.evidence.words import within
from overt.model import Exit
from overt.system.units import count
from overt.validate.advice import Advice, why
from overt.validate.plan import WHOLE
from overt.validate.run import Validated


def show_report(
    done: Validated,
    advice: Sequence[Advice],
    loaded: Loaded,
    status: Exit,
    *,
    as_json: bool,
    verbose: bool,
    colour: bool,
) -> None:
    """Print what a run came to, and what to do next.

    Args:
        done: The run.
        advice: What to look at.
        loaded: The project's campaign.
        status: Exit status that the verb is going to end with.
        as_json: Whether to print one JSON document.
        verbose: Whether failures are told in full.
        colour: Whether to colour the output.
    """
    if as_json:
        sys.stdout.write(json.dumps(_document(done, advice, status), indent=2) + "\n")
        return
    for line in _lines(done, advice, loaded, status, verbose=verbose, colour=colour):
        sys.stdout.write(safe(line, sys.stdout) + "\n")
    sys.stdout.flush()


def counted(counts: Counts, at_most: int = 0) -> str:
    """Return the figures of a suite in words.

    Args:
        counts: How many of what.
        at_most: Most new findings it may have; said beside their number.
    """
    figures = {
        "passed": counts.passed,
        "failed": counts.failed,
        "error": counts.errors,
        "skipped": counts.skipped,
        "xfailed": counts.xfailed,
        "xpassed": counts.xpassed,
        "new findings": counts.new_findings if not at_most else 0,
        "known findings": counts.findings - counts.new_findings - counts.notes,
        "notes": counts.notes,
    }
    missing = f"{counts.missing:,} missing" if counts.missing else ""
    limit = within(counts.new_findings, at_most) if at_most and counts.new_findings else ""
    return ", ".join(filter(None, [limit, count_words(figures), missing]))


def _lines(
    done: Validated, advice: Sequence[Advice], loaded: Loaded, status: Exit, *, verbose: bool, colour: bool
) -> Iterator[str]:
    yield ""
    yield from _table(done.summaries, colour=colour)
    yield from _warnings(done)
    if not done.summaries:
        yield f"  no part of the suites falls into shard {done.run.manifest.plan.shard}: nothing was measured"
    if verbose:
        yield from _failures(done)
    yield from quarantine_lines(done)
    if advice:
        yield ""
        yield "To look at:"
        for item in advice:
            yield from _advice_lines(item)
    yield ""
    if done.interrupted:
        yield "The run was interrupted: what did not run is recorded as not measured."
    yield f"Evidence: {_below_here(done.run.folder)}"
    yield f"Next:     {_next(loaded, status, done.run.manifest.plan.shard)}"


def _table(summaries: Sequence[SuiteSummary], *, colour: bool) -> Iterator[str]:
    width = max([5, *(len(summary.name) for summary in summaries)])
    cells = [counted(summary.counts, summary.at_most) or why(summary) for summary in summaries]
    wide = min(60, max(map(len, cells), default=0))
    for summary, cell in zip(summaries, cells, strict=True):
        shown = cell if len(cell) <= wide else cell[: wide - 1] + "…"
        state = mark(summary.verdict.state, sys.stdout, colour=colour)
        yield f"  {summary.name:<{width}}  {state}  {shown:<{wide}}  {seconds(summary.duration_ns):>12}"


def _warnings(done: Validated) -> Iterator[str]:
    """Tell of tests that assert nothing: they fail nothing."""
    for summary in done.summaries:
        warned = [record for record in done.run.for_suite(summary.name) if isinstance(record, Warned)]
        if warned:
            first = warned[0]
            yield ""
            yield f"  {summary.name}: {count(len(warned), 'test')} without an assertion, for example {first.name}"
            yield f"      {first.path}:{first.line}"


def _failures(done: Validated) -> Iterator[str]:
    for summary in done.summaries:
        for record in done.run.for_suite(summary.name):
            if isinstance(record, TestCase) and record.outcome in {"failed", "error"}:
                yield ""
                yield f"--- {summary.name}: {record.name} ({record.outcome})"
                yield record.detail or record.message


def _advice_lines(advice: Advice) -> Iterator[str]:
    place = f"{advice.where}  " if advice.where else ""
    yield f"  {advice.suite}: {place}{advice.text}"
    if advice.command:
        yield f"      {advice.command}"


def _below_here(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)


def _next(loaded: Loaded, status: Exit, shard: str) -> str:
    if shard != WHOLE:
        return f"overt evidence merge, with the other parts of this run (this is {shard})"
    if status is Exit.UNCHECKED:
        return "overt validate --suite NAME, once it can run; overt build --no-strict shows what was not measured"
    if status is Exit.REFUTED:
        return "mend what is named above, then overt validate; overt build --no-strict shows it"
    return "overt init, to write down what was detected; then overt build" if loaded.detected else "overt build"


def _document(done: Validated, advice: Sequence[Advice], status: Exit) -> dict[str, object]:
    return {
        "run": done.run.name,
        "folder": str(done.run.folder),
        "interrupted": done.interrupted,
        "quarantine": quarantine_json(done),
        "exit": int(status),
        "suites": [
            {
                "name": summary.name,
                "title": summary.title,
                "kind": summary.kind,
                "flags": state_of(summary.name),
                "required": summary.required,
                "state": summary.verdict.state.value,
                "reason": summary.verdict.reason,
                "status": summary.status,
                "counts": asdict(summary.counts),
                "duration_ns": summary.duration_ns,
                "exit_code": summary.exit_code,
            }
            for summary in done.summaries
        ],
        "recommendations": [
            {
                "suite": item.suite,
                "text": item.text,
                "where": str(item.where) if item.where else "",
                "command": item.command,
            }
            for item in advice
        ],
    }
