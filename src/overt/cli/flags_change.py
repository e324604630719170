"""How flags and stages are changed."""

from __future__ import annotations

import argparse
import sys

from overt.cli.flags_open import Opened, who
from overt.cli.flags_say import print_checks, print_json
from overt.flags import Change, Move
from overt.flags.words import say_value
from overt.model import Exit


def _told(options: argparse.Namespace, change: Change) -> int:
    if options.json:
        return print_json(change._asdict())
    sys.stdout.write(f"{change.flag}: {say_value(change.old)} -> {say_value(change.new)}\n")
    return Exit.PROVED


def set_flag(options: argparse.Namespace, opened: Opened) -> int:
    """Turn a flag on or off."""
    on = options.value == "on"
    return _told(options, opened.flags.set(options.flag, on, by=who(options.by), reason=options.reason))


def roll_out(options: argparse.Namespace, opened: Opened) -> int:
    """Turn a flag on for a percentage of the keys."""
    change = opened.flags.set_percentage(options.flag, options.percentage, by=who(options.by), reason=options.reason)
    return _told(options, change)


def reset_flag(options: argparse.Namespace, opened: Opened) -> int:
    """Give a flag its default again."""
    return _told(options, opened.flags.reset(options.flag, by=who(options.by), reason=options.reason))


def _moved(options: argparse.Namespace, move: Move) -> int:
    if options.json:
        return print_json(move._asdict())
    at = f" at {move.percentage:g} %" if move.new else ": everything is off"
    sys.stdout.write(f"stage {move.old} -> stage {move.new}{at}\n")
    if move.problem:
        sys.stdout.write(f"What stood in the store before could not be read: {move.problem}\n")
    return Exit.PROVED


def advance(options: argparse.Namespace, opened: Opened) -> int:
    """Enter a stage, if it is ready or forced."""
    readiness = opened.control.readiness(options.stage)
    if not readiness and not options.force:
        if options.json:
            print_json({"ready": False, "checks": [check._asdict() for check in readiness.checks]})
            return Exit.REFUTED
        sys.stdout.write(f"Stage {options.stage} is not ready, nothing was changed:\n")
        print_checks(readiness.checks)
        sys.stdout.write("Mend what says no, or use --force with a --reason.\n")
        return Exit.REFUTED
    move = opened.control.advance_to(options.stage, options.percentage, by=who(options.by), reason=options.reason)
    return _moved(options, move)


def roll_back(options: argparse.Namespace, opened: Opened) -> int:
    """Go back to a stage."""
    return _moved(options, opened.control.rollback_to(options.stage, by=who(options.by), reason=options.reason))
