"""`overt evidence merge`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from overt.cli.evidence_say import find_runs, number_of, problem_json, say, say_json
from overt.evidence.ledger import STORE, open_ledger
from overt.evidence.merge import Merged, merge_runs
from overt.model import Exit


def merge(options: argparse.Namespace) -> int:
    """Join the parts of a run; 3 when parts are missing or contradict each other."""
    ledger = open_ledger(options.root)
    merged = merge_runs(find_runs(options.runs, ledger), options.root / STORE)
    if options.json:
        say_json(
            {
                "run": merged.run.name,
                "records": len(merged.run.records),
                "merged_from": list(merged.run.manifest.merged_from),
                "conflicts": [problem_json(one) for one in merged.conflicts],
                "missing_shards": list(merged.missing),
            }
        )
    else:
        say(_merge_lines(merged))
    return Exit.UNCHECKED if merged.conflicts or merged.missing else Exit.PROVED


def _merge_lines(merged: Merged) -> Iterator[str]:
    yield f"merged into {merged.run.name}: {number_of(len(merged.run.records), 'record')}"
    yield from (f"  conflict: {problem}" for problem in merged.conflicts)
    if merged.missing:
        numbers = ", ".join(map(str, merged.missing))
        yield f"  missing: shard {numbers}; what it planned counts as not measured until it is merged too"
    yield f"next: overt evidence show {merged.run.name}"
