"""What the track is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import msgspec

FILES: Final = ("task.md", "start.py", "solution.py", "checks.py", "hints.md", "why.md", "exercise.toml")
"""What an exercise consists of, beside its folder `wrong/`."""
LONGEST_START: Final = 60
"""Lines that a learner starts from, at most."""
MOST_HINTS: Final = 3
WRONG_ANSWERS: Final = range(2, 5)
"""How many wrong answers an exercise holds."""


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `exercise.toml` says.

    Args:
        title: A few words.
        teaches: Concepts that it introduces.
        needs: Concepts that an earlier exercise has introduced.
        rules: Rule codes that are found in the start and not in the solution.
        fails: The checks that the start fails; it passes all others.
        wrong: Each wrong answer and the check that rejects it.
        see: Pages to read on, relative to the project, POSIX, each with its anchor or without.
        stage: Name of the part of the track that begins with it; empty when it goes on with the one before.
    """

    title: str
    teaches: tuple[str, ...]
    rules: tuple[str, ...]
    fails: tuple[str, ...]
    wrong: dict[str, str]
    needs: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    stage: str = ""


class QuizCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `quiz.toml` says; the right option is computed, never written down.

    Args:
        title: A few words.
        question: What is asked about the snippet.
        ask: `output`: what running it prints; `rules`: which rule codes the linter finds, joined by `, `.
        options: What to choose from.
        needs: Concepts that an earlier exercise has introduced.
        stage: Name of the part of the track that begins with it; empty when it goes on with the one before.
    """

    title: str
    question: str
    ask: Literal["output", "rules"]
    options: tuple[str, ...]
    needs: tuple[str, ...] = ()
    stage: str = ""


@dataclass(frozen=True, slots=True)
class CheckAbout:
    """A named check.

    Args:
        name: Its function's name without `check_`.
        about: What it demands, one sentence.
    """

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise, read but not run.

    Args:
        name: Its folder's name.
        folder: Where it is.
        card: What it says of itself.
        task: What to do, Markdown.
        start: What the learner begins with.
        solution: One good answer.
        wrong: File name of each wrong answer to its text.
        checks: The checks, in the order they are written.
        hints: From a nudge to nearly all of it, Markdown.
        why: What it was about, Markdown; shown after success.
        text_sha256: Digest of all its files.
    """

    name: str
    folder: Path
    card: Card
    task: str
    start: str
    solution: str
    wrong: dict[str, str]
    checks: tuple[CheckAbout, ...]
    hints: tuple[str, ...]
    why: str
    text_sha256: str

    @property
    def title(self) -> str:
        """Its title."""
        return self.card.title


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question about a snippet.

    Args:
        name: Its folder's name.
        folder: Where it is.
        card: What it says of itself.
        snippet: The code that the question is about.
        why: Explanation, Markdown; shown after an answer.
        text_sha256: Digest of all its files.
    """

    name: str
    folder: Path
    card: QuizCard
    snippet: str
    why: str
    text_sha256: str

    @property
    def title(self) -> str:
        """Its title."""
        return self.card.title


@dataclass(frozen=True, slots=True)
class Track:
    """Exercises and quizzes in the order they are taken.

    Args:
        folder: Where they are; of several, the last.
        items: In order.
        labels: What the track is called that an item comes from, by its name.
    """

    folder: Path
    items: tuple[Exercise | Quiz, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises, in order."""
        return tuple(item for item in self.items if isinstance(item, Exercise))

    @property
    def quizzes(self) -> tuple[Quiz, ...]:
        """The quizzes, in order."""
        return tuple(item for item in self.items if isinstance(item, Quiz))
