"""Figures and states in words."""

import io

import pytest

from overt.cli.validate_words import count_words, mark, safe, seconds
from overt.model import State


class Ascii(io.StringIO):
    """A stream that can show little."""

    encoding = "ascii"


def test_counts_leave_out_what_is_zero() -> None:
    """Order and plural are those of English."""
    assert count_words({}) == ""
    assert count_words({"xfailed": 1, "error": 1, "passed": 0}) == "1 error, 1 xfailed"
    assert count_words({"new findings": 1, "known findings": 2}) == "1 new finding, 2 known findings"


@pytest.mark.parametrize(("nanoseconds", "text"), [(0, "0.0 s"), (59_900_000_000, "59.9 s"), (61 * 10**9, "1 min 1 s")])
def test_durations_have_their_unit(nanoseconds: int, text: str) -> None:
    """Seconds below a minute, minutes above."""
    assert seconds(nanoseconds) == text


def test_every_state_has_a_mark_that_any_terminal_can_show() -> None:
    """Where the encoding lacks a sign, a plain one of its own stands for it; the word is always there."""
    for state in State:
        shown = mark(state, Ascii(), colour=False)
        assert shown.isascii()
        assert state.value in shown
    assert mark(State.REFUTED, Ascii(), colour=False) != mark(State.PROVED, Ascii(), colour=False)
    assert "\x1b[31m" in mark(State.REFUTED, io.StringIO(), colour=True)
    assert safe("é…", Ascii()) == "??"
