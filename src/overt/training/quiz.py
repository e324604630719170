"""The answer to a quiz, computed by running or linting its snippet."""

from __future__ import annotations

from collections.abc import Callable

from overt.training.records import Quiz
from overt.training.runner import printed


def compute_answer(quiz: Quiz, codes: Callable[[str], frozenset[str]] | None) -> tuple[str, str]:
    """Return the right answer, and why there is none.

    Args:
        quiz: The quiz.
        codes: Finds rule codes in a text; needed by quizzes that ask for rules.
    """
    if quiz.card.ask == "output":
        answer, trouble = printed(quiz.snippet.encode())
        return answer, f"the snippet fails: {trouble}" if trouble else ""
    if codes is None:
        return "", "the linter could not be asked"
    return ", ".join(sorted(codes(quiz.snippet))) or "none", ""
