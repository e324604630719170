"""`overt validate`: run the suites and record evidence."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

from overt.cli.options import parser, wants_colour
from overt.model import Exit, OvertError, exit_for

if TYPE_CHECKING:
    from overt.campaign import Loaded
    from overt.validate.context import Choice
    from overt.validate.run import Validated
    from overt.validate.watcher import Watcher

EXAMPLES = """\
overt validate                        every suite
overt validate --list                 what there is to run; run nothing
overt validate --suite unit --fail-fast
overt validate --parallel 2 --skip-slow
overt validate --flags off            the suites that depend on feature flags, with every flag off
overt validate --flags matrix         as they are, and with flags on, off and mixed
overt validate --controls             has each gate ever failed? plant defects in a copy, and see
overt validate --shard 1/4            a quarter of the work; join with `overt evidence merge`
overt validate --list --shard 1/4     how long each part is expected to take
"""
PERFORMANCE = "performance"


def _parser() -> argparse.ArgumentParser:
    made = parser("validate", "Run the suites and record evidence.", EXAMPLES)
    made.add_argument("--suite", action="append", default=[], metavar="NAME", help="run this suite; may be repeated")
    made.add_argument("--list", action="store_true", help="show the suites; run nothing")
    made.add_argument(
        "--performance-only", action="store_true", help=f"run the suites whose name begins with `{PERFORMANCE}`"
    )
    made.add_argument(
        "--flags",
        default="",
        choices=("on", "off", "mixed", "matrix"),
        metavar="STATE",
        help="run the suites that depend on feature flags with every flag `on` or `off`, or `mixed`; `matrix` for as "
        "they are and each of these",
    )
    made.add_argument(
        "--controls",
        action="store_true",
        help="plant a defect for each suite, or for those of --suite, in a copy of the project: it must alarm",
    )
    made.add_argument("--skip-slow", action="store_true", help="skip the tests that are marked `slow`")
    made.add_argument("--fail-fast", action="store_true", help="begin nothing more after the first failure")
    made.add_argument("--parallel", type=_number, default=1, metavar="N", help="run N suites at a time (default: 1)")
    made.add_argument("--shard", default="", metavar="I/N", help="run the I-th of N parts, counted from 1")
    made.add_argument("--durations", default="", metavar="FILE", help="balance the parts by the times in this file")
    made.add_argument("--verbose", "-v", action="store_true", help="tell each test, and each failure in full")
    return made


def _number(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return number


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `validate`.
    """
    options = _parser().parse_args(arguments)
    from overt.campaign import load
    from overt.system.files import project_files
    from overt.validate.context import Choice
    from overt.validate.plan import parse_shard, select_suites

    if options.shard:
        parse_shard(options.shard)
    elif options.durations:
        raise OvertError("--durations balances parts, and no part was asked for", hint="give --shard as well")
    files = project_files(options.root) if options.root.is_dir() else []
    loaded = load(options.root, files=files)
    wanted = _wanted(options, loaded)
    if options.controls:
        from overt.validate.controls.request import with_controls

        loaded, wanted = with_controls(loaded, wanted)
    names = select_suites(loaded.campaign, wanted, flags=options.flags)
    if options.list:
        from overt.cli.validate_list import show_list

        if not options.shard:
            return show_list(loaded, names, as_json=options.json)
        from overt.cli.validate_shards import show_shards

        dealt = Choice(names, options.shard, durations=options.durations)
        return show_shards(loaded, options.root, dealt, as_json=options.json)
    choice = Choice(
        suites=names,
        shard=options.shard,
        skip_slow=options.skip_slow,
        fail_fast=options.fail_fast,
        parallel=options.parallel,
        durations=options.durations,
    )
    return _validate(options, loaded, files, choice)


def _wanted(options: argparse.Namespace, loaded: Loaded) -> tuple[str, ...]:
    """Return the names of the suites that the command line asks for; empty for all."""
    if not options.performance_only:
        return tuple(options.suite)
    if options.suite:
        raise OvertError("--performance-only and --suite exclude each other", hint="give one of them")
    names = tuple(name for name in loaded.campaign.suites if name.split("-")[0] == PERFORMANCE)
    if not names:
        hint = f"give a suite a name that begins with `{PERFORMANCE}`, or choose with --suite"
        raise OvertError("no suite measures performance", hint=hint)
    return names


def _validate(options: argparse.Namespace, loaded: Loaded, files: list[str], choice: Choice) -> int:
    from overt.cli.validate_report import show_report
    from overt.cli.validate_signals import signals_set
    from overt.validate.advice import advise
    from overt.validate.run import validate

    cancel = threading.Event()
    with signals_set(cancel), closing(_watcher(options, choice)) as watcher:
        done = validate(
            loaded, options.root, files, environment=os.environ, choice=choice, watcher=watcher, cancel=cancel
        )
    advice = advise(done.run, done.summaries, loaded.campaign, options.root.resolve(), os.environ)
    status = exit_status(done)
    show_report(
        done, advice, loaded, status, as_json=options.json, verbose=options.verbose, colour=wants_colour(options.color)
    )
    return status


def exit_status(done: Validated) -> Exit:
    """Return the exit status of a run: 0 only if every suite that was to run is proved."""
    return Exit.UNCHECKED if done.interrupted else exit_for(summary.verdict.state for summary in done.summaries)


def _watcher(options: argparse.Namespace, choice: Choice) -> Watcher:
    from overt.validate.watcher import Silent

    if options.json:
        return Silent()
    from overt.cli.validate_progress import make_watcher

    return make_watcher(sys.stdout, choice.suites, colour=wants_colour(options.color), verbose=options.verbose)
