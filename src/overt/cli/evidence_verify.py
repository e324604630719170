"""`overt evidence verify`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from overt.cli.evidence_say import find_runs, number_of, problem_json, say, say_json
from overt.evidence.ledger import Ledger, open_ledger
from overt.evidence.verify import Verified, verify
from overt.model import Exit, OvertError, Problem, Problems


def verify_runs(options: argparse.Namespace) -> int:
    """Hold runs against their seals; 3 when one is damaged, was never closed, or there is none."""
    ledger = open_ledger(options.root)
    try:
        runs = find_runs(options.runs, ledger) if options.runs else list(ledger.runs)
    except Problems as error:
        raise Problems(error.problems, exit=Exit.UNCHECKED) from error
    damage = () if options.runs else ledger.damage
    if not runs and not damage:
        raise OvertError("there is no evidence to verify", hint="overt validate records some", exit=Exit.UNCHECKED)
    results = [verify(run) for run in runs]
    if options.json:
        say_json({"runs": [_verified_json(one) for one in results], "damage": [problem_json(one) for one in damage]})
    else:
        say(_verify_lines(results, damage, ledger))
    return Exit.PROVED if not damage and all(one.intact for one in results) else Exit.UNCHECKED


def _verified_json(one: Verified) -> dict[str, object]:
    return {
        "run": one.run,
        "intact": one.intact,
        "sealed": one.sealed,
        "records": one.records,
        "files": one.files,
        "damage": [problem_json(problem) for problem in one.damage],
        "notes": [problem_json(problem) for problem in one.notes],
    }


def _verify_lines(results: list[Verified], damage: tuple[Problem, ...], ledger: Ledger) -> Iterator[str]:
    yield from (f"damaged: {problem}" for problem in damage)
    for one in results:
        word = "intact" if one.intact else "damaged" if one.damage else "not sealed"
        yield f"{word:<10}  {one.run}  {number_of(one.records, 'record')} in {number_of(one.files, 'file')}"
        yield from (f"            {problem}" for problem in (*one.damage, *one.notes))
    intact = sum(one.intact for one in results)
    total = len(results) + (len(ledger.unreadable) if damage else 0)
    yield f"{intact:,} of {number_of(total, 'run')} just as written"
    if intact < len(results) or damage:
        yield "next: delete the folders of the runs that are not, and run `overt validate` again"
