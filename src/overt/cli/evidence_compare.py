"""`overt evidence diff`, `merge` and `verify`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from overt.cli.evidence_say import find_runs, number_of, problem_json, say, say_json
from overt.cli.validate_words import seconds
from overt.evidence.compare import Comparison, compare
from overt.evidence.ledger import STORE, Ledger, open_ledger
from overt.evidence.merge import Merged, merge_runs
from overt.evidence.reader import Run
from overt.evidence.verify import Verified, verify
from overt.model import Exit, OvertError, Problem, Problems

_SECTIONS = (
    ("new", "fail now and did not"),
    ("missing", "left a result before and none now"),
    ("new_findings", "found now and not before"),
    ("fixed", "failed and pass now"),
    ("gone_findings", "found before and not now"),
    ("still_failing", "fail in both"),
    ("added", "left a result only now"),
)


def diff_runs(options: argparse.Namespace) -> int:
    """Compare two runs; 1 when something is worse, 3 when one of them is damaged or was never closed."""
    ledger = open_ledger(options.root)
    before, after = ledger.find(options.before), ledger.find(options.after)
    found = compare(before, after)
    unsure = [*_unsure(before), *_unsure(after)]
    if options.json:
        say_json({**asdict(found), "worse": found.worse, "damage": [problem_json(one) for one in unsure]})
    else:
        say(_diff_lines(found, unsure))
    if found.worse:
        return Exit.REFUTED
    return Exit.UNCHECKED if unsure or not _comparable(before, after) else Exit.PROVED


def _unsure(run: Run) -> tuple[Problem, ...]:
    return run.damage or run.notes


def _comparable(before: Run, after: Run) -> bool:
    names = [{suite.name for suite in run.manifest.plan.suites} for run in (before, after)]
    return bool(names[0] & names[1])


def _diff_lines(found: Comparison, unsure: list[Problem]) -> Iterator[str]:
    yield f"from {found.before} to {found.after}"
    yield from (f"  not to be relied on: {problem}" for problem in unsure)
    for name, words in _SECTIONS:
        items = getattr(found, name)
        if items:
            yield f"{len(items):,} {words}:"
            yield from (f"  {item}" for item in items)
    if found.slower:
        yield f"{len(found.slower):,} took at least twice as long (one measurement each: a hint, no proof):"
        yield from (f"  {one.name}: {seconds(one.before_ns)}, now {seconds(one.after_ns)}" for one in found.slower)
    if found.not_compared:
        yield f"not compared, since only one of the runs planned them: {', '.join(found.not_compared)}"
    if not any(getattr(found, name) for name, _ in _SECTIONS):
        yield "no test and no finding differs"


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
