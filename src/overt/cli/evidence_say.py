"""What the actions of `overt evidence` have in common: output, and finding the runs that are meant."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from overt.cli.validate_words import safe
from overt.evidence.layout import MANIFEST
from overt.evidence.ledger import Ledger
from overt.evidence.reader import Run, open_run
from overt.model import Exit, OvertError, Problem


def say(lines: Iterable[str]) -> None:
    """Print lines, as the terminal's encoding can show them."""
    for line in lines:
        sys.stdout.write(safe(line, sys.stdout) + "\n")
    sys.stdout.flush()


def say_json(document: object) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
    sys.stdout.flush()


def columns(rows: Sequence[Sequence[str]], *, indent: str = "  ") -> list[str]:
    """Return rows with their cells aligned; the last cell is not padded."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))] if rows else []
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return [(indent + "  ".join(cells)).rstrip() for cells in padded]


def number_of(number: int, word: str) -> str:
    """Return a number with its word, in the plural unless it is one.

    Example:
        >>> number_of(1, "file"), number_of(2000, "file")
        ('1 file', '2,000 files')
    """
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as part of a JSON document."""
    place = problem.where
    return {
        "message": problem.message,
        "path": place.path if place else "",
        "line": place.line if place else 0,
        "hint": problem.hint,
    }


def find_runs(names: Sequence[str], ledger: Ledger) -> list[Run]:
    """Return the runs that are meant, each once.

    Args:
        names: Names of runs, folders of runs, or folders that hold such folders.
        ledger: The project's ledger.

    Raises:
        OvertError: There is no such run, or it cannot be read.
    """
    found: dict[Path, Run] = {}
    for name in names:
        for run in _runs_of(name, ledger):
            found.setdefault(run.folder.resolve(), run)
    return list(found.values())


def _runs_of(name: str, ledger: Ledger) -> list[Run]:
    folder = Path(name)
    if not folder.is_dir():
        return [ledger.find(name)]
    if (folder / MANIFEST).exists():
        return [open_run(folder)]
    for store in (folder, folder / "runs", folder / ".overt" / "runs"):
        below = sorted(path.parent for path in store.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))
        if below:
            return [open_run(path) for path in below]
    hint = "name the folder that holds manifest.json, or one that holds such folders"
    raise OvertError(f"{name}: holds no run", hint=hint, exit=Exit.USAGE)
