"""Numbers in the text of links, against facts and written anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.figures import agreement, figures, rewritten
from overt.audit.show import show
from overt.evidence.fact_records import Fact
from overt.model import State


def fact(value: int | str | bool | None, unit: str = "count") -> Fact:
    """Return a measured fact."""
    return Fact("tests.passed", value, unit, State.PROVED)


AGREE = [
    ("836", fact(836)),
    ("836 tests", fact(836)),
    ("**836** tests", fact(836)),
    ("`836`", fact(836)),
    ("1,234", fact(1_234)),
    ("12 345", fact(12_345)),
    ("1_234", fact(1_234)),
    ("-3", fact(-3)),
    ("no", fact(0)),
    ("No failures", fact(0)),
    ("seven suites", fact(7)),
    ("98.5 %", fact(985_049, "ppm")),
    ("98.5", fact(985_000, "ppm")),
    ("100%", fact(1_000_000, "ppm")),
    ("1.2 s", fact(1_240_000_000, "ns")),
    ("1240 ms", fact(1_240_000_000, "ns")),
    ("2 min 5 s", fact(125 * 10**9, "ns")),
    ("3 hours", fact(3 * 3_600 * 10**9, "ns")),
    ("12 MB", fact(12_300_000, "bytes")),
    ("at least 800", fact(836)),
    ("fewer than 900 tests", fact(836)),
    ("yes", fact(value=True, unit="flag")),
    ("3f2a9c4", fact("3f2a9c4b5d6e7f80", "text")),
    ("Passed", fact("passed", "text")),
]
DRIFTED = [
    ("835", fact(836), "836"),
    ("**835** tests", fact(836), "**836** tests"),
    ("1,234", fact(1_300), "1,300"),
    ("12 345", fact(12_346), "12 346"),
    ("none", fact(2), "2"),
    ("no failures", fact(2), "2 failures"),
    ("97 %", fact(984_000, "ppm"), "98 %"),
    ("100 %", fact(999_900, "ppm"), "99.99 %"),
    ("0 %", fact(4, "ppm"), "0.0004 %"),
    ("1.3 s", fact(1_240_000_000, "ns"), "1.2 s"),
    ("2 min 6 s", fact(125 * 10**9, "ns"), "2 min 5 s"),
    ("0 s", fact(10**8, "ns"), "0.1 s"),
    ("no", fact(value=True, unit="flag"), "yes"),
    ("1234567", fact("3f2a9c4b5d6e7f80", "text"), "3f2a9c4"),
    ("passed", fact("refuted", "text"), "refuted"),
]
HOPELESS = [
    ("more than 836 tests", fact(836)),
    ("2 of 3", fact(2)),
    ("all tests", fact(836)),
    ("", fact(836)),
    ("v1.2.3", fact(1)),
    ("1,5", fact(1)),
    ("5", fact(5 * 10**9, "ns")),
    ("5 %", fact(5)),
    ("836", fact(None)),
]


@pytest.mark.parametrize(("text", "measured"), AGREE)
def test_a_text_that_says_it_agrees(text: str, measured: Fact) -> None:
    """Rounded to the digits shown, whatever the marks and units."""
    assert agreement(text, measured).holds


@pytest.mark.parametrize(("text", "measured", "new"), DRIFTED)
def test_a_drifted_number_is_written_in_the_same_manner(text: str, measured: Fact, new: str) -> None:
    """Decimals, grouping, unit and the words around stay; the result agrees."""
    assert not agreement(text, measured).holds
    assert rewritten(text, measured) == new


@pytest.mark.parametrize(("text", "measured"), HOPELESS)
def test_what_has_no_one_number_of_the_right_kind_is_not_guessed_at(text: str, measured: Fact) -> None:
    """It does not agree, and nothing is written."""
    assert not agreement(text, measured).holds
    assert rewritten(text, measured) is None


@given(st.integers(0, 10**15), st.sampled_from(["count", "ns", "bytes", "ppm"]))
def test_what_is_shown_agrees_with_what_was_measured(value: int, unit: str) -> None:
    """The program's own way of writing a value is always one that it accepts, or one without a single number."""
    value = value % 1_000_001 if unit == "ppm" else value
    measured = fact(value, unit)
    shown = show(value, unit)
    if unit == "ns" and value >= 60 * 10**9:
        return
    assert agreement(shown, measured).holds, shown


@given(
    st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["", ",", " ", "_"]), st.sampled_from(["", " tests"])
)
def test_an_update_always_agrees(old: int, new: int, mark: str, behind: str) -> None:
    """Whatever stood there, what is written agrees and keeps the words."""
    text = f"{old:,}".replace(",", mark) + behind
    written = rewritten(text, fact(new))
    assert written is not None
    assert agreement(written, fact(new)).holds
    assert written.endswith(behind)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    """Figures are found or not, inside the text, and never break on it."""
    for figure in figures(text):
        assert 0 <= figure.start < figure.end <= len(text)
    agreement(text, fact(3))
    rewritten(text, fact(3))
