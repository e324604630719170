"""All runs of a project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from overt.evidence.layout import STORE
from overt.evidence.reader import Run, open_run
from overt.model import Exit, Location, OvertError, Problem
from overt.system.text import did_you_mean

__all__ = ["STORE", "Ledger", "open_ledger"]

_MOMENT = re.compile(r"\d{8}T\d{6}\.\d{6}Z")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The runs of a project.

    Args:
        runs: Runs whose head can be read, the newest first.
        damage: Runs whose head cannot be read.
        unreadable: Names of those runs.
    """

    runs: tuple[Run, ...]
    damage: tuple[Problem, ...] = ()
    unreadable: tuple[str, ...] = ()

    def latest(self, suite: str) -> Run | None:
        """Return the newest run that was going to run a suite; None when there is none.

        Args:
            suite: Name of the suite.
        """
        return next((run for run in self.runs if any(suite == s.name for s in run.manifest.plan.suites)), None)

    def find(self, name: str) -> Run:
        """Return a run by its name, by the beginning of it when that is unique, or by `latest`.

        Raises:
            OvertError: There is none, or more than one.
        """
        if name == "latest" and self.runs:
            return self.runs[0]
        found = [run for run in self.runs if run.name == name] or [r for r in self.runs if r.name.startswith(name)]
        if len(found) == 1:
            return found[0]
        if found:
            raise OvertError(f"{name!r} fits {len(found)} runs", hint="give more of the name")
        if name in self.unreadable:
            raise OvertError(f"the run {name!r} cannot be read", hint="overt evidence verify", exit=Exit.UNCHECKED)
        known = [run.name for run in self.runs]
        raise OvertError(f"there is no run {name!r}", hint=did_you_mean(name, known) or "run `overt validate` first")

    def hidden_by_damage(self, run: Run) -> str:
        """Return the name of an unreadable run that may be newer than a run; empty when there is none.

        Damaging a newer, failing run must not bring an older, passing one back.
        """
        for name in self.unreadable:
            dated = _MOMENT.match(name) and _MOMENT.match(run.name)
            if not dated or name > run.name:
                return name
        return ""


def open_ledger(root: Path) -> Ledger:
    """Return the ledger of a project; without one it is empty.

    Args:
        root: Folder of the project.
    """
    store = root / STORE
    runs: list[Run] = []
    damage: list[Problem] = []
    unreadable: list[str] = []
    for folder in sorted(store.iterdir()) if store.is_dir() else ():
        if folder.name.startswith("."):
            continue
        if not folder.is_dir():
            damage.append(Problem("is not a run", Location(f"{STORE}/{folder.name}")))
            continue
        try:
            runs.append(open_run(folder))
        except OvertError as error:
            damage += error.problems
            unreadable.append(folder.name)
    runs.sort(key=lambda run: (run.manifest.created_ns, len(run.manifest.merged_from), run.name), reverse=True)
    return Ledger(tuple(runs), tuple(damage), tuple(unreadable))
