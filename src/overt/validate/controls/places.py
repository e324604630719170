"""Where a defect is planted: a file that the suite looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from overt.system.files import matches, select
from overt.validate.context import Context
from overt.validate.controls.gates import Gate
from overt.validate.controls.seeds import HIDDEN_STATE, Seed
from overt.validate.kinds.hidden_state import files_to_check
from overt.validate.kinds.ruff import list_files


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and what is planted there.

    Args:
        file: The file, relative to the root, POSIX.
        seed: The defect.
    """

    file: str
    seed: Seed


def place_for(context: Context, gate: Gate, copy: Path) -> Place | None:
    """Return where the defect of a gate is planted; None when its suite looks at no file that can hold it.

    Args:
        context: The suite of controls.
        gate: The gate.
        copy: Folder of the copy.
    """
    if gate.seed is None:
        return None
    if gate.file:
        return Place(gate.file, gate.seed)
    suite = context.campaign.suites[gate.suite]
    of_gate = replace(context, root=copy, name=gate.suite, suite=suite)
    if gate.sort == "hidden-state":
        return _hidden_state(of_gate)
    read = [Path(name).resolve() for name in list_files(of_gate)]
    inside = [path.relative_to(copy.resolve()).as_posix() for path in read if path.is_relative_to(copy.resolve())]
    file = _best((name for name in inside if name.endswith(".py")), context)
    return Place(file, gate.seed) if file else None


def _hidden_state(context: Context) -> Place | None:
    settings = context.campaign.hidden_state
    allowed = tuple(entry.path for entry in settings.allow if entry.path)
    free = [
        name
        for name in files_to_check(context)
        if not matches(name, settings.exclude) and not name.startswith(allowed or ("\n",))
    ]
    for ending, seed in HIDDEN_STATE.items():
        file = _best((name for name in free if name.endswith(ending)), context)
        if file:
            return Place(file, seed)
    return None


def _best(names: Iterable[str], context: Context) -> str:
    """Return the file that is least likely to have rules of its own: a plain module of a package."""
    known = list(names)
    packaged = set(select(known, context.campaign.project.packages)) if context.campaign.project.packages else set()
    ordered = sorted(known, key=lambda name: (name not in packaged, PurePosixPath(name).name.startswith("_"), name))
    return ordered[0] if ordered else ""
