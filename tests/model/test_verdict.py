"""The order of urgency and the exit statuses that follow from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.model import Exit, State, Verdict, exit_for, worst

STATES = st.lists(st.sampled_from(list(State)))


@given(STATES)
def test_only_proved_and_open_states_exit_with_zero(states: list[State]) -> None:
    """Nothing that is not proved ends green; a human's question does not fail a run."""
    green = bool(states) and all(state in {State.PROVED, State.OPEN} for state in states)
    assert (exit_for(states) is Exit.PROVED) == green


@given(STATES)
def test_the_worst_state_is_one_of_them_and_does_not_depend_on_order(states: list[State]) -> None:
    """Summing up never invents a state."""
    assert worst(states) is worst(reversed(states))
    assert worst(states) in (states or [State.UNCHECKED])


def test_nothing_at_all_is_unchecked() -> None:
    """An empty set of verdicts proves nothing."""
    assert worst([]) is State.UNCHECKED
    assert exit_for([]) is Exit.UNCHECKED


@pytest.mark.parametrize("state", [State.REFUTED, State.STALE])
def test_a_refuted_or_stale_state_exits_with_one(state: State) -> None:
    """A claim that is no longer known to hold fails like one that does not."""
    assert exit_for([State.PROVED, state, State.UNCHECKED]) is Exit.REFUTED


def test_only_a_proved_verdict_holds() -> None:
    """Every other state is shown as what it is."""
    assert [state for state in State if Verdict(state, "").holds] == [State.PROVED]
