"""Prose fits the terminal, and what is no prose stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.cli.train_say import Voice, fit
from overt.training.track import load_track

WORDS = st.lists(st.text("abc-`", min_size=1, max_size=9).filter(lambda word: word.strip("-`")), min_size=1)


@given(paragraphs=st.lists(WORDS, max_size=5), width=st.integers(10, 90))
def test_no_word_is_lost_and_no_line_is_wider(paragraphs: list[list[str]], width: int) -> None:
    """Whatever the text and the width; only a word that is wider than both stands alone."""
    text = "\n\n".join("\n".join(f"x{word}" for word in words) for words in paragraphs)
    shown = fit(text, width)
    assert shown.split() == text.split()
    assert all(len(line) <= width for line in shown.splitlines())
    assert shown.count("\n\n") == text.count("\n\n")


def test_code_tables_and_headings_stay() -> None:
    """Their lines mean something."""
    text = "# A heading that is long\n\n| a | b c d e f g h |\n\n```python\nx = 1  # a long comment here\n\n- 2\n```\n"
    assert fit(text, 10) == text.rstrip("\n")


def test_a_list_hangs_behind_its_mark() -> None:
    """Each entry by itself, also a numbered one."""
    assert fit("- one two three four\n- five\n1. six seven eight", 12) == (
        "- one two\n  three four\n- five\n1. six seven\n   eight"
    )


@pytest.mark.parametrize("exercise", load_track().exercises, ids=lambda item: item.name)
def test_our_own_texts_keep_their_words(exercise: object) -> None:
    """Task, hints and reason of each exercise."""
    for text in (exercise.task, *exercise.hints, exercise.why):  # type: ignore[attr-defined]
        assert fit(text, 40).split() == text.split()


def test_a_row_goes_below_its_head_where_there_is_no_room(capsys: pytest.CaptureFixture[str]) -> None:
    """A narrow terminal shows less beside it, and loses nothing; colours have no width."""
    Voice(width=60).row("  \x1b[32mok\x1b[0m  ", "one two")
    Voice(width=24).row("  a-long-name  ", "one two three four")
    Voice().row("  ok  ", "one\ntwo")
    shown = capsys.readouterr().out
    assert (
        shown
        == "  \x1b[32mok\x1b[0m  one two\n  a-long-name\n        one two three\n        four\n  ok  one\n      two\n"
    )
