"""Which flags are to be taken out, for people and for programs."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from overt.audit.retirement import retired_flags
from overt.cli.flags_open import Opened
from overt.cli.flags_say import print_json
from overt.lint.flag_readers import FlagReads, flag_reads
from overt.model import Exit, Finding
from overt.system.files import project_files
from overt.system.units import count


def look(opened: Opened) -> tuple[FlagReads, tuple[Finding, ...]]:
    """Return what the code reads, and what is to be done about flags."""
    reads = flag_reads(opened.root, project_files(opened.root), list(opened.campaign.flags))
    today = datetime.now(UTC).date()
    return reads, retired_flags(opened.loaded, reads, today, flags=opened.flags)


def as_document(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON can hold it."""
    return {
        "rule": finding.rule,
        "flag": finding.symbol,
        "message": finding.message,
        "path": finding.location.path,
        "line": finding.location.line,
        "related": [str(one.location) for one in finding.related],
    }


def show_retired(options: argparse.Namespace, opened: Opened) -> int:
    """Print the flags that are to be taken out; nothing to do is only said when everything could be read."""
    reads, found = look(opened)
    unsure = bool(reads.unreadable) or not reads.files
    if options.json:
        document = {"findings": [as_document(finding) for finding in found], "files": reads.files}
        print_json({**document, "unreadable": list(reads.unreadable)})
        return Exit.REFUTED if found else Exit.UNCHECKED if unsure else Exit.PROVED
    for finding in found:
        sys.stdout.write(f"{finding.location}: {finding.rule}: {finding.message}\n")
        for one in finding.related:
            sys.stdout.write(f"    {one.location} {one.message}\n")
    for name in reads.unreadable:
        sys.stdout.write(f"{name}: cannot be read, so that readers of flags may be missed\n")
    if not reads.files:
        sys.stdout.write("There is no Python file here besides tests: who reads the flags is not known.\n")
    said = f"{count(len(found), 'finding')} about flags" if found else "No flag is to be taken out"
    sys.stdout.write(f"{said}. Looked for readers in {count(reads.files, 'file')}.\n")
    return Exit.REFUTED if found else Exit.UNCHECKED if unsure else Exit.PROVED
