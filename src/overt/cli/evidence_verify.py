"""`overt evidence verify`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from overt.cli.evidence_rerun import run_again
from overt.cli.evidence_say import find_runs, number_of, problem_json, say, say_json
from overt.evidence.ledger import Ledger, open_ledger
from overt.evidence.reader import Run
from overt.evidence.rerun import Grade, grade_of
from overt.evidence.verify import Verified, verify
from overt.model import Exit, OvertError, Problem, Problems


def verify_runs(options: argparse.Namespace) -> int:
    """Hold runs against their seals; 3 when one is damaged, was never closed, or there is none."""
    ledger = open_ledger(options.root)
    if options.rerun:
        return run_again(options, ledger)
    try:
        runs = find_runs(options.runs, ledger) if options.runs else list(ledger.runs)
    except Problems as error:
        raise Problems(error.problems, exit=Exit.UNCHECKED) from error
    damage = () if options.runs else ledger.damage
    if not runs and not damage:
        raise OvertError("there is no evidence to verify", hint="overt validate records some", exit=Exit.UNCHECKED)
    results = [verify(run) for run in runs]
    grades = [grades_of(run) for run in runs]
    if options.json:
        told = [{**_verified_json(one), "grades": each} for one, each in zip(results, grades, strict=True)]
        say_json({"runs": told, "damage": [problem_json(one) for one in damage]})
    else:
        say(_verify_lines(results, grades, damage, ledger))
    return Exit.PROVED if not damage and all(one.intact for one in results) else Exit.UNCHECKED


def grades_of(run: Run) -> dict[str, Grade]:
    """Return the grade of each suite of a run."""
    return {suite.name: grade_of(run.manifest, run.for_suite(suite.name)) for suite in run.manifest.plan.suites}


def _graded(grades: dict[str, Grade]) -> str:
    """Return the grades in a few words, with the suites when they differ.

    Example:
        >>> _graded({"unit": "re-run", "types": "CI-made"}), _graded({"unit": "CI-made", "types": "CI-made"})
        ('CI-made; re-run: unit', 'CI-made')
    """
    again = [name for name, grade in grades.items() if grade == "re-run"]
    others = sorted(set(grades.values()) - {"re-run"})
    return "; ".join([*others, *([f"re-run: {', '.join(again)}"] if again else [])])


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


def _verify_lines(
    results: list[Verified], grades: list[dict[str, Grade]], damage: tuple[Problem, ...], ledger: Ledger
) -> Iterator[str]:
    yield from (f"damaged: {problem}" for problem in damage)
    for one, each in zip(results, grades, strict=True):
        word = "intact" if one.intact else "damaged" if one.damage else "not sealed"
        held = f"{number_of(one.records, 'record')} in {number_of(one.files, 'file')}"
        yield f"{word:<10}  {one.run}  {held}; {_graded(each)}"
        yield from (f"            {problem}" for problem in (*one.damage, *one.notes))
    intact = sum(one.intact for one in results)
    total = len(results) + (len(ledger.unreadable) if damage else 0)
    yield f"{intact:,} of {number_of(total, 'run')} just as written"
    if intact < len(results) or damage:
        yield "next: delete the folders of the runs that are not, and run `overt validate` again"
