"""A folder of its own for samples that belong together, and the programs that run in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files as package_files
from pathlib import Path, PurePosixPath

from overt.model import OvertError
from overt.system.files import select
from overt.system.process import Completed
from overt.validate.context import Context
from overt.validate.environment import project_python
from overt.validate.programs import run_program

_KEPT = ("LANG", "LC_ALL", "SYSTEMROOT", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class Place:
    """Where samples of a suite run.

    Args:
        context: The suite.
        python: The project's interpreter.
        script: File that runs them, alone in its folder: Python looks for modules beside it.
        alone: Whether they run without a network.
        search: Folders that the project's packages are imported from.
    """

    context: Context
    python: str
    script: Path
    alone: bool
    search: tuple[str, ...]


def open_place(context: Context) -> Place:
    """Return where the samples of a suite run; whether a network can be kept from them is tried out.

    Args:
        context: The suite.
    """
    python = project_python(context.root, context.campaign, context.environment)
    tops = dict.fromkeys(str((context.root / package).parent) for package in context.campaign.project.packages)
    script = context.scratch / "inside" / "inside.py"
    script.parent.mkdir()
    script.write_bytes((package_files("overt.validate") / "samples" / "inside.py").read_bytes())
    place = Place(context, python, script, alone=True, search=tuple(tops))
    probe = run_inside(place, context.scratch, ["probe"], seconds=30)
    if probe.failure:
        raise OvertError(f"{python} could not be started: {probe.failure}", hint="set `python` under [project]")
    return replace(place, alone=probe.ok)


def new_folder(place: Place, copies: str) -> Path:
    """Return a new folder, empty or a copy of a folder of the project.

    Args:
        place: Where samples run.
        copies: The folder, relative to the root, POSIX; empty for none.

    Raises:
        OvertError: The project has no such folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="sample-", dir=place.context.scratch)) / "here"
    folder.mkdir()
    chosen = select(place.context.files, [copies]) if copies else []
    if copies and not chosen:
        raise OvertError(f"there is no folder {copies!r} to copy")
    for name in chosen:
        target = folder / PurePosixPath(name).relative_to(copies)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(place.context.root / name, target)
    return folder


def run_inside(
    place: Place, folder: Path, arguments: Sequence[str], *, seconds: float, modules: Sequence[str] = ()
) -> Completed:
    """Run a program in a folder, with no network and a small environment.

    Args:
        place: Where samples run.
        folder: The folder.
        arguments: What is to be run, as `overt.validate.samples.inside` takes it.
        seconds: Seconds until its whole group is ended.
        modules: Folders that Python finds modules in, before those of the project's packages.
    """
    argv = [place.python, "-u", str(place.script), "alone" if place.alone else "open", *arguments]
    environment = _environment(place, folder, [*modules, *place.search])
    return run_program(place.context, argv, environment=environment, folder=folder, seconds=seconds)


def _environment(place: Place, folder: Path, search: Sequence[str]) -> dict[str, str]:
    given = place.context.environment
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    made = {name: given[name] for name in _KEPT if name in given}
    made |= {"PATH": given.get("PATH", os.defpath), "HOME": str(home), "TMPDIR": str(home), "PYTHONUTF8": "1"}
    made |= {"PYTHONPATH": os.pathsep.join(search)} if search else {}
    return {**made, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1", **place.context.suite.env}
