"""`overt evidence history`: what is remembered of all runs."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from overt.cli.evidence_say import columns, number_of, problem_json, say, say_json
from overt.model import Exit, OvertError

if TYPE_CHECKING:
    from overt.evidence.history import Entry, History
    from overt.evidence.history_file import Remembered
    from overt.evidence.history_prune import Kept

_KEEP = 50


def add_parsers(verbs: Any) -> None:
    """Add the actions that look back over runs.

    Args:
        verbs: The sub-parsers of `overt evidence`.
    """
    remembering = verbs.add_parser("history", help="what is remembered of all runs, one line for each run and suite")
    remembering.add_argument(
        "--merge", nargs="+", type=Path, default=[], metavar="FILE", help="add the lines of other histories"
    )
    remembering.add_argument("--prune", action="store_true", help="remove folders of older runs that it remembers")
    remembering.add_argument(
        "--keep",
        type=int,
        metavar="N",
        help=f"newest runs that --prune leaves (default: {_KEEP}); alone, what would go",
    )
    searching = verbs.add_parser("flaky", help="tests that pass and fail by chance")
    searching.add_argument("--suite", metavar="NAME", help="only this suite")
    searching.add_argument(
        "--runs", type=int, default=200, metavar="N", help="newest runs of a suite to look at (default: 200)"
    )


def history(options: argparse.Namespace) -> int:
    """Bring the history up to date and say what it holds; 3 when lines or runs had to be passed over."""
    from overt.evidence.history_file import merge_history, read_history, remember
    from overt.evidence.ledger import open_ledger

    if options.keep is not None and options.keep < 1:
        raise OvertError("--keep takes a number from 1 on", hint="one run at least stays")
    if not options.root.is_dir():
        raise OvertError(f"there is no folder {options.root}", hint="give the project's folder with -C DIR")
    ledger = open_ledger(options.root)
    parts = [remember(options.root, ledger.runs)] if ledger.runs else []
    parts += [merge_history(options.root, options.merge)] if options.merge else []
    held = read_history(options.root)
    kept = _prune(options, held) if options.prune or options.keep is not None else None
    if options.json:
        say_json(_document(held, parts, kept, removed=options.prune))
    else:
        say(_lines(held, parts, kept, removed=options.prune))
    over = any(part.passed_over for part in parts)
    return Exit.UNCHECKED if held.damage or ledger.damage or over else Exit.PROVED


def flaky(options: argparse.Namespace) -> int:
    """Name tests that pass and fail by chance."""
    from overt.cli.evidence_flaky import name_flaky

    return name_flaky(options)


def _prune(options: argparse.Namespace, held: History) -> Kept:
    from overt.evidence.history_prune import choose, remove
    from overt.evidence.ledger import open_ledger

    kept = choose(open_ledger(options.root).runs, held, keep=_KEEP if options.keep is None else options.keep)
    for run in kept.removable if options.prune else ():
        remove(run)
    return kept


def _lines(held: History, parts: list[Remembered], kept: Kept | None, *, removed: bool) -> Iterator[str]:
    from overt.evidence.history_file import HISTORY

    for part in parts:
        yield from (f"passed over: {problem}" for problem in part.passed_over)
    yield from (f"passed over: {problem}" for problem in held.damage)
    if not held.entries:
        yield "nothing is remembered yet: overt validate records a run"
        return
    suites = held.by_suite()
    heads = ("SUITE", "RUNS", "NOT PROVED", "NEWEST", "SINCE (UTC)")
    yield from columns([heads, *map(_row, suites.values())], indent="")
    added = sum(part.added for part in parts)
    runs = len(held.seals)
    yield f"{HISTORY}: {number_of(runs, 'run')}, {number_of(len(held.entries), 'line')}, {added:,} new"
    if kept is not None:
        yield from _kept_lines(kept, removed=removed)


def _row(entries: list[Entry]) -> tuple[str, ...]:
    from overt.system.clock import iso_utc

    bad = sum(entry.outcome != "proved" for entry in entries)
    since = iso_utc(entries[0].created_ns).rstrip("Z").replace("T", " ")
    return entries[0].suite, f"{len(entries):,}", f"{bad:,}", entries[-1].outcome, since


def _kept_lines(kept: Kept, *, removed: bool) -> Iterator[str]:
    word = "removed" if removed else "may go"
    yield f"{number_of(len(kept.removable), 'folder')} of older runs {word}"
    yield from (f"  {word}  {run.name}" for run in kept.removable)
    yield from (f"  stays   {run.name}: {reason}" for run, reason in kept.needed)
    if kept.removable and not removed:
        yield "next: --prune removes them; what the history remembers of them stays"


def _document(held: History, parts: list[Remembered], kept: Kept | None, *, removed: bool) -> dict[str, Any]:
    import msgspec

    over = [problem for part in parts for problem in part.passed_over]
    document: dict[str, Any] = {
        "runs": len(held.seals),
        "added": sum(part.added for part in parts),
        "passed_over": [problem_json(problem) for problem in (*over, *held.damage)],
        "entries": [msgspec.to_builtins(entry) for entry in held.entries],
    }
    if kept is not None:
        document["removed" if removed else "removable"] = [run.name for run in kept.removable]
        document["needed"] = {run.name: reason for run, reason in kept.needed}
    return document
