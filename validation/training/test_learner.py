"""Somebody goes through the whole track at a terminal, from a fresh folder to the end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from overt.training.records import Quiz
from overt.training.track import load_track

from .learner import Learner
from .terminal import CTRL_C, without_codes

Open = Callable[..., Learner]
TRACK = load_track()
COLOUR = "\x1b["


@pytest.mark.timeout(900)
def test_a_learner_goes_through_the_whole_track(open_terminal: Open) -> None:
    """Wrong answers, a slip, Ctrl-C, starting anew, a second window, hints, solutions, quizzes; then all is done."""
    learner = open_terminal()
    first, second, third, *rest = TRACK.items
    learner.slip(first)
    learner.interrupt(first)
    learner.begin_anew(first)
    learner.solve(first)
    learner.solve(second)
    learner = open_terminal(TERM="dumb", NO_COLOR="1", columns=40)
    learner.expect("list", 0, "2 of 20 passed")
    learner.expect("", 0, third.title)
    learner.ask(third)
    learner.solve(third)
    for item in rest:
        learner.answer(item) if isinstance(item, Quiz) else learner.solve(item)
    learner.expect("", 0, "Every exercise has passed. Well done.")
    learner.expect("check", 2, "every exercise has passed")
    learner.expect("list", 0, "20 of 20 passed; well done")
    learner.expect("report", 0, "20 of 20 passed.", *TRACK.exercises[-1].card.teaches)
    told = json.loads(learner.expect("report --json", 0))
    assert [bool(item["passed"]) for item in told["items"]] == [True] * len(TRACK.items)
    attempts = {item["name"]: item["attempts"] for item in told["items"]}
    assert attempts[first.name] == 2, "what was done before starting anew counts no more"
    assert {item["solution_seen"] for item in told["items"] if item["name"] == third.name} == {True}


def test_every_verb_reads_well_at_forty_columns(open_terminal: Open) -> None:
    """No line of prose is wider than the window; what failed and what passed are coloured."""
    learner, first = open_terminal(columns=40), TRACK.exercises[0]
    shown = [learner.terminal.run(f"overt train {verb}".strip())[1] for verb in ("", "check", "hint", "list", "doctor")]
    learner.write(first, first.solution)
    shown += [learner.terminal.run(f"overt train {verb}")[1] for verb in ("check", "quiz 4 --answer 2")]
    assert COLOUR in shown[1]
    path = re.compile(r"^(Work in:|.*checking)")
    lines = without_codes("".join(shown)).splitlines()
    assert [line for line in lines if len(line) > 40 and not path.match(line)] == []


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"NO_COLOR": "1"}], ids=["dumb", "no-colour"])
def test_no_colours_where_none_are_wanted(open_terminal: Open, variables: dict[str, str]) -> None:
    """Unless they are asked for."""
    learner = open_terminal(**variables)
    assert COLOUR not in learner.terminal.run("overt train list")[1]
    assert COLOUR in learner.terminal.run("overt train --color always list")[1]


def test_watching_ends_with_the_pass(open_terminal: Open) -> None:
    """Each save is checked; the one that passes ends it, and Ctrl-C ends it before."""
    learner, first = open_terminal(), TRACK.exercises[0]
    learner.terminal.begin("overt train watch")
    learner.terminal.await_text("Ctrl-C ends it")
    learner.terminal.type(CTRL_C)
    status, shown = learner.terminal.end()
    assert (status, "Not yet" in shown) == (1, True)
    learner.terminal.begin("overt train watch")
    learner.terminal.await_text("Ctrl-C ends it")
    learner.write(first, "def take(:\n")
    learner.terminal.await_text("it_loads: line 1")
    learner.terminal.await_text("Ctrl-C ends it", times=2)
    learner.write(first, first.solution)
    status, shown = learner.terminal.end()
    assert (status, "Passed. Next" in shown) == (0, True)
