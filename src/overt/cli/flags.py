"""`overt flags`: see and change feature flags and migration stages."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from overt.cli.options import Parser, parser

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.cli.flags_open import Opened

SUMMARY = "See and change the feature flags and migration stages of overt.toml."
EXAMPLES = """\
overt flags list
overt flags set new-registry on --reason "measured for a week"
overt flags rollout new-registry 25
overt flags reset new-registry
overt flags history new-registry
overt flags status
overt flags retired
overt flags advance 2 --percentage 50
overt flags rollback 1 --reason "slow spans"
overt flags runbook -o docs/how-to/runbooks/migration.md
overt flags serve
"""


def _common(made: argparse.ArgumentParser) -> None:
    """Let the options of every verb stand after the sub-verb too; suppressed, they do not undo those before it."""
    nothing = argparse.SUPPRESS
    made.add_argument("-C", "--root", type=Path, default=nothing, metavar="DIR", help="project folder (default: here)")
    made.add_argument("--json", action="store_true", default=nothing, help="print one JSON document instead of text")
    made.add_argument("--color", choices=("auto", "always", "never"), default=nothing, help="when to colour the output")


def _why(made: argparse.ArgumentParser) -> None:
    made.add_argument("--reason", default="", metavar="TEXT", help="why, for the history")
    made.add_argument("--by", default="", metavar="NAME", help="who, for the history (default: you)")


def _parser() -> Parser:
    from overt.cli import flags_runbook
    from overt.cli.flags_serve import add_options

    made = parser("flags", SUMMARY, EXAMPLES)
    verbs = made.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)
    verbs.add_parser("list", help="every flag with its value, owner and date")
    verbs.add_parser("values", help="the percentage of keys that each flag is on for, one a line, for programs")
    shown = verbs.add_parser("show", help="everything about one flag")
    changed = verbs.add_parser("set", help="turn a flag on or off")
    rolled = verbs.add_parser("rollout", help="turn a flag on for a percentage of the keys")
    restored = verbs.add_parser("reset", help="give a flag its default again")
    for each in (shown, changed, rolled, restored):
        each.add_argument("flag", metavar="FLAG", help="name of the flag")
    changed.add_argument("value", choices=("on", "off"), help="on or off")
    rolled.add_argument("percentage", type=float, metavar="PERCENT", help="from 0 to 100")
    told = verbs.add_parser("history", help="who changed what, when and why")
    told.add_argument("flag", nargs="?", metavar="FLAG", help="only this flag")
    verbs.add_parser("status", help="where the migration stands, and what the next stage waits for")
    verbs.add_parser("retired", help="flags that nothing reads, past their date, or on for everybody for long")
    forward = verbs.add_parser("advance", help="enter a stage; refused when it is not ready")
    forward.add_argument("stage", type=int, metavar="STAGE", help="number of the stage")
    forward.add_argument(
        "--percentage", type=float, default=100.0, metavar="PERCENT", help="of the keys (default: 100)"
    )
    forward.add_argument("--force", action="store_true", help="also when it is not ready")
    back = verbs.add_parser("rollback", help="go back to a stage; 0 turns everything off")
    back.add_argument("stage", type=int, metavar="STAGE", help="number of the stage")
    for each in (changed, rolled, restored, forward, back):
        _why(each)
    add_options(verbs.add_parser("serve", help="show and change all of this on a web page, until Ctrl-C"))
    flags_runbook.add_options(verbs.add_parser("runbook", help="write the runbook of the rollout from the stages"))
    for each in verbs.choices.values():
        _common(each)
    return made


def _action(name: str) -> Callable[[argparse.Namespace, Opened], int]:
    from overt.cli import flags_change, flags_retired, flags_runbook, flags_serve, flags_show, flags_status

    actions: dict[str, Callable[[argparse.Namespace, Opened], int]] = {
        "list": flags_show.list_flags,
        "values": flags_show.show_values,
        "show": flags_show.show_flag,
        "history": flags_show.show_history,
        "status": flags_status.show_status,
        "retired": flags_retired.show_retired,
        "set": flags_change.set_flag,
        "rollout": flags_change.roll_out,
        "reset": flags_change.reset_flag,
        "advance": flags_change.advance,
        "rollback": flags_change.roll_back,
        "runbook": flags_runbook.write_runbook,
        "serve": flags_serve.serve_flags,
    }
    return actions[name]


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `flags`.
    """
    from overt.cli.flags_open import opened

    options = _parser().parse_args(arguments)
    # Going back, and the page on which that can be done, must work when nothing else does.
    with opened(options.root, broken=options.action in {"rollback", "serve"}) as flags:
        return _action(options.action)(options, flags)
