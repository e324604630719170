"""A run, from the plan to the summaries that are read back from the ledger."""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from overt.campaign import Loaded
from overt.campaign.flag_states import with_states
from overt.evidence.begin import begin_run
from overt.evidence.history_file import remember
from overt.evidence.inputs import keep_lists
from overt.evidence.manifest import Plan
from overt.evidence.quarantine import Quarantine, read_quarantine
from overt.evidence.reader import Run, open_run
from overt.evidence.records import AnyRecord, Collected, SuiteRun
from overt.evidence.summary import SuiteSummary, summarise
from overt.evidence.writer import RunWriter
from overt.system.clock import Clock, SystemClock
from overt.system.guard import guarding
from overt.validate.context import Choice
from overt.validate.plan import WHOLE, make_plan, select_suites
from overt.validate.split import split_for
from overt.validate.watcher import Silent, Watcher
from overt.validate.worker import Bench, run_suite

_TICK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Validated:
    """A run that has ended.

    Args:
        run: The run, read back from the disk.
        summaries: What each suite came to, in the order of the campaign.
        interrupted: Whether it ended before its plan did.
        quarantine: Tests whose failure refutes nothing, for now.
    """

    run: Run
    summaries: tuple[SuiteSummary, ...]
    interrupted: bool
    quarantine: Quarantine


def validate(
    loaded: Loaded,
    root: Path,
    files: Sequence[str],
    *,
    environment: Mapping[str, str],
    choice: Choice | None = None,
    watcher: Watcher | None = None,
    cancel: threading.Event | None = None,
    clock: Clock | None = None,
    last_words: Callable[[Run], Iterable[AnyRecord]] | None = None,
) -> Validated:
    """Run suites and record what they observe.

    Args:
        loaded: The project's campaign.
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        environment: The user's environment; suites get it, and its secrets are kept out of the ledger.
        choice: What to run, and how; everything by default.
        watcher: Who follows the run.
        cancel: Ends the run when it is set; what did not run is then written down as such.
        clock: Where the time comes from.
        last_words: Given all that the run recorded, what is to be added before it is closed.

    Raises:
        OvertError: There is no such suite, or nothing to run.
    """
    choice, clock = choice or Choice(), clock or SystemClock()
    watcher, cancel = watcher or Silent(), cancel or threading.Event()
    root = root.resolve()
    selected = select_suites(loaded.campaign, choice.suites)
    loaded = replace(loaded, campaign=with_states(loaded.campaign))
    split = split_for(loaded.campaign, root, selected, choice)
    plan = make_plan(loaded, root, files, selected, shard=choice.shard, split=split.digest() if split else "")
    writer = _begin(loaded, root, files, plan, environment, clock)
    here, mark = split.here(choice) if split else selected, secrets.token_hex(8)
    with writer, guarding(mark), tempfile.TemporaryDirectory(prefix="overt-", ignore_cleanup_errors=True) as scratch:
        bench = Bench(
            root=root,
            campaign=loaded.campaign,
            files=files,
            environment=environment,
            choice=choice,
            clock=clock,
            writer=writer,
            watcher=watcher,
            cancel=cancel,
            halt=threading.Event(),
            scratch=Path(scratch),
            mark=mark,
            split=split,
        )
        run_all(bench, here)
        if last_words:
            writer.add_all(last_words(open_run(writer.folder)))
        writer.close(interrupted=cancel.is_set())
    run, quarantine = _remembered(root, writer.folder), read_quarantine(root, loaded.campaign, clock.now_ns())
    return Validated(run, summaries(run, loaded, here, quarantine), cancel.is_set(), quarantine)


def _begin(
    loaded: Loaded, root: Path, files: Sequence[str], plan: Plan, environment: Mapping[str, str], clock: Clock
) -> RunWriter:
    """Begin a run; its plan, and the lists of what it is measured on, are on disk when this returns."""
    project, hidden = loaded.campaign.project.name, _secrets(loaded, environment)
    writer = begin_run(root, project, plan, environment=environment, clock=clock, secrets=hidden)
    keep_lists(writer, plan, root, files)
    return writer


def _remembered(root: Path, folder: Path) -> Run:
    """Return a run as it is on disk, and add it to the project's history."""
    run = open_run(folder)
    with suppress(OSError):  # what cannot be added now is added by `overt evidence history`
        remember(root, [run])
    return run


def run_all(bench: Bench, names: Sequence[str]) -> None:
    """Run suites, several at a time when that was asked for.

    An error of one that is not its own to tell ends the others and is raised.

    Args:
        bench: What they share.
        names: Their names.
    """
    with ThreadPoolExecutor(max_workers=bench.choice.parallel) as pool:
        pending: set[Future[None]] = {pool.submit(run_suite, bench, name) for name in names}
        try:
            while pending:
                # Waking often lets this thread, which is the one that hears signals, act on them.
                done, pending = wait(pending, timeout=_TICK_SECONDS)
                bench.watcher.waiting()
                for future in done:
                    future.result()
        except BaseException:
            bench.cancel.set()
            raise


def summaries(run: Run, loaded: Loaded, names: Sequence[str], quarantine: Quarantine) -> tuple[SuiteSummary, ...]:
    """Return what suites came to in a run; of a shard, whether what it was to run holds.

    Args:
        run: The run.
        loaded: The project's campaign.
        names: The suites that this run, or this shard of it, was to run.
        quarantine: Tests whose failure refutes nothing, for now.
    """
    if run.manifest.plan.shard == WHOLE:
        suites = loaded.campaign.suites
        planned = [suite for suite in run.manifest.plan.suites if suite.name in names]
        return tuple(summarise(run, suite, suite=suites.get(suite.name), quarantine=quarantine) for suite in planned)
    # The part alone: the other shards and the fewest tests of the whole are for `overt evidence merge` to judge.
    plan = msgspec.structs.replace(run.manifest.plan, shard=WHOLE)
    part = Run(run.folder, msgspec.structs.replace(run.manifest, plan=plan), run.damage)
    mine = [msgspec.structs.replace(suite, at_least=0, flags="") for suite in plan.suites if suite.name in names]
    return tuple(summarise(part, suite, quarantine=quarantine) for suite in mine if not _nothing_here(part, suite.name))


def _nothing_here(part: Run, name: str) -> bool:
    """Tell whether no test of a suite fell to a part, while others have some: then there is nothing to judge in it."""
    records = part.for_suite(name)
    ended = all(record.status == "completed" for record in records if isinstance(record, SuiteRun))
    return ended and any(isinstance(one, Collected) and one.whole and not one.count for one in records)


def _secrets(loaded: Loaded, environment: Mapping[str, str]) -> dict[str, str]:
    """Return every variable that a suite may see, so that no value that looks secret gets into the ledger.

    A name that the user and a suite both set keeps both its values, under two names.
    """
    known = dict(environment)
    for name, suite in loaded.campaign.suites.items():
        known.update({key if key not in known else f"{name}_{key}": value for key, value in suite.env.items()})
    return known
