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
    from overt.review.context import MayRun

EXAMPLES = """\
overt review                          what this branch changes since the main branch
overt review --dirty                  the work tree as well
overt review v1.2...v1.3 --format json
overt review --run --only tests-see-the-change
overt review --fail-on refuted --format github --ticks comment.md
overt review --explain source-has-tests
"""
_LARGEST = 2_000_000


def _parser() -> Parser:
    made = parser("review", "Turn a git range into a checklist that ticks itself.", EXAMPLES)
    made.add_argument("range", nargs="?", default="", metavar="RANGE", help="BASE...HEAD, or a commit (default: HEAD)")
    made.add_argument("--base", default="", metavar="REF", help="what to compare with (default: the main branch)")
    made.add_argument("--dirty", action="store_true", help="look at the work tree too")
    forms = ("md", "json", "sarif", "github")
    made.add_argument("--format", choices=forms, default="md", help="how to print it (default: md)")
    made.add_argument("--only", action="append", default=[], metavar="ID", help="this rule only; repeatable")
    fails = ("open", "unchecked", "refuted", "never")
    made.add_argument(
        "--fail-on", choices=fails, default="unchecked", help="the mildest that fails (default: unchecked)"
    )
    made.add_argument("--run", action="store_true", help="run the changed tests in a copy, too, the source taken back")
    made.add_argument("--no-run", action="store_true", help="run nothing, also no command that overt.toml names")
    made.add_argument("--ticks", metavar="FILE", help="a former checklist, whose answers hold for unchanged lines")
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
    if options.run and options.no_run:
        raise OvertError("--run and --no-run exclude each other", hint="give one of them")
    if not options.root.is_dir():
        raise OvertError(f"{options.root} is no folder")
    if options.list_rules or options.explain:
        from overt.campaign import load
        from overt.cli.review_rules import explain, list_rules
        from overt.review.own import project_rules

        as_json = options.json or options.format == "json"
        rules = project_rules(load(options.root).campaign)
        return (
            explain(rules, options.explain, as_json=as_json) if options.explain else list_rules(rules, as_json=as_json)
        )
    return _review(options)


def _record(root: Path, changes: Changes, checklist: Checklist) -> None:
    import os

    from overt.campaign import load
    from overt.review.record import record_review
    from overt.system.clock import SystemClock

    project = load(root).campaign.project.name
    run = record_review(root, project, changes, checklist, environment=os.environ, clock=SystemClock())
    sys.stderr.write(f"overt: recorded in run {run}\n")


def _ticked(checklist: Checklist, path: str) -> Checklist:
    from pathlib import Path

    from overt.review.ticks import read_ticks, with_ticks

    try:
        data = Path(path).read_bytes()[:_LARGEST]
    except OSError as error:
        raise OvertError(
            f"the former checklist {path} cannot be read: {error.strerror}", hint="--ticks names a file"
        ) from error
    return with_ticks(checklist, read_ticks(data.decode("utf-8", "replace")))


def _may_run(options: argparse.Namespace) -> MayRun:
    if options.run:
        return "all"
    return "nothing" if options.no_run else "named"


def _review(options: argparse.Namespace) -> int:
    import os

    from overt.cli.review_show import shown
    from overt.review.checklist import review
    from overt.review.context import Context
    from overt.review.own import project_rules
    from overt.review.read_changes import read_changes
    from overt.review.rules import find_rule
    from overt.review.span import read_span

    span = read_span(options.root, options.range, base=options.base, dirty=options.dirty)
    context = Context(options.root, read_changes(options.root, span), _may_run(options), os.environ)
    rules = project_rules(context.campaign, context.former)
    rules = tuple(find_rule(rules, identity) for identity in dict.fromkeys(options.only)) or rules
    checklist = review(context, rules)
    if options.ticks:
        checklist = _ticked(checklist, options.ticks)
    if options.record:
        _record(options.root, context.changes, checklist)
    form = "json" if options.json else options.format
    sys.stdout.write(shown(checklist, rules, form))
    return Exit(checklist.exit_when(options.fail_on))
