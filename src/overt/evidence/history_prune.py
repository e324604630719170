"""Which folders of runs may go, since the history remembers them and no verdict rests on them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from overt.evidence.history import History
from overt.evidence.reader import Run
from overt.evidence.records import ExerciseChecked, Rehearsal


@dataclass(frozen=True, slots=True)
class Kept:
    """What is done with runs.

    Args:
        removable: Runs whose folders may go, the newest first.
        needed: Older runs that something still rests on, each with why it stays.
    """

    removable: tuple[Run, ...]
    needed: tuple[tuple[Run, str], ...]


def choose(runs: Sequence[Run], history: History, *, keep: int) -> Kept:
    """Return which runs may go.

    Args:
        runs: All runs, the newest first.
        history: What is remembered.
        keep: How many of the newest stay in any case.
    """
    remembered = history.seals
    suites: set[str] = set()
    things: set[tuple[str, str]] = set()
    removable, needed = [], []
    for place, run in enumerate(runs):
        reason = _reason(run, remembered, suites, things)
        if place >= keep:
            needed.append((run, reason)) if reason else removable.append(run)
        suites |= {planned.name for planned in run.manifest.plan.suites}
        things |= _things(run)
    return Kept(tuple(removable), tuple(needed))


def _reason(run: Run, remembered: frozenset[str], suites: set[str], things: set[tuple[str, str]]) -> str:
    if run.manifest.seal not in remembered:
        return "the history does not remember it"
    if newest := [planned.name for planned in run.manifest.plan.suites if planned.name not in suites]:
        return f"it is the newest run of {', '.join(newest)}"
    if lone := _things(run) - things:
        return f"it holds the newest record of {', '.join(sorted(name for _, name in lone))}"
    return ""


def _things(run: Run) -> set[tuple[str, str]]:
    """Return what was rehearsed or checked one by one, in whichever run: of each the newest record counts."""
    return {(record.suite, record.id) for record in run.records if isinstance(record, (Rehearsal, ExerciseChecked))}


def remove(run: Run) -> None:
    """Remove the folder of a run; whoever looks at the ledger meanwhile sees the whole run or none.

    Args:
        run: The run.

    Raises:
        OSError: It cannot be removed.
    """
    going = run.folder.with_name(f".{run.folder.name}.{os.getpid()}.gone")
    run.folder.rename(going)
    shutil.rmtree(going)
