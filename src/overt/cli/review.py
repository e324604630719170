"""`overt review`: turn a git range into a checklist that ticks itself."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from overt.cli.options import Parser, parser
from overt.model import Exit, OvertError

if TYPE_CHECKING:
    from pathlib import Path

    from overt.review.changes import Changes
    from overt.review.checklist import Checklist

EXAMPLES = """\
overt review                          what this branch changes since the main branch
overt review --dirty                  the work tree as well
overt review v1.2...v1.3 --format json
overt review --explain source-has-tests
"""


def _parser() -> Parser:
    made = parser("review", "Turn a git range into a checklist that ticks itself.", EXAMPLES)
    made.add_argument("range", nargs="?", default="", metavar="RANGE", help="BASE...HEAD, or a commit (default: HEAD)")
    made.add_argument("--base", default="", metavar="REF", help="what to compare with (default: the main branch)")
    made.add_argument("--dirty", action="store_true", help="look at the work tree too")
    made.add_argument("--format", choices=("md", "json"), default="md", help="how to print it (default: md)")
    made.add_argument("--only", action="append", default=[], metavar="ID", help="this rule only; repeatable")
    made.add_argument("--record", action="store_true", help="leave the checklist in the ledger")
    made.add_argument("--list-rules", action="store_true", help="list the rules and end")
    made.add_argument("--explain", metavar="ID", help="explain a rule and end")
    return made


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `review`.
    """
    options = _parser().parse_args(arguments)
    if options.list_rules or options.explain:
        from overt.cli.review_rules import explain, list_rules

        as_json = options.json or options.format == "json"
        return explain(options.explain, as_json=as_json) if options.explain else list_rules(as_json=as_json)
    return _review(options)


def _record(root: Path, changes: Changes, checklist: Checklist) -> None:
    import os

    from overt.campaign import load
    from overt.review.record import record_review
    from overt.system.clock import SystemClock

    project = load(root).campaign.project.name
    run = record_review(root, project, changes, checklist, environment=os.environ, clock=SystemClock())
    sys.stderr.write(f"overt: recorded in run {run}\n")


def _review(options: argparse.Namespace) -> int:
    from overt.review.checklist import review
    from overt.review.read_changes import read_changes
    from overt.review.rules import all_rules, rule_for
    from overt.review.span import read_span

    rules = tuple(rule_for(identity) for identity in dict.fromkeys(options.only)) or all_rules()
    if not options.root.is_dir():
        raise OvertError(f"{options.root} is no folder")
    span = read_span(options.root, options.range, base=options.base, dirty=options.dirty)
    changes = read_changes(options.root, span)
    checklist = review(options.root, changes, rules)
    if options.record:
        _record(options.root, changes, checklist)
    if options.json or options.format == "json":
        from overt.cli.review_rules import checklist_json

        sys.stdout.write(checklist_json(checklist) + "\n")
    else:
        from overt.review.markdown import to_markdown

        sys.stdout.write(to_markdown(checklist))
    return Exit(checklist.exit)
