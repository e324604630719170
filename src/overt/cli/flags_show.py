"""How flags and stages are shown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from overt.cli.flags_open import Opened
from overt.flags import FlagState
from overt.flags.records import Value
from overt.model import Exit
from overt.system.clock import iso_utc


def say_value(value: Value | None) -> str:
    """Return a value in words.

    Example:
        >>> say_value(True), say_value(25.0), say_value(None)
        ('on', '25 %', 'default')
    """
    if value is None:
        return "default"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g} %"


def print_json(document: Any) -> int:
    """Print one JSON document."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")
    return Exit.PROVED


def print_rows(rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a table, the first as its head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")


def _standing(state: FlagState) -> str:
    """Return what is to be done about a flag, in a few words."""
    if state.until < _today():
        return f"past its date, {state.until}: take it out"
    return f"until {state.until}"


def _as_document(state: FlagState) -> dict[str, Any]:
    changed = state.changed._asdict() if state.changed else None
    return {**state._asdict(), "percentage": state.percentage, "enabled": state.enabled, "changed": changed}


def list_flags(options: argparse.Namespace, opened: Opened) -> int:
    """Print every flag with its value, owner and date."""
    states = [opened.flags.describe(flag.name) for flag in opened.flags.declared]
    if options.json:
        return print_json([_as_document(state) for state in states])
    rows = [("FLAG", "VALUE", "OWNER", "STANDING", "PURPOSE")]
    rows += [(state.name, say_value(state.value), state.owner, _standing(state), state.purpose) for state in states]
    print_rows(rows)
    return Exit.PROVED


def show_flag(options: argparse.Namespace, opened: Opened) -> int:
    """Print everything about one flag."""
    state = opened.flags.describe(options.flag)
    if options.json:
        return print_json(_as_document(state))
    rows = [
        ("flag", state.name),
        ("value", say_value(state.value)),
        ("default", say_value(state.default)),
        ("owner", state.owner),
        ("purpose", state.purpose),
        ("created", state.created),
        ("standing", _standing(state)),
        ("changed", "never" if state.changed is None else _said(state.changed)),
    ]
    print_rows(rows)
    return Exit.PROVED


def _said(change: Any) -> str:
    reason = f": {change.reason}" if change.reason else ""
    return f"{iso_utc(round(change.at * 1e9))} by {change.by or 'unknown'}{reason}"


def show_history(options: argparse.Namespace, opened: Opened) -> int:
    """Print who changed what, when and why."""
    history = opened.flags.history(options.flag)
    if options.json:
        return print_json([change._asdict() for change in history])
    if not history:
        sys.stdout.write("No flag was ever changed.\n" if not options.flag else f"{options.flag} was never changed.\n")
        return Exit.PROVED
    rows = [("AT", "BY", "FLAG", "FROM", "TO", "REASON")]
    for change in history:
        at = iso_utc(round(change.at * 1e9))
        rows.append((at, change.by, change.flag, say_value(change.old), say_value(change.new), change.reason))
    print_rows(rows)
    return Exit.PROVED


def show_status(options: argparse.Namespace, opened: Opened) -> int:
    """Print where the migration stands, and what the next stage waits for."""
    control = opened.control
    status = control.status()
    ahead = [stage for stage in control.stages if stage.number > status.stage]
    following = status.stage if 0 < status.percentage < 100 else ahead[0].number if ahead else 0
    readiness = control.readiness(following) if following else None
    if options.json:
        document = {**status._asdict(), "history": [move._asdict() for move in status.history]}
        document["health"] = status.health._asdict() if status.health else None
        document["stages"] = [stage._asdict() for stage in control.stages]
        document["next"] = following or None
        document["checks"] = [check._asdict() for check in readiness.checks] if readiness is not None else []
        return print_json(document)
    if not control.stages:
        sys.stdout.write("No stage is declared. Declare one as [[stages]] in overt.toml.\n")
        return Exit.PROVED
    rows = [("STAGE", "NAME", "RISK", "STANDING", "FLAGS")]
    for stage in control.stages:
        standing = "done" if stage.number < status.stage else "-"
        if stage.number == status.stage:
            standing = f"{status.percentage:g} %"
        flags = ", ".join(f"{name} {say_value(status.flags[name])}" for name in stage.flags)
        rows.append((str(stage.number), stage.name, stage.risk, standing, flags))
    print_rows(rows)
    if status.drift:
        sys.stdout.write(f"\nSet by hand, not as the stage says: {', '.join(status.drift)}\n")
    if readiness is not None:
        sys.stdout.write(f"\nStage {following} is {'ready' if readiness else 'not ready'}:\n")
        print_checks(readiness.checks)
    return Exit.PROVED


def print_checks(checks: Iterable[Any]) -> None:
    """Print the conditions of a stage."""
    print_rows([(f"  {'ok' if check.ok else 'no'}", check.name, check.why) for check in checks])
