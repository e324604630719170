"""`overt evidence verify --rerun SUITE`."""

from __future__ import annotations

import argparse
import os
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from overt.cli.evidence_say import find_runs, number_of, say, say_json
from overt.evidence.ledger import Ledger
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, Rerun
from overt.evidence.rerun import compare_again, refusal
from overt.evidence.shards import missing_shards
from overt.evidence.subject import read_subject
from overt.evidence.verify import verify
from overt.model import Exit, OvertError, Problems

if TYPE_CHECKING:
    from overt.campaign import Loaded


def run_again(options: argparse.Namespace, ledger: Ledger) -> int:
    """Run a suite again and compare; 1 when something differs, 3 when that cannot be told."""
    from overt.campaign import load
    from overt.cli.validate_signals import signals_set
    from overt.system.files import project_files
    from overt.validate.context import Choice
    from overt.validate.run import validate

    suite: str = options.rerun
    then = _chosen(options, ledger)
    files = project_files(options.root)
    loaded = load(options.root, files=files)
    _refuse_another(then, suite, loaded, options, files)

    def compare(now: Run) -> Iterable[AnyRecord]:
        return [compare_again(then, suite, now.for_suite(suite), now.manifest)]

    cancel = threading.Event()
    with signals_set(cancel):
        done = validate(
            loaded,
            options.root,
            files,
            environment=os.environ,
            choice=Choice(suites=(suite,)),
            cancel=cancel,
            last_words=compare,
        )
    (found,) = done.run.of(Rerun)
    interrupted = done.interrupted or not found.compared
    if options.json:
        say_json(_document(found, done.run, interrupted=interrupted))
    else:
        say(_lines(found, done.run))
    if interrupted:
        return Exit.UNCHECKED
    return Exit.PROVED if found.agrees else Exit.REFUTED


def _chosen(options: argparse.Namespace, ledger: Ledger) -> Run:
    """Return the run to compare with: the one that is named, else the newest whole one that ran the suite."""
    runs = find_runs(options.runs, ledger) if options.runs else ledger.runs
    if options.runs and len(runs) > 1:
        raise OvertError("one suite is compared with one run", hint="name a single run")
    ran = [run for run in runs if any(each.name == options.rerun for each in run.manifest.plan.suites)]
    whole = [run for run in ran if not missing_shards(run.manifest.plan.shard) and run.manifest.state == "closed"]
    if not whole:
        hint = "overt evidence list shows the runs and their suites"
        message = f"no whole run of suite {options.rerun!r} is there to compare with"
        raise OvertError(message, hint=hint, exit=Exit.UNCHECKED)
    verified = verify(whole[0])
    if verified.damage:
        raise Problems(verified.damage, exit=Exit.UNCHECKED)
    return whole[0]


def _refuse_another(then: Run, suite: str, loaded: Loaded, options: argparse.Namespace, files: list[str]) -> None:
    """Refuse to measure something else than the run did: what came of it would say nothing about that run."""
    from dataclasses import replace

    from overt.campaign.flag_states import with_states
    from overt.validate.plan import plan_suite, select_suites

    select_suites(loaded.campaign, (suite,))
    campaign = replace(loaded, campaign=with_states(loaded.campaign)).campaign
    planned = next(each for each in then.manifest.plan.suites if each.name == suite)
    subject = read_subject(options.root, campaign.project.name)
    why = refusal(then, planned, subject, plan_suite(campaign, suite, options.root, files))
    if why:
        commit = then.manifest.subject.commit[:12]
        again = f"git worktree add ../again {commit}, and there: overt evidence verify {then.folder} --rerun {suite}"
        raise OvertError(why, hint=again if commit else "", exit=Exit.UNCHECKED)


def _document(found: Rerun, run: Run, *, interrupted: bool) -> dict[str, object]:
    return {
        "suite": found.suite,
        "of": found.of,
        "run": run.name,
        "compared": found.compared,
        "agrees": found.agrees,
        "interrupted": interrupted,
        "differences": list(found.differences),
        "notes": list(found.notes),
    }


def _lines(found: Rerun, run: Run) -> Iterator[str]:
    compared = number_of(found.compared, "observation")
    if found.agrees:
        yield f"re-run agrees: {found.suite} came to the same {compared} as in {found.of}"
    elif not found.compared:
        yield f"nothing of {found.suite} in {found.of} can be compared"
    else:
        yield f"re-run differs from {found.of}, of {compared}:"
    yield from (f"  {text}" for text in found.differences)
    yield from (f"  besides: {text}" for text in found.notes)
    yield f"recorded in {run.name}"
