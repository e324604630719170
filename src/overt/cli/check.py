"""`overt check`: find hidden state in the code."""

from __future__ import annotations

import sys
from pathlib import Path

from overt.cli.options import Parser, parser, wants_colour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from overt.cli.check_project import Scope
    from overt.lint.report import Report

_EXAMPLES = """\
overt check
overt check src tests --statistics
overt check --write-ratchet
overt check --format sarif > hidden-state.sarif
overt explain OV202"""
MANY = 500
"""Files from which on somebody at a terminal is told what is going on: most runs end before it could be read."""
_FORMATS = ("text", "github", "sarif", "json", "junit", "gitlab")


def _parser() -> Parser:
    made = parser("check", "Find hidden state in the code.", _EXAMPLES)
    made.add_argument("paths", nargs="*", metavar="PATH", help="files and folders (default: the project's packages)")
    made.add_argument("--format", choices=_FORMATS, default="text", help="how to print the findings (default: text)")
    made.add_argument("--select", action="append", default=[], metavar="CODES", help="apply these only: OV2,OV301")
    made.add_argument("--ignore", action="append", default=[], metavar="CODES", help="leave these out")
    made.add_argument("--statistics", action="store_true", help="print how often each rule found something")
    made.add_argument(
        "--ratchet", metavar="FILE", help="file that holds today's findings (default: that of overt.toml)"
    )
    made.add_argument("--no-ratchet", action="store_true", help="show what the ratchet holds as new")
    made.add_argument("--write-ratchet", action="store_true", help="let the ratchet hold all of today's findings")
    made.add_argument("--prune-ratchet", action="store_true", help="take out of the ratchet what is gone")
    made.add_argument("--no-cache", action="store_true", help="look at every file anew, keep nothing")
    made.add_argument("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    made.add_argument("--target-version", metavar="X.Y", help="oldest Python the project runs on")
    return made


def main(arguments: list[str]) -> int:
    """Run `overt check`.

    Args:
        arguments: What follows the verb on the command line.
    """
    options = _parser().parse_args(arguments)
    if options.write_ratchet and options.prune_ratchet:
        from overt.model.errors import OvertError

        raise OvertError("--write-ratchet and --prune-ratchet exclude each other", hint="prune first, then write")
    if options.watch:
        return _watch(options)
    from overt.lint.many import uncollected

    with uncollected():
        return _once(options)[0]


def _once(options: Namespace) -> tuple[int, tuple[str, ...]]:
    """Check once; return the exit status and the files that were looked at."""
    from overt.cli.check_project import find_scope

    scope = find_scope(options)
    busy = f"checking {len(scope.files):,} files" if len(scope.files) > MANY and sys.stderr.isatty() else ""
    sys.stderr.write(busy)
    sys.stderr.flush()
    try:
        report = _check(options, scope)
    finally:
        sys.stderr.write("\r\x1b[K" if busy else "")
    if options.write_ratchet or options.prune_ratchet:
        from overt.cli.check_ratchet import update

        sys.stdout.write(update(scope, report, prune=options.prune_ratchet))
        return 0, scope.files
    _print(options, report, scope.root)
    return int(report.exit), scope.files


def _watch(options: Namespace) -> int:
    import time

    from overt.cli.check_watch import Watched, watch

    if options.write_ratchet or options.prune_ratchet:
        from overt.model.errors import OvertError

        raise OvertError("--watch does not write the ratchet", hint="write or prune it in a run of its own")
    return watch(options.root, lambda: Watched(*_once(options)), sys.stderr.write, time.sleep)


def _check(options: Namespace, scope: Scope) -> Report:
    from overt.lint.engine import check
    from overt.lint.many import processors

    use = not (options.no_ratchet or options.write_ratchet or options.prune_ratchet)
    return check(
        scope.root,
        scope.files,
        scope.settings,
        ratchet=use,
        whole=scope.whole,
        cache=None if options.no_cache else scope.cache(),
        workers=processors(),
        project=scope.project,
    )


def _print(options: Namespace, report: Report, root: Path) -> None:
    if options.statistics and not options.json and options.format == "text":
        from overt.lint.formats.statistics import statistics
        from overt.lint.formats.text import summary

        sys.stdout.write(statistics(report) + summary(report))
        return
    chosen = "json" if options.json else options.format
    if chosen == "text":
        from overt.lint.formats.text import render as render_text

        text = render_text(report, root, colour=wants_colour(options.color))
    else:
        from overt.lint.formats import render

        text = render(chosen, report, root)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
