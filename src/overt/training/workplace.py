"""The learner's folder: one answer for each exercise, and the progress."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from overt.system.atomic import write_atomic
from overt.training.names import answer_name
from overt.training.progress import FOLDER
from overt.training.records import Exercise


def digest(text: str | bytes) -> str:
    """Return what tells two texts apart; how their lines end makes no difference.

    Args:
        text: The text.
    """
    data = text.encode() if isinstance(text, str) else text
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a learner works.

    Args:
        folder: The learner's folder; made on first use.
    """

    folder: Path

    def file(self, name: str) -> Path:
        """Return the file that belongs to the name of an exercise."""
        return self.folder / answer_name(name)

    def answer(self, exercise: Exercise) -> Path:
        """Return the file that the learner edits."""
        return self.file(exercise.name)

    def place(self, exercise: Exercise) -> bool:
        """Put the start of an exercise there unless an answer is there already; True when it was put."""
        path = self.answer(exercise)
        if path.exists():
            return False
        write_atomic(path, exercise.start.encode())
        return True

    def beside(self, exercise: Exercise, word: str) -> Path:
        """Return a file beside the answer that is not there yet."""
        path, number = self.answer(exercise), 1
        while (free := path.with_name(f"{path.stem}.{word}-{number}.py")).exists():
            number += 1
        return free

    def reset(self, exercise: Exercise) -> Path | None:
        """Put the start back and keep the answer beside it; return where, None when there was none to keep."""
        path = self.answer(exercise)
        if not path.exists() or digest(path.read_bytes()) == digest(exercise.start):
            self.place(exercise)
            return None
        kept = path.rename(self.beside(exercise, "before-reset"))
        self.place(exercise)
        return kept


def workplace(root: Path, folder: Path | None) -> Workplace:
    """Return the workplace below a folder.

    Args:
        root: The folder that the learner works in.
        folder: Another one, when the learner names it.
    """
    return Workplace(folder or root / FOLDER)
