"""The declared environments in which runbooks are carried out for real."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from overt.campaign.records import EnvironmentTable
from overt.model import Exit, OvertError
from overt.runbook.execute import missing_environment
from overt.runbook.place import Place
from overt.runbook.records import Runbook
from overt.system.text import did_you_mean

_HOW = "declare it in overt.toml as [environments.{}]"


def declared(name: str, environments: Mapping[str, EnvironmentTable]) -> EnvironmentTable:
    """Return a declared environment.

    Args:
        name: Its name.
        environments: Those of the campaign.

    Raises:
        OvertError: There is none of that name.
    """
    if not name:
        known = ", ".join(environments) or "none is declared"
        raise OvertError("no environment is named", hint=f"--environment NAME; of overt.toml: {known}")
    if name not in environments:
        hint = did_you_mean(name, environments) if environments else _HOW.format(name)
        raise OvertError(f"the environment {name!r} is not declared: nothing is carried out in it", hint=hint)
    return environments[name]


def place_in(
    root: Path,
    environment: EnvironmentTable,
    runbook: Runbook,
    caller: Mapping[str, str],
    *,
    temporary: Path,
    mark: str,
) -> Place:
    """Return where the blocks of a runbook run in an environment.

    Args:
        root: Folder of the project.
        environment: The environment.
        runbook: The runbook.
        caller: The caller's environment variables.
        temporary: Where blocks put temporary files.
        mark: What the environment of every process that is started carries.

    Raises:
        OvertError: The runbook may not be carried out there, its folder is missing, or a variable is.
    """
    if environment.runbooks and runbook.id not in environment.runbooks:
        allowed = ", ".join(environment.runbooks)
        raise OvertError(f"{runbook.id!r} may not be carried out in this environment", hint=f"it allows {allowed}")
    folder = (root / environment.folder).resolve()
    if not folder.is_dir():
        raise OvertError(f"the folder of the environment is not there: {folder}", exit=Exit.UNCHECKED)
    missing = missing_environment((*runbook.env, *environment.env), caller)
    if missing:
        raise OvertError(
            f"not set: {', '.join(missing)}",
            hint="set them before, or give them a value in the runbook or the environment",
            exit=Exit.UNCHECKED,
        )
    home = Path(caller.get("HOME", str(temporary)))
    return Place(project=folder, home=home, temporary=temporary, mark=mark, variables=environment.env)
