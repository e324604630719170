"""Somebody who goes through the track at a terminal, and makes the mistakes that people make."""

from __future__ import annotations

from pathlib import Path

from overt.training.linting import rule_codes
from overt.training.quiz import compute_answer
from overt.training.records import Exercise, Quiz

from .terminal import CTRL_C, Terminal, without_codes

NO_PYTHON = "def take(:\n    return 1\n"
ENDLESS = "import sys\nprint('begun', flush=True)\nwhile True:\n    pass\n"


class Learner:
    """A learner, who tells with an assertion when something is not as it was said.

    Args:
        folder: Where the learner works.
        terminal: What the learner types into.
    """

    def __init__(self, folder: Path, terminal: Terminal) -> None:
        self._folder, self.terminal = folder, terminal

    def expect(self, command: str, status: int, *texts: str) -> str:
        """Run `overt train` and demand its exit status and what it shows; return that."""
        seen, shown = self.terminal.run(f"overt train {command}".strip())
        flat = " ".join(without_codes(shown).split())
        missing = [text for text in texts if " ".join(text.split()) not in flat]
        assert (seen, missing) == (status, []), f"overt train {command} ended with {seen}: {shown}"
        return shown

    def write(self, exercise: Exercise, text: str) -> None:
        """Save an answer."""
        path = self._folder / "overt-training" / f"{exercise.name.replace('-', '_')}.py"
        path.write_text(text, encoding="utf-8")

    def read(self, exercise: Exercise) -> str:
        """Return the answer as it is saved."""
        return (self._folder / "overt-training" / f"{exercise.name.replace('-', '_')}.py").read_text(encoding="utf-8")

    def solve(self, exercise: Exercise) -> None:
        """Read the task, try a wrong answer, be told why, and type a right one in."""
        self.expect("", 0, exercise.title, "overt train check")
        assert self.read(exercise) == exercise.start
        name, check = next(iter(exercise.card.wrong.items()))
        self.write(exercise, exercise.wrong[name])
        self.expect("check", 1, f"{check}:", "Not yet")
        self.write(exercise, exercise.solution)
        self.expect("check", 0, "Passed")

    def answer(self, quiz: Quiz) -> None:
        """Read the question, choose a wrong option, then the right one."""
        self.expect("", 0, quiz.card.question, "--answer N")
        answer, trouble = compute_answer(quiz, rule_codes)
        assert not trouble
        right = quiz.card.options.index(answer)
        wrong = (right + 1) % len(quiz.card.options)
        self.expect(f"quiz {quiz.name} --answer {wrong + 1}", 1, "No, not")
        self.expect(f"quiz {quiz.name} --answer {right + 1}", 0, "Right")

    def slip(self, exercise: Exercise) -> None:
        """Save what is no Python."""
        self.expect("", 0, exercise.title)
        self.write(exercise, NO_PYTHON)
        self.expect("check", 1, "it_loads: line 1: invalid syntax")

    def interrupt(self, exercise: Exercise) -> None:
        """Write a loop that never ends, and press Ctrl-C while it is checked; the attempt does not count."""
        before = (self._folder / "overt-training/progress.json").read_bytes()
        begun = self._folder / "overt-training" / "begun"
        self.write(exercise, ENDLESS)
        self.terminal.begin("overt train check")
        self.terminal.await_text("checking")
        self.terminal.type(CTRL_C)
        status, shown = self.terminal.end()
        assert (status, "interrupted" in shown, begun.exists()) == (3, True, False), shown
        assert (self._folder / "overt-training/progress.json").read_bytes() == before

    def begin_anew(self, exercise: Exercise) -> None:
        """Reset, and find the former answer beside the fresh start."""
        former = self.read(exercise)
        self.expect("reset", 0, "begins anew", "before-reset-1.py")
        assert self.read(exercise) == exercise.start
        kept = self._folder / "overt-training" / f"{exercise.name.replace('-', '_')}.before-reset-1.py"
        assert kept.read_text(encoding="utf-8") == former

    def ask(self, exercise: Exercise) -> None:
        """Take every hint, the last one twice, and look at the solution; then its reason is told."""
        for number, hint in enumerate([*exercise.hints, exercise.hints[-1]], start=1):
            shown = f"Hint {min(number, len(exercise.hints))} of {len(exercise.hints)}"
            self.expect("hint", 0, shown, hint.split("\n", 1)[0][:30])
        self.expect(f"explain {exercise.name}", 2, "has not passed yet")
        self.expect("solution", 0, exercise.solution.splitlines()[0], "+++ solution")
        self.expect(f"explain {exercise.name}", 0, "# Why")
