"""`overt rehearse`: carry runbooks out in a scratch copy, take them back, record whether they hold."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from overt.cli.options import parser
from overt.cli.rehearse_find import one_runbook
from overt.model import Exit, OvertError, Problems, exit_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.campaign import Campaign
    from overt.runbook import Runbook, Runbooks
    from overt.runbook.place import Place

EXAMPLES = """\
overt rehearse --all                      every runbook of the project
overt rehearse docs/runbooks/restore.md   one, by file or id
overt rehearse restore --plan             show what would run and what it lacks
overt rehearse --clean                    remove what a killed rehearsal left
overt rehearse run restore --environment staging   for real, in a declared environment
"""


def _parser() -> argparse.ArgumentParser:
    made = parser(
        "rehearse", "Carry runbooks out in a scratch copy, take them back, record whether they hold.", EXAMPLES
    )
    made.add_argument("runbooks", nargs="*", metavar="RUNBOOK", help="file or id of a runbook")
    made.add_argument("--all", action="store_true", help="every runbook of the project")
    made.add_argument("--plan", action="store_true", help="show what would run and what it lacks; run nothing")
    made.add_argument(
        "--environment", default="", metavar="NAME", help="rehearse in a declared environment that allows it"
    )
    made.add_argument("--keep", action="store_true", help="leave the scratch copy in place")
    made.add_argument("--clean", action="store_true", help="remove what killed rehearsals of this project left")
    return made


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `rehearse`.
    """
    if arguments[:1] == ["run"]:
        from overt.cli import rehearse_run

        return rehearse_run.main(arguments[1:])
    options = _parser().parse_args(arguments)
    if options.clean:
        from overt.cli.rehearse_leftovers import clean_up

        return clean_up(options.root)
    from overt.campaign import load
    from overt.runbook import load_all
    from overt.system.files import project_files

    files = project_files(options.root)
    campaign = load(options.root, files=files).campaign
    found = load_all(options.root, campaign, files)
    chosen = _chosen(options, found, files)
    if options.plan:
        from overt.cli.rehearse_names import names_nothing
        from overt.cli.rehearse_show import show_plan

        more = names_nothing(options.root, files, campaign, chosen)
        return show_plan(chosen, more, as_json=options.json)
    return _rehearse(options, chosen, files, campaign)


def _chosen(options: argparse.Namespace, found: Runbooks, files: Sequence[str]) -> list[Runbook]:
    """Return the runbooks that the command line means, or say what is wrong with it or with them."""
    if options.all or not options.runbooks:
        if found.problems:
            raise Problems(found.problems)
        if options.all and found.runbooks:
            return list(found.runbooks)
        if options.all:
            raise OvertError(
                "there is no runbook to rehearse",
                hint="write one below docs/how-to/runbooks/, or name its folder under [runbooks] in overt.toml",
                exit=Exit.UNCHECKED,
            )
        known = ", ".join(runbook.id for runbook in found.runbooks) or "none"
        raise OvertError("no runbook named", hint=f"name one of {known}, or --all")
    return [one_runbook(options.root, name, found, files) for name in dict.fromkeys(options.runbooks)]


def _rehearse(options: argparse.Namespace, chosen: Sequence[Runbook], files: Sequence[str], campaign: Campaign) -> int:
    import tempfile
    from pathlib import Path

    from overt.cli.rehearse_leftovers import tell_leftovers
    from overt.cli.rehearse_record import recording
    from overt.cli.rehearse_show import show_records, show_result
    from overt.runbook.rehearse import SUITE, rehearsal_verdict, rehearse

    temp, records = Path(tempfile.gettempdir()), []
    tell_leftovers(options.root, temp)
    for runbook in chosen:
        place = _declared_place(options, runbook, campaign)
        if not options.json:
            sys.stdout.write(f"{runbook.id}: {runbook.title}  ({runbook.path})\n")
        project, keep = campaign.project.name, options.keep
        with recording(options, runbook, files, project=project, suite=SUITE, temp=temp, keep=keep) as made:
            record = rehearse(runbook, made.around, place=place, environment=options.environment)
            made.record = record
        records.append((made.run, record))
        if not options.json:
            show_result(runbook, record)
    show_records(chosen, records, as_json=options.json)
    return exit_for(rehearsal_verdict(record).state for _, record in records)


def _declared_place(options: argparse.Namespace, runbook: Runbook, campaign: Campaign) -> Place | None:
    """Return where a runbook is rehearsed; None for a scratch copy."""
    if not options.environment:
        return None
    import os
    import tempfile
    from pathlib import Path

    from overt.runbook.environments import declared, place_in

    environment = declared(options.environment, campaign.environments)
    if not environment.rehearse:
        hint = "write `rehearse = true` there if its state may be changed and taken back"
        raise OvertError(f"[environments.{options.environment}] does not allow rehearsals", hint=hint)
    if not runbook.of("state"):
        hint = "add a fence { .state } that prints what the steps change"
        raise OvertError(f"{runbook.path}: nothing says what its state is outside a scratch copy", hint=hint)
    temporary = Path(tempfile.gettempdir())
    mark = f"overt-rehearsal-{options.environment}-{os.getpid()}"
    return place_in(options.root, environment, runbook, os.environ, temporary=temporary, mark=mark)
