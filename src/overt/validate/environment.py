"""The interpreter and the environment that a project's programs get."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from overt.campaign.records import Campaign, Suite
from overt.flags.states import STATE_VARIABLE, VALUES_VARIABLE

_PLACES = (".venv/bin/python", "venv/bin/python", ".venv/Scripts/python.exe", "venv/Scripts/python.exe")


def project_python(root: Path, campaign: Campaign, environment: Mapping[str, str]) -> str:
    """Return the interpreter that runs a project's tests.

    It is the one that `project.python` names, else that of the project's own virtual environment, else that of the
    active one, else ours.

    Args:
        root: Folder of the project, absolute.
        campaign: Its campaign.
        environment: The user's environment.
    """
    named = campaign.project.python
    if named:
        path = root / named
        return str(path) if "/" in named or path.exists() else named
    active = environment.get("VIRTUAL_ENV", "")
    places = [root / place for place in _PLACES] + ([Path(active) / "bin" / "python"] if active else [])
    return next((str(place) for place in places if place.exists()), sys.executable)


def suite_environment(python: str, suite: Suite, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a suite: the user's own, with the suite's on top, and the suite's state of flags.

    Programs are looked for beside the project's interpreter first, as in an activated virtual environment, and
    beside ours last, where the tools lie that come with overt.

    Args:
        python: The project's interpreter.
        suite: Its table in the campaign.
        environment: The user's environment.
    """
    # The state of flags belongs to the suite: one that the user has set would make the ledger tell of another run.
    plain = {name: value for name, value in environment.items() if name not in {STATE_VARIABLE, VALUES_VARIABLE}}
    made = {**plain, **suite.env}
    beside = [str(Path(python).parent)] if os.sep in python else []
    search = [*beside, made.get("PATH", os.defpath), str(Path(sys.executable).parent)]
    return {**made, "PATH": os.pathsep.join(search)}
