"""States of flags: what each flag is in one, and how a process learns of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.flags import state_values, values_in
from overt.flags.states import STATES, state_variables

NAMES = st.lists(st.text("abc-", min_size=1, max_size=5), max_size=9, unique=True)


def test_mixed_flags_differ_from_one_another_and_by_key() -> None:
    """One alone differs by key; of three, one is on and one is off; the order they come in is of no account."""
    assert values_in("mixed", ["a"]) == {"a": 50.0}
    assert values_in("mixed", ["c", "a", "b"]) == {"a": 50.0, "b": True, "c": False}
    assert list(values_in("mixed", "abcd").values()) == [50.0, True, False, 50.0]


@given(st.sampled_from(STATES), NAMES)
def test_what_is_handed_on_is_what_is_read(state: str, names: list[str]) -> None:
    """Through the environment, for the declared flags and for others."""
    assert state_values(state_variables(state, names), names) == values_in(state, names)
    more = state_values(state_variables(state, names), [*names, "other"])
    assert more.keys() == {*names, "other"}
    assert {name: more[name] for name in names} == values_in(state, names)


def test_an_environment_without_a_state_asks_for_nothing() -> None:
    """Values alone do not count."""
    assert state_values({"OVERT_FLAG_VALUES": '{"a": true}'}, ["a"]) == {}


@pytest.mark.parametrize(
    "environment",
    [
        {"OVERT_FLAGS": "matrix"},
        {"OVERT_FLAGS": "on", "OVERT_FLAG_VALUES": "["},
        {"OVERT_FLAGS": "on", "OVERT_FLAG_VALUES": '{"a": "yes"}'},
        {"OVERT_FLAGS": "on", "OVERT_FLAG_VALUES": "[1]"},
    ],
)
def test_what_is_no_state_is_refused(environment: dict[str, str]) -> None:
    """It is said what is wrong with it."""
    with pytest.raises(ValueError, match=r"no state of flags|no values of flags|Expecting"):
        state_values(environment, ["a"])
