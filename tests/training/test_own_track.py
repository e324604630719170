"""The exercises that come with overt keep what they declare."""

from __future__ import annotations

import pytest

from overt.model import State
from overt.training.check import check_exercise, check_quiz, exercise_verdict
from overt.training.linting import rule_codes
from overt.training.records import Exercise, Quiz
from overt.training.track import load_track


@pytest.mark.parametrize("item", load_track().items, ids=lambda item: item.name)
def test_it_is_proved(item: Exercise | Quiz) -> None:
    """Solution, start, wrong answers and rule codes all behave as declared."""
    record = (
        check_quiz(item, codes=rule_codes) if isinstance(item, Quiz) else check_exercise(item, codes=rule_codes, seed=7)
    )
    assert exercise_verdict(record).state is State.PROVED, record.reason
