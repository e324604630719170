"""Which state of a project is meant by a name: a run, `latest`, `previous`, a commit, a branch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from overt.evidence.freshness import planned_in
from overt.evidence.history import Entry, History
from overt.evidence.ledger import Ledger
from overt.evidence.reader import Run
from overt.evidence.shards import missing_shards
from overt.evidence.snapshots import Side, Snapshot, remembered, side_of, snapshot
from overt.model import OvertError
from overt.system.git import git

_FAR = 500
"""Commits that are gone back from a branch to find one that was measured."""

_COMMIT = re.compile(r"[0-9a-f]{4,64}")


class Sides:
    """Finds the states of a project by name.

    Args:
        root: Folder of the project.
        ledger: Its runs.
        history: What is remembered of runs, also of those that are gone.
    """

    def __init__(self, root: Path, ledger: Ledger, history: History) -> None:
        self._root, self._ledger, self._history = root, ledger, history
        self._there = {run.manifest.seal: run for run in ledger.runs}

    def find(self, name: str) -> Side:
        """Return the state that is meant.

        A run is that run; `latest` is the newest one and `previous` the one before it that has a suite in common with
        it. Of a branch or a commit it is, for each suite, the newest run on it; from a branch it is gone back to the
        newest commit that was measured.

        Args:
            name: What the user calls it.

        Raises:
            OvertError: Nothing is known by that name, or more than one run begins with it.
        """
        if name == "previous":
            return side_of(self._previous())
        try:
            return side_of(self._ledger.find(name))
        except OvertError as error:
            found = self._gone(name) or self._branch(name) or self._revision(name) or self._commit(name)
            if found is None:
                hint = f"{error.hint}; or name a branch or a commit that was measured" if error.hint else ""
                raise OvertError(error.message, hint=hint, exit=error.exit) from error
            return found

    def _previous(self) -> Run:
        runs = self._ledger.runs
        if runs:
            names = {planned.name for planned in runs[0].manifest.plan.suites}
            for run in runs[1:]:
                if names & {planned.name for planned in run.manifest.plan.suites}:
                    return run
        raise OvertError("there is no run before the latest one", hint="run `overt validate` again")

    def _gone(self, name: str) -> Side | None:
        """Return what is remembered of a run whose folder is gone."""
        entries = [entry for entry in self._history.entries if entry.run == name]
        if not entries:
            begins = [entry for entry in self._history.entries if entry.run.startswith(name)]
            entries = begins if len({entry.seal for entry in begins}) == 1 else []
        return self._side(entries[0].run, lambda entry: entry in entries, ()) if entries else None

    def _branch(self, name: str) -> Side | None:
        runs = [run for run in self._ledger.runs if run.manifest.subject.branch == name]
        return self._side(name, lambda entry: entry.branch == name, runs)

    def _revision(self, name: str) -> Side | None:
        """Return the state of the newest measured commit of something that git knows by a name."""
        if name.startswith("-") or _COMMIT.fullmatch(name):
            return None
        listed = git(self._root, "rev-list", "--first-parent", f"--max-count={_FAR}", name, "--")
        for behind, commit in enumerate((listed or b"").decode().split()):
            far = f", {behind} commits behind" if behind > 1 else ", 1 commit behind" if behind else ""
            if (found := self._on(commit, f"{name} ({commit[:12]}{far})")) is not None:
                return found
        return None

    def _commit(self, name: str) -> Side | None:
        if not _COMMIT.fullmatch(name):
            return None
        known = {run.manifest.subject.commit for run in self._ledger.runs}
        known |= {entry.commit for entry in self._history.entries}
        fitting = [commit for commit in known if commit.startswith(name)]
        return self._on(fitting[0], f"commit {fitting[0][:12]}") if len(fitting) == 1 else None

    def _on(self, commit: str, shown: str) -> Side | None:
        runs = [run for run in self._ledger.runs if run.manifest.subject.commit == commit]
        return self._side(shown, lambda entry: entry.commit == commit, runs)

    def _side(self, name: str, fits: Callable[[Entry], bool], runs: Sequence[Run]) -> Side | None:
        """Return of each suite the newest run, or what is remembered of it; None when there is neither."""
        found: dict[str, tuple[int, Callable[[], Snapshot]]] = {}
        for moment, suite, make in (*self._from_runs(runs), *self._from_history(fits)):
            if suite not in found or moment > found[suite][0]:
                found[suite] = (moment, make)
        return Side(name, {suite: make() for suite, (_, make) in found.items()}) if found else None

    def _from_runs(self, runs: Iterable[Run]) -> Iterable[tuple[int, str, Callable[[], Snapshot]]]:
        # A run that is still going, or was killed, and a part of a run do not say what a commit came to.
        whole = (one for one in runs if one.manifest.state != "running" and not missing_shards(one.manifest.plan.shard))
        for run in whole:
            for planned in run.manifest.plan.suites:
                yield run.manifest.created_ns, planned.name, partial(snapshot, run, planned)

    def _from_history(self, fits: Callable[[Entry], bool]) -> Iterable[tuple[int, str, Callable[[], Snapshot]]]:
        for entry in self._history.entries:
            if fits(entry) and not self._is_there(entry):
                yield entry.created_ns, entry.suite, partial(remembered, entry, self._history.sets)

    def _is_there(self, entry: Entry) -> bool:
        run = self._there.get(entry.seal)
        return run is not None and planned_in(run.manifest.plan.suites, entry.suite) is not None
