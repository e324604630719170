"""Where a migration stands, for people and for programs."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from overt.audit.migration import MigrationView, view_migration
from overt.cli.flags_open import Opened
from overt.cli.flags_retired import as_document, look
from overt.cli.flags_say import print_checks, print_json, print_rows
from overt.flags import Stage, Status
from overt.flags.words import say_value
from overt.model import Exit
from overt.system.clock import iso_utc
from overt.system.units import count

_MOVES = 5


def show_status(options: argparse.Namespace, opened: Opened) -> int:
    """Print where the migration stands, and what the next stage waits for."""
    _, found = look(opened)
    view = view_migration(opened.flags, opened.control, retired=found, facts=opened.judge.facts())
    assert view.status is not None
    if options.json:
        return print_json(_document(view, view.status))
    if not view.stages:
        sys.stdout.write("No stage is declared. Declare one as [[stages]] in overt.toml.\n")
        return Exit.PROVED
    _print_stages(view, view.status)
    if view.following:
        sys.stdout.write(f"\nStage {view.following} is {'ready' if view.ready else 'not ready'}:\n")
        print_checks(view.checks)
    _print_comparisons(view)
    _print_moves(view.status)
    _print_retired(view)
    return Exit.PROVED


def standing(stage: Stage, status: Status) -> str:
    """Return where a stage is: `done`, its percentage, or `-`.

    Args:
        stage: The stage.
        status: Where the migration is.
    """
    if stage.number == status.stage:
        return f"{status.percentage:g} %"
    return "done" if stage.number < status.stage else "-"


def _print_stages(view: MigrationView, status: Status) -> None:
    rows = [("STAGE", "NAME", "RISK", "STANDING", "FLAGS")]
    for stage in view.stages:
        flags = ", ".join(f"{name} {say_value(status.flags[name])}" for name in stage.flags)
        rows.append((str(stage.number), stage.name, stage.risk, standing(stage, status), flags))
    print_rows(rows)
    if status.drift:
        sys.stdout.write(f"\nSet by hand, not as the stage says: {', '.join(status.drift)}\n")


def _print_comparisons(view: MigrationView) -> None:
    if not view.comparisons:
        return
    sys.stdout.write("\nCompared, new with legacy:\n")
    figures = ("agreed", "mismatches", "failed", "new_calls", "legacy_calls")
    rows = [("  NAME", *(figure.replace("_", " ").upper() for figure in figures))]
    rows += [
        (f"  {name}", *(str(found.get(figure, 0)) for figure in figures)) for name, found in view.comparisons.items()
    ]
    print_rows(rows)


def _print_moves(status: Status) -> None:
    if not status.history:
        return
    sys.stdout.write("\nLast moves:\n")
    rows = []
    for move in status.history[-_MOVES:]:
        what = f"{move.old} -> {move.new}" + (f" at {move.percentage:g} %" if move.new else "")
        rows.append((f"  {iso_utc(round(move.at * 1e9))}", move.kind, what, move.by, move.reason))
    print_rows(rows)


def _print_retired(view: MigrationView) -> None:
    if view.retired:
        sys.stdout.write(f"\n{count(len(view.retired), 'finding')} about flags; see overt flags retired\n")


def _document(view: MigrationView, status: Status) -> dict[str, Any]:
    document = {**status._asdict(), "history": [move._asdict() for move in status.history]}
    document["health"] = status.health._asdict() if status.health else None
    document["reports"] = [{**one._asdict(), "health": one.health._asdict()} for one in view.reports]
    document["stages"] = [stage._asdict() for stage in view.stages]
    document["next"] = view.following or None
    document["ready"] = view.ready
    document["checks"] = [check._asdict() for check in view.checks]
    document["comparisons"] = view.comparisons
    document["retired"] = [as_document(finding) for finding in view.retired]
    return document
