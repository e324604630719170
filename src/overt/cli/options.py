"""What the command lines of all verbs have in common."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class _Help(argparse.RawDescriptionHelpFormatter):
    """Asks for the width of the terminal without loading what copies and archives files."""

    def __init__(self, prog: str, **given: int) -> None:
        super().__init__(prog, **{"width": _width() - 2} | given)


def _width() -> int:
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size().columns or 80
    except (OSError, ValueError):
        return 80


class Parser(argparse.ArgumentParser):
    """A parser that tells its errors as every other part does."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the command line."""
        from overt.model.errors import OvertError

        raise OvertError(message, hint=f"see {self.prog} --help")


def parser(verb: str, summary: str, examples: str = "") -> Parser:
    """Return the parser of a verb with the options that every verb has.

    Args:
        verb: Name of the verb.
        summary: What it does, one sentence.
        examples: Command lines shown at the end of its help, one a line.
    """
    shown = "examples:\n" + "\n".join(f"  {line}" for line in examples.strip().splitlines()) if examples else None
    made = Parser(
        prog=f"overt {verb}",
        description=summary,
        epilog=shown,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    made.add_argument("-C", "--root", type=Path, default=Path(), metavar="DIR", help="project folder (default: here)")
    made.add_argument("--json", action="store_true", help="print one JSON document instead of text")
    made.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="when to colour the output")
    return made


def wants_colour(choice: str) -> bool:
    """Tell whether to colour standard output: the option, then NO_COLOR and FORCE_COLOR, then the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")
