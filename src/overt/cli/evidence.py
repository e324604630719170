"""`overt evidence`: list, show, compare, merge, verify, import and export evidence."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from overt.cli import evidence_history
from overt.cli.options import Parser, parser

if TYPE_CHECKING:
    from collections.abc import Callable

SUMMARY = "List, show, compare, merge and verify evidence."
EXAMPLES = """\
overt evidence list                        runs, the newest first
overt evidence show latest                 one run: suites, verdicts, failures
overt evidence diff                        the two newest runs: what broke, what was mended, what is gone
overt evidence diff main HEAD              the newest runs of a branch against those of a commit
overt evidence verify                      hold every run against its seals
overt evidence verify --rerun unit         run a suite again and compare
overt evidence merge shard-1/ shard-2/     join the parts of a run
overt evidence history                     what is remembered of all runs
overt evidence flaky                       tests that pass and fail by chance
overt evidence import report.xml           record results that another tool wrote
overt evidence export latest --format sarif
"""
_RUN_HELP = "name of a run, the beginning of one, or `latest`"
_STATE_HELP = "a run, the beginning of its name, `latest`, `previous`, a branch, a commit or HEAD"


def _common(made: argparse.ArgumentParser) -> None:
    """Let the options of every verb stand after the sub-verb too; suppressed, they do not undo those before it."""
    nothing = argparse.SUPPRESS
    made.add_argument("-C", "--root", type=Path, default=nothing, metavar="DIR", help="project folder (default: here)")
    made.add_argument("--json", action="store_true", default=nothing, help="print one JSON document instead of text")
    made.add_argument("--color", choices=("auto", "always", "never"), default=nothing, help="when to colour the output")


def _parser() -> Parser:
    made = parser("evidence", SUMMARY, EXAMPLES)
    verbs = made.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)
    listed = verbs.add_parser("list", help="runs, the newest first")
    listed.add_argument("-n", "--number", type=int, default=20, metavar="N", help="how many (default: 20; 0 for all)")
    shown = verbs.add_parser("show", help="one run: suites, verdicts, failures")
    shown.add_argument("run", nargs="?", default="latest", metavar="RUN", help=f"{_RUN_HELP} (default: latest)")
    shown.add_argument("--suite", metavar="NAME", help="only this suite")
    shown.add_argument("--limit", type=int, default=20, metavar="N", help="failures and findings to show of each suite")
    differing = verbs.add_parser("diff", help="what broke, what was mended, what is gone")
    differing.add_argument(
        "before", nargs="?", default="previous", metavar="A", help=f"{_STATE_HELP} (default: previous)"
    )
    differing.add_argument("after", nargs="?", default="latest", metavar="B", help="the same (default: latest)")
    merging = verbs.add_parser("merge", help="join the parts of a run that was split over machines")
    merging.add_argument("runs", nargs="+", metavar="RUN", help="name or folder of a run, or a folder of runs")
    verified = verbs.add_parser("verify", help="hold runs against their seals")
    verified.add_argument("runs", nargs="*", metavar="RUN", help="name or folder of a run (default: all)")
    verified.add_argument("--rerun", default="", metavar="SUITE", help="run this suite again, and compare")
    importing = verbs.add_parser("import", help="record results that another tool wrote")
    importing.add_argument("files", nargs="+", type=Path, metavar="FILE", help="result files")
    importing.add_argument("--suite", default="", metavar="NAME", help="suite to record them for (default: imported)")
    importing.add_argument("--format", default="", metavar="NAME", help="its format; guessed")
    exporting = verbs.add_parser("export", help="write a run in a format that other tools read")
    exporting.add_argument("run", nargs="?", default="latest", metavar="RUN", help=f"{_RUN_HELP} (default: latest)")
    exporting.add_argument(
        "--format", default="junit", metavar="NAME", help="junit, ctrf, sarif, in-toto or durations (default: junit)"
    )
    exporting.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write (default: print it)")
    evidence_history.add_parsers(verbs)
    for each in verbs.choices.values():
        _common(each)
    return made


def _action(name: str) -> Callable[[argparse.Namespace], int]:
    from overt.cli import evidence_compare, evidence_files, evidence_merge, evidence_show, evidence_verify

    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": evidence_show.list_runs,
        "show": evidence_show.show_run,
        "diff": evidence_compare.diff_runs,
        "merge": evidence_merge.merge,
        "verify": evidence_verify.verify_runs,
        "history": evidence_history.history,
        "flaky": evidence_history.flaky,
        "import": evidence_files.import_files,
        "export": evidence_files.export_run,
    }
    return actions[name]


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `evidence`.
    """
    options = _parser().parse_args(arguments)
    return _action(options.action)(options)
