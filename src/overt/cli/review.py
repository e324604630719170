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
    from overt.review.records import ReviewRule
    from overt.review.span import Span

EXAMPLES = """\
overt review                          what this branch changes since the main branch
overt review --dirty                  the work tree as well
overt review v1.2...v1.3 --format json
overt review --run --only tests-see-the-change
overt review --fail-on refuted --format github --ticks comment.md
overt review --ci --fail-on refuted   what a CI service is to land, recorded and published
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
    made.add_argument(
        "--tolerate", action="append", default=[], metavar="ID", help="this rule may be refuted; repeatable"
    )
    made.add_argument("--run", action="store_true", help="run the changed tests in a copy, too, the source taken back")
    made.add_argument("--no-run", action="store_true", help="run nothing, also no command that overt.toml names")
    made.add_argument("--ticks", metavar="FILE", help="a former checklist, whose answers hold for unchanged lines")
    made.add_argument("--record", action="store_true", help="leave the checklist in the ledger")
    made.add_argument("--ci", action="store_true", help="find the range of this CI job, record it and publish it")
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
    if options.ci:
        return _in_ci(options)
    from overt.review.span import read_span

    span = read_span(options.root, options.range, base=options.base, dirty=options.dirty)
    checklist, rules, changes = _checklist(options, span)
    if options.record:
        _record(options.root, changes, checklist)
    return _shown(options, checklist, rules)


def _in_ci(options: argparse.Namespace) -> int:
    """Review what is about to land; when nothing can be reviewed, that is said, and nothing is proved."""
    import os

    from overt.cli.review_publish import publish, publish_nothing, said
    from overt.review.landing import find_landing

    if options.range or options.base or options.dirty:
        raise OvertError("--ci finds the range by itself", hint="leave the range, --base and --dirty out")
    try:
        landing = find_landing(options.root, os.environ)
    except OvertError as error:
        publish_nothing(str(error), os.environ)
        raise
    checklist, rules, changes = _checklist(options, landing.span)
    _record(options.root, changes, checklist)
    places = publish(options.root, checklist, os.environ)
    if options.json or options.format != "md":
        status = _shown(options, checklist, rules)
    else:
        lines = said(checklist, landing, places, frozenset(options.tolerate))
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        status = _exit(options, checklist)
    # A part of what lands may lack what another part of it brings.
    return status if landing.known else Exit.UNCHECKED


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


def _checklist(options: argparse.Namespace, span: Span) -> tuple[Checklist, tuple[ReviewRule, ...], Changes]:
    """Return what a review of a span comes to, the rules that it was held to, and the difference."""
    import os

    from overt.review.checklist import review
    from overt.review.context import Context
    from overt.review.own import project_rules
    from overt.review.read_changes import read_changes
    from overt.review.rules import find_rule

    context = Context(options.root, read_changes(options.root, span), _may_run(options), os.environ)
    every = project_rules(context.campaign, context.former)
    for identity in options.tolerate:
        find_rule(every, identity)
    rules = tuple(find_rule(every, identity) for identity in dict.fromkeys(options.only)) or every
    checklist = review(context, rules)
    return _ticked(checklist, options.ticks) if options.ticks else checklist, rules, context.changes


def _exit(options: argparse.Namespace, checklist: Checklist) -> int:
    return Exit(checklist.exit_when(options.fail_on, frozenset(options.tolerate)))


def _shown(options: argparse.Namespace, checklist: Checklist, rules: tuple[ReviewRule, ...]) -> int:
    from overt.cli.review_show import shown

    sys.stdout.write(shown(checklist, rules, "json" if options.json else options.format))
    return _exit(options, checklist)
