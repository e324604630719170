"""Errors tell what happened, where and what to do."""

from overt.model import Exit, Finding, Location, OvertError, Problem, Problems


def test_a_problem_reads_as_place_message_and_hint() -> None:
    """A terminal makes the place clickable."""
    problem = Problem("unknown key 'tiemout'", Location("overt.toml", 7, 1), "did you mean 'timeout'?")
    assert str(problem) == "overt.toml:7:1: unknown key 'tiemout' (did you mean 'timeout'?)"


def test_several_problems_are_told_together() -> None:
    """Nobody mends a file one run at a time."""
    error = Problems([Problem("one"), Problem("two")], exit=Exit.UNCHECKED)
    assert str(error) == "one\ntwo"
    assert error.exit is Exit.UNCHECKED


def test_an_error_without_a_place_is_its_message() -> None:
    """Nothing is put where nothing is known."""
    assert str(OvertError("no such suite")) == "no such suite"


def test_the_key_of_a_finding_does_not_hold_its_line() -> None:
    """Moving code does not make a finding new."""
    here, there = (Finding("OV201", "m", Location("a.py", line), scope="f", symbol="x") for line in (1, 99))
    assert here.key == there.key
