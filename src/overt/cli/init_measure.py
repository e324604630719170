"""What `overt init` looks at before it proposes anything."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from overt import __version__
from overt.campaign.adopt import Adoption, plan
from overt.campaign.adopt_ci import AS_FOUND, Wanted
from overt.campaign.detect import Detected, detect
from overt.campaign.known import Known
from overt.campaign.loading import Loaded, load
from overt.model import OvertError
from overt.system.files import project_files
from overt.system.process import run_process
from overt.system.units import count

RUFF_SECONDS = 120.0
EXTRAS = {"site": ("mkdocs", "material", "mkdocstrings"), "validate": ("pytest", "rich")}
"""Modules that tell whether an extra of overt is installed."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found, and what follows from it.

    Args:
        detected: What the project is made of.
        known: What was measured.
        adoption: What is to be written.
        adopted: Whether the project had an `overt.toml` already.
        missing_extras: Extras of overt that are not installed.
    """

    detected: Detected
    known: Known
    adoption: Adoption
    adopted: bool
    missing_extras: tuple[str, ...]


def find_program(name: str, root: Path, python: str) -> str | None:
    """Return a program beside the project's interpreter, on the path, or beside ours; None when there is none."""
    beside = [(root / python).parent, Path(sys.executable).parent] if python else [Path(sys.executable).parent]
    places = os.pathsep.join([str(beside[0]) if python else "", os.environ.get("PATH", ""), str(beside[-1])])
    return shutil.which(name, path=places)


def count_ruff(root: Path, program: str) -> int | str:
    """Return how many findings ruff has, or why they could not be counted."""
    argv = [program, "check", "--no-cache", "--exit-zero", "--quiet", "--output-format=json", "."]
    done = run_process(argv, cwd=root, timeout=RUFF_SECONDS, output_limit=200_000_000, keep_stderr=False)
    if done.timed_out:
        return f"ruff took more than {RUFF_SECONDS:g} seconds"
    if not done.ok:
        return f"ruff ended with status {done.exit_code}"
    try:
        found = json.loads(done.output)
    except ValueError:
        found = None
    return len(found) if isinstance(found, list) else "ruff printed no list of findings"


def _ruff(root: Path, detected: Detected) -> tuple[int | None, tuple[str, ...]]:
    if "ruff" not in detected.linters:
        return None, ()
    program = find_program("ruff", root, detected.python)
    found = count_ruff(root, program) if program else "ruff is not installed"
    if isinstance(found, int):
        places = count(found, "place")
        dirty = f"Ruff finds {places} today: its suite allows that many (at-most in overt.toml) and no more."
        return found, (dirty,) if found else ()
    return None, (f"{detected.linters['ruff']} configures ruff, but {found}: there is no suite for it.",)


def measure(root: Path, files: list[str], detected: Detected, loaded: Loaded) -> Known:
    """Return what is measured on the day of adoption: ruff's findings and hidden state.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        detected: What it is made of.
        loaded: The campaign it has or would have. What one says of ruff is the project's own business.
    """
    from overt.cli.init_origin import own_origin
    from overt.cli.init_ratchet import hidden_state

    ruff, notes = _ruff(root, detected) if loaded.detected else (None, ())
    hidden = hidden_state(root, files, loaded.campaign)
    origin = own_origin(__version__)
    runs_in_ci = loaded.detected and ("github" in detected.ci or "gitlab" in detected.ci or not detected.ci)
    return Known(
        version=__version__,
        requirement=origin.requirement,
        ruff=ruff,
        hidden_state=hidden.findings,
        hidden_new=hidden.new,
        hidden_notes=hidden.notes,
        ratchet=hidden.ratchet,
        notes=(*notes, *hidden.said, *((origin.note,) if origin.note and runs_in_ci else ())),
    )


def survey(root: Path, ci: Wanted = AS_FOUND) -> Survey:
    """Look at a project and propose what adopting it takes.

    Args:
        root: Its folder.
        ci: What was asked for on the CI service.

    Raises:
        OvertError: There is no such folder, or its `overt.toml` is wrong.
    """
    if not root.is_dir():
        raise OvertError(f"there is no folder {root}", hint="give the project's folder with -C DIR")
    files = project_files(root)
    loaded = load(root, files=files)
    detected, adopted = detect(root, files), not loaded.detected
    known = measure(root, files, detected, loaded)
    adoption = plan(root, files, detected, known, loaded.campaign if adopted else None, ci=ci)
    missing = tuple(extra for extra, modules in EXTRAS.items() if any(find_spec(module) is None for module in modules))
    return Survey(detected, known, adoption, adopted, missing)
