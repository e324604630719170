"""`overt audit`: hold documents against code and evidence."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from overt.cli.options import Parser, parser, wants_colour
from overt.model.errors import OvertError

if TYPE_CHECKING:
    from argparse import Namespace

    from overt.audit.report import Report

_EXAMPLES = """\
overt audit
overt audit docs README.md
overt audit --update
overt audit --record
overt audit --strict --sarif > audit.sarif"""


def _parser() -> Parser:
    made = parser("audit", "Hold documents against code and evidence; nothing is run, imported or fetched.", _EXAMPLES)
    made.add_argument("paths", nargs="*", metavar="PATH", help="documents and folders (default: every document)")
    made.add_argument(
        "--update", "--fix-numbers", action="store_true", help="set numbers that drifted from their evidence right"
    )
    made.add_argument("--strict", action="store_true", help="fail on assertions that surely need evidence, too")
    made.add_argument("--sarif", action="store_true", help="print SARIF for code-scanning services and editors")
    made.add_argument("--md", action="store_true", help="print Markdown, as for the comment on a change")
    made.add_argument("--docstrings", action="store_true", help="read the docstrings of the Python packages, too")
    made.add_argument("--record", action="store_true", help="leave what documents name in the ledger")
    made.add_argument("--all", action="store_true", help="list everything, what was not decided included")
    return made


def main(arguments: list[str]) -> int:
    """Run `overt audit`.

    Args:
        arguments: What follows the verb on the command line.
    """
    options = _parser().parse_args(arguments)
    if sum((options.json, options.sarif, options.md)) > 1:
        raise OvertError("--json, --sarif and --md exclude each other", hint="give one of them")
    from overt.audit.audit import audit, update
    from overt.cli.audit_inputs import find_inputs

    inputs = find_inputs(options.root, options.paths, docstrings=options.docstrings)
    changed = update(inputs) if options.update else []
    report = audit(inputs)
    if options.record:
        from overt.audit.record import record_audit
        from overt.system.clock import SystemClock

        record_audit(inputs, report, environment=os.environ, clock=SystemClock())
    sys.stdout.buffer.write(_shown(report, options, changed).encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
    return int(report.exit(strict=options.strict))


def _shown(report: Report, options: Namespace, changed: list[tuple[str, int]]) -> str:
    if options.json:
        from overt.cli.audit_json import as_json

        return as_json(report, changed, strict=options.strict)
    if options.sarif:
        from overt.cli.audit_sarif import as_sarif

        return as_sarif(report, strict=options.strict)
    if options.md:
        from overt.cli.audit_markdown import as_markdown

        return as_markdown(report, changed, everything=options.all)
    from overt.cli.audit_text import as_text

    return as_text(report, changed, everything=options.all, colour=wants_colour(options.color))
