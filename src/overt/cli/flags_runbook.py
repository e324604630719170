"""`overt flags runbook`: the operational runbook of a migration, written from its stages."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from overt.model import Exit, OvertError

if TYPE_CHECKING:
    from overt.cli.flags_open import Opened
    from overt.runbook.operational import Service


def add_options(made: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    made.add_argument("--id", default="migration", metavar="NAME", help="id of the runbook (default: migration)")
    made.add_argument(
        "--look", default="", metavar="COMMAND", help="ends with 0 while users are well; gets FLAG=PERCENT"
    )
    made.add_argument(
        "--service", action="append", default=[], metavar="ID=COMMAND", help="runs beside a rehearsal; prints `ready`"
    )
    made.add_argument("--input", action="append", default=[], metavar="GLOB", help="what else a rehearsal depends on")
    made.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write (default: print it)")


def write_runbook(options: argparse.Namespace, opened: Opened) -> int:
    """Write or print the runbook."""
    from overt.runbook.operational import Wishes, operational
    from overt.system.atomic import write_if_changed

    if not opened.campaign.stages:
        raise OvertError("no stage is declared", where=opened.loaded.where(), hint="declare [[stages]] in overt.toml")
    wishes = Wishes(
        id=options.id,
        look=options.look,
        services=tuple(map(_service, options.service)),
        inputs=tuple(options.input),
        made_by=_made_by(options),
    )
    text = operational(opened.campaign, wishes)
    if options.output is None:
        sys.stdout.write(text)
    else:
        changed = write_if_changed(options.root / options.output, text.encode())
        sys.stdout.write(f"{options.output}: {'written' if changed else 'is as it should be'}\n")
    return Exit.PROVED


def _service(given: str) -> Service:
    from overt.runbook.operational import Service

    name, _, command = given.partition("=")
    if not name.isidentifier() or not command:
        raise OvertError(f"{given!r} is no service", hint="write --service NAME='COMMAND'")
    return Service(name, command)


def _made_by(options: argparse.Namespace) -> str:
    parts = ["overt", "flags", "runbook", "--id", options.id]
    parts += ["--look", options.look] if options.look else []
    for option, values in (("--service", options.service), ("--input", options.input)):
        parts += [part for value in values for part in (option, value)]
    parts += ["-o", str(options.output)] if options.output else []
    return shlex.join(parts)
