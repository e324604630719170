"""`overt rehearse run`: carry a runbook out for real, in a declared environment, and take it back."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from overt.cli.options import parser
from overt.model import Exit, OvertError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from overt.campaign.records import EnvironmentTable
    from overt.evidence.records import Performed
    from overt.runbook import Runbook
    from overt.runbook.journal import Journal

EXAMPLES = """\
overt rehearse run restore --environment staging            prechecks, steps, checks; asks before it takes away
overt rehearse run restore --environment staging --resume   go on where it ended
overt rehearse run restore --environment staging --undo     take back what was done, the last first
overt rehearse run restore --environment staging --status   how far it has come; runs nothing
"""


def _parser() -> argparse.ArgumentParser:
    made = parser("rehearse run", "Carry a runbook out for real, in a declared environment.", EXAMPLES)
    made.add_argument("runbook", metavar="RUNBOOK", help="file or id of a runbook")
    made.add_argument("--environment", default="", metavar="NAME", help="a declared [environments.NAME] of overt.toml")
    made.add_argument("--by", default="", metavar="WHO", help="who does it (default: your user name)")
    made.add_argument("--yes", action="store_true", help="agree to everything that takes something away")
    made.add_argument(
        "--done", action="append", default=[], metavar="ID[=NOTE]", help="a task that was done by hand; may be repeated"
    )
    how = made.add_mutually_exclusive_group()
    how.add_argument("--resume", action="store_true", help="go on where it ended")
    how.add_argument("--undo", action="store_true", help="take back what was done, the last first")
    how.add_argument("--status", action="store_true", help="tell how far it has come; run nothing")
    return made


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `rehearse run`.
    """
    from overt.campaign import load
    from overt.cli.rehearse_find import one_runbook
    from overt.runbook import load_all
    from overt.runbook.environments import declared
    from overt.runbook.journal import journal_path, only_one, read_journal
    from overt.system.files import project_files

    options = _parser().parse_args(arguments)
    files = project_files(options.root)
    campaign = load(options.root, files=files).campaign
    runbook = one_runbook(options.root, options.runbook, load_all(options.root, campaign, files), files)
    environment = declared(options.environment, campaign.environments)
    path = journal_path(options.root, runbook.id, options.environment)
    if options.status:
        return _show_status(runbook, read_journal(path), as_json=options.json)
    with only_one(path):
        journal = _checked(options, runbook, read_journal(path))
        return _carry_out(options, runbook, environment, path, journal, files, campaign.project.name)


def _checked(options: argparse.Namespace, runbook: Runbook, journal: Journal | None) -> Journal | None:
    """Return how far it has come, when what is asked for fits that."""
    from overt.runbook.perform import unknown_entries
    from overt.system.clock import iso_utc

    if journal is None or (journal.finished and not options.undo):
        if options.resume or options.undo:
            raise OvertError(f"nothing of {runbook.id!r} is begun in {options.environment}, or all of it is through")
        return None
    began = f"{runbook.id!r} was begun in {options.environment} at {iso_utc(journal.start_ns)}"
    if not (options.resume or options.undo):
        hint = "--resume goes on, --undo takes back what was done, --status shows it"
        raise OvertError(f"{began} and is not through", hint=hint)
    if journal.text_sha256 != runbook.text_sha256 and options.resume:
        hint = "put the text back that it was begun with, or take back what was done with --undo"
        raise OvertError(f"{began}; its text has changed since", hint=hint)
    if gone := unknown_entries(runbook, journal):
        hint = "put the text back that it was begun with"
        raise OvertError(f"{began}; {', '.join(gone)} of it is not in the runbook any more", hint=hint)
    return journal


def _carry_out(
    options: argparse.Namespace,
    runbook: Runbook,
    environment: EnvironmentTable,
    path: Path,
    journal: Journal | None,
    files: Sequence[str],
    project: str,
) -> int:
    import os
    import tempfile
    from pathlib import Path

    from overt.cli.flags_open import who
    from overt.cli.rehearse_ask import AtTerminal
    from overt.cli.rehearse_record import recording
    from overt.runbook.environments import place_in
    from overt.runbook.perform import SUITE, Errand, begin, perform, take_back

    done = {one.partition("=")[0]: one.partition("=")[2] for one in options.done}
    person = AtTerminal(who(options.by), agreed=options.yes, done=done, stream=sys.stdin)
    with tempfile.TemporaryDirectory(prefix="overt-run-") as temporary:
        temp = Path(temporary)
        place = place_in(options.root, environment, runbook, os.environ, temporary=temp, mark=temp.name)
        _begins(options, runbook, place.project)
        person.begins(runbook, options.environment)
        try:
            with recording(options, runbook, files, project=project, suite=SUITE, temp=temp) as made:
                errand = Errand(runbook, options.environment, place, made.around, person, path)
                record = (take_back if options.undo else perform)(errand, journal or begin(errand))
                made.record = record
        except BaseException:
            _tell_ways(options, runbook, path)
            raise
    return _show_result(options, runbook, path, record, made.run)


def _begins(options: argparse.Namespace, runbook: Runbook, folder: Path) -> None:
    if not options.json:
        word = "taken back" if options.undo else "carried out"
        sys.stdout.write(f"{runbook.id}: {runbook.title}  ({runbook.path})\n")
        sys.stdout.write(f"  {word} for real in {options.environment}: {folder}\n")


def _tell_ways(options: argparse.Namespace, runbook: Runbook, path: Path) -> None:
    """Say how to go on after an end before the end; nothing when nothing was begun."""
    from overt.runbook.journal import read_journal

    journal = read_journal(path)
    if journal is None or not journal.entries:
        return
    same = f"overt rehearse run {runbook.id} --environment {options.environment}"
    sys.stderr.write(f"overt: go on with:      {same} --resume\novert: take it back with: {same} --undo\n")


def _show_result(options: argparse.Namespace, runbook: Runbook, path: Path, record: Performed, run: str) -> int:
    import msgspec

    from overt.model import exit_for
    from overt.runbook.perform import performed_verdict

    verdict = performed_verdict(record)
    if options.json:
        told = {"state": verdict.state.value, "run": run, **msgspec.to_builtins(record)}
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
    else:
        word = "through" if verdict.holds else "stopped"
        sys.stdout.write(f"  {word}: {verdict.reason}; recorded in {run}\n")
    if not verdict.holds:
        _tell_ways(options, runbook, path)
    return exit_for([verdict.state])


def _show_status(runbook: Runbook, journal: Journal | None, *, as_json: bool) -> int:
    import msgspec

    from overt.system.clock import iso_utc

    if as_json:
        told = {"runbook": runbook.id, "journal": msgspec.to_builtins(journal) if journal else None}
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        return Exit.PROVED
    if journal is None:
        sys.stdout.write(f"{runbook.id}: nothing is begun\n")
        return Exit.PROVED
    known = {entry.id: entry for entry in journal.entries}
    through = ", through" if journal.finished else ""
    sys.stdout.write(f"{runbook.id} in {journal.environment}, begun {iso_utc(journal.start_ns)}{through}\n")
    for action in runbook.actions:
        entry = known.get(action.id)
        went = f"{entry.state:<6}  {iso_utc(entry.at_ns)} by {entry.by}  {entry.note}" if entry else "to do"
        sys.stdout.write(f"  {action.id:<28} {went}".rstrip() + "\n")
    return Exit.PROVED
