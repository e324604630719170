"""The learner's folder: one answer for each exercise, and the progress."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from overt.system.atomic import write_atomic
from overt.training.progress import FOLDER
from overt.training.records import Exercise


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a learner works.

    Args:
        folder: The learner's folder; made on first use.
    """

    folder: Path

    def answer(self, exercise: Exercise) -> Path:
        """Return the file that the learner edits."""
        return self.folder / f"{exercise.name}.py".replace("-", "_")

    def place(self, exercise: Exercise) -> bool:
        """Put the start of an exercise there unless an answer is there already; True when it was put."""
        path = self.answer(exercise)
        if path.exists():
            return False
        write_atomic(path, exercise.start.encode())
        return True

    def reset(self, exercise: Exercise) -> Path | None:
        """Put the start back and keep the answer beside it; return where, None when there was no answer."""
        path = self.answer(exercise)
        if not path.exists():
            self.place(exercise)
            return None
        number = 1
        while (kept := path.with_name(f"{path.stem}.before-reset-{number}.py")).exists():
            number += 1
        path.rename(kept)
        self.place(exercise)
        return kept


def workplace(root: Path, folder: Path | None) -> Workplace:
    """Return the workplace below a folder.

    Args:
        root: The folder that the learner works in.
        folder: Another one, when the learner names it.
    """
    return Workplace(folder or root / FOLDER)
