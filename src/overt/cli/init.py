"""`overt init`: adopt a project."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from overt.cli.options import parser
from overt.model.exits import Exit

_YES = frozenset({"", "y", "yes"})

EXAMPLES = """
overt init --dry-run     show what would be written
overt init               write it, after a question
overt init --yes         write it
overt init --ci github --shards 4
                         a workflow that runs the suites on four machines
overt init --schema      print the JSON Schema of overt.toml
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the command line of the verb."""
    made = parser(
        "init", "Adopt a project: detect what is there and write what is missing. Nothing is replaced.", EXAMPLES
    )
    made.add_argument("--dry-run", action="store_true", help="show what would be written and write nothing")
    made.add_argument("-y", "--yes", action="store_true", help="write without asking")
    made.add_argument(
        "--ci", choices=("github", "gitlab"), metavar="SERVICE", help="write the workflow for `github` or `gitlab`"
    )
    made.add_argument(
        "--shards", type=_shards, metavar="N", help="let that workflow run the suites in N parts at once (default: 1)"
    )
    made.add_argument("--schema", action="store_true", help="print the JSON Schema of overt.toml and do nothing else")
    return made


def _shards(text: str) -> int:
    from overt.campaign.adopt_matrix import MOST

    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST}")
    return number


def _agreed(*, yes: bool, as_json: bool) -> bool:
    """Ask on a terminal; elsewhere nobody can answer, and nothing that is there gets lost."""
    if yes or as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    sys.stdout.write("\nWrite these files? [Y/n] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in _YES


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `init`.
    """
    options = build_parser().parse_args(arguments)
    if options.schema:
        from overt.campaign.schema import schema_text

        sys.stdout.write(schema_text())
        return Exit.PROVED
    return _adopt(options, options.root)


def _adopt(options: argparse.Namespace, root: Path) -> int:
    from overt.campaign.adopt_ci import Wanted
    from overt.campaign.adopt_write import write
    from overt.cli.init_measure import survey
    from overt.cli.init_show import after, as_json, before
    from overt.cli.options import wants_colour
    from overt.model.errors import OvertError

    if options.shards and not options.ci:
        raise OvertError("--shards needs --ci", hint="for example --ci github --shards 4")
    found = survey(root, Wanted(options.ci or "", options.shards or 1))
    adoption, colour = found.adoption, wants_colour(options.color)
    if not options.json:
        sys.stdout.write(before(found, colour=colour))
    writes = bool(adoption.to_write) and not options.dry_run
    if writes and not _agreed(yes=options.yes, as_json=options.json):
        sys.stdout.write("Nothing was written.\n")
        return Exit.PROVED
    if writes:
        write(root, adoption)
    sys.stdout.write(as_json(found, written=writes) if options.json else after(found, written=writes))
    return Exit.PROVED
