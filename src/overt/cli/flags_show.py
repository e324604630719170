"""How flags and stages are shown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from overt.audit.retirement import FINISHED, OVERDUE, UNREAD
from overt.cli.flags_open import Opened
from overt.cli.flags_retired import look
from overt.cli.flags_say import print_json, print_rows
from overt.flags import FlagState
from overt.flags.records import percent
from overt.flags.words import say_value
from overt.model import Exit
from overt.system.clock import iso_utc

_MARKS: Final[Mapping[str, str]] = MappingProxyType(
    {UNREAD: "nothing reads it", OVERDUE: "past its date, {until}: take it out", FINISHED: "on for long: take it out"}
)


def _retired(opened: Opened) -> dict[str, list[str]]:
    """Return what is to be done about each flag, as rules."""
    rules: dict[str, list[str]] = {}
    for finding in look(opened)[1]:
        if finding.rule in _MARKS:
            rules.setdefault(finding.symbol, []).append(finding.rule)
    return rules


def _standing(state: FlagState, rules: Sequence[str]) -> str:
    """Return what is to be done about a flag, in a few words."""
    return "; ".join(_MARKS[rule] for rule in rules).format(until=state.until) or f"until {state.until}"


def _as_document(state: FlagState, rules: Sequence[str]) -> dict[str, Any]:
    changed = state.changed._asdict() if state.changed else None
    return {
        **state._asdict(),
        "percentage": state.percentage,
        "enabled": state.enabled,
        "changed": changed,
        "retired": rules,
    }


def show_values(options: argparse.Namespace, opened: Opened) -> int:
    """Print the percentage of keys that each flag is on for, for programs to read."""
    values = {name: percent(value) for name, value in opened.flags.all().items()}
    if options.json:
        return print_json(values)
    sys.stdout.writelines(f"{name} {value:g}\n" for name, value in values.items())
    return Exit.PROVED


def list_flags(options: argparse.Namespace, opened: Opened) -> int:
    """Print every flag with its value, owner and date."""
    states = [opened.flags.describe(flag.name) for flag in opened.flags.declared]
    rules = _retired(opened)
    if options.json:
        return print_json([_as_document(state, rules.get(state.name, [])) for state in states])
    rows = [("FLAG", "VALUE", "OWNER", "STANDING", "PURPOSE")]
    rows += [
        (state.name, say_value(state.value), state.owner, _standing(state, rules.get(state.name, [])), state.purpose)
        for state in states
    ]
    print_rows(rows)
    return Exit.PROVED


def show_flag(options: argparse.Namespace, opened: Opened) -> int:
    """Print everything about one flag."""
    state = opened.flags.describe(options.flag)
    rules = _retired(opened).get(state.name, [])
    if options.json:
        return print_json(_as_document(state, rules))
    rows = [
        ("flag", state.name),
        ("value", say_value(state.value)),
        ("default", say_value(state.default)),
        ("owner", state.owner),
        ("purpose", state.purpose),
        ("created", state.created),
        ("standing", _standing(state, rules)),
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
