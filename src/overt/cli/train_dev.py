"""`overt train dev`: exercises held against their own answers, recorded as evidence; and new ones begun."""

from __future__ import annotations

import argparse
import os
import sys

import msgspec

from overt.campaign import load
from overt.cli.train_session import track_folders
from overt.evidence.records import ExerciseChecked
from overt.model import Exit, OvertError, exit_for
from overt.system.clock import SystemClock
from overt.system.files import project_files
from overt.training.check import check_exercise, check_quiz, exercise_verdict
from overt.training.linting import rule_codes
from overt.training.record import end_run, start_run, track_below
from overt.training.records import Exercise, Quiz
from overt.training.scaffold import new_exercise
from overt.training.track import find, load_tracks


def _checked(item: Exercise | Quiz, seed: int) -> ExerciseChecked:
    if isinstance(item, Quiz):
        return check_quiz(item, codes=rule_codes)
    return check_exercise(item, codes=rule_codes, seed=seed)


def _show(record: ExerciseChecked) -> None:
    verdict = exercise_verdict(record)
    reason = verdict.reason.replace("; ", "\n            ")
    sys.stdout.write(f"  {verdict.state.value:<9} {record.exercise}\n            {reason}\n")
    sys.stdout.flush()


def dev_check(options: argparse.Namespace) -> int:
    """Check exercises, show and record how they stand, and return the exit status.

    Args:
        options: The command line.
    """
    folders, clock = track_folders(options), SystemClock()
    folder = folders[-1]
    track = load_tracks(folders)
    own = [item for item in track.items if item.folder.parent == folder]
    chosen = [find(track, name) for name in options.names] or own
    below = track_below(options.root, folder)
    writer = None
    if below and not options.no_record:
        files = project_files(options.root)
        project = load(options.root, files=files).campaign.project.name
        writer = start_run(options.root, project, below, files, count=len(chosen), environment=os.environ, clock=clock)
    start_ns, records = clock.now_ns(), list[ExerciseChecked]()
    try:
        for item in chosen:
            record = _checked(item, options.seed)
            if writer:
                writer.add(record)
            records.append(record)
            if not options.json:
                _show(record)
    finally:
        if writer:
            end_run(writer, records, planned=len(chosen), start_ns=start_ns, clock=clock)
    verdicts = [exercise_verdict(record) for record in records]
    where = writer.run if writer else ""
    if options.json:
        told = [
            {"state": verdict.state.value, **msgspec.to_builtins(record)}
            for record, verdict in zip(records, verdicts, strict=True)
        ]
        sys.stdout.write(msgspec.json.encode({"run": where, "exercises": told}).decode() + "\n")
    else:
        proved = sum(verdict.holds for verdict in verdicts)
        because = "as asked" if options.no_record else "the track is no part of this project"
        recorded = f"recorded in run {where}" if where else f"not recorded: {because}"
        sys.stdout.write(f"{proved} of {len(records)} proved; {recorded}\n")
    return exit_for(verdict.state for verdict in verdicts)


def dev_new(options: argparse.Namespace) -> int:
    """Begin an exercise, say where it is and what to do next, and return the exit status.

    Args:
        options: The command line.

    Raises:
        OvertError: The project has no track of its own, or the name cannot be used.
    """
    *before, track = track_folders(options)
    if options.track is None and not track_below(options.root, track):
        raise OvertError(
            "this project has no track of its own",
            hint='name its folder in overt.toml ([training] path = "training"), or pass --track DIR',
        )
    after = max((int(path.name[:2]) for shipped in before for path in shipped.glob("[0-9][0-9]-*")), default=0)
    folder = new_exercise(track, options.name, after=after, quiz=options.quiz)
    if options.json:
        sys.stdout.write(msgspec.json.encode({"folder": str(folder)}).decode() + "\n")
    else:
        sys.stdout.write(f"{folder}\nNext: overt train dev check {folder.name} says what is still to be written\n")
    return Exit.PROVED
