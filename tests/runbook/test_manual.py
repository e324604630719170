"""Tasks that a person does by hand, as task items of the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from overt.evidence.records import Rehearsal
from overt.model import Problems, State
from overt.runbook.lint import lint
from overt.runbook.parse import parse_runbook
from overt.runbook.rehearse import rehearsal_verdict

TASK = "\n- [ ] Tell the **audience**. <!-- manual id=tell -->\n"


def test_tasks_stand_among_the_steps_in_the_order_of_the_text(good: str) -> None:
    """Their text is the task, without the comment; other tasks and other comments are none."""
    text = good + TASK
    runbook = parse_runbook("lamp.md", text)
    assert [(block.role, block.id, block.body) for block in runbook.actions] == [
        ("step", "on", "echo on > lamp\n"),
        ("manual", "tell", "Tell the **audience**."),
    ]
    first = good.replace("\n## On", f"{TASK}\n## On")
    assert [block.id for block in parse_runbook("lamp.md", first).actions] == ["tell", "on"]
    assert lint(runbook) == []


def test_what_only_looks_like_one_is_none(good: str) -> None:
    """A task without the comment, another comment, and one inside a fence."""
    other = "\n- [ ] A wish.\n- [ ] Later. <!-- remember the milk -->\n```md\n- [ ] x <!-- manual id=x -->\n```\n"
    assert [block.role for block in parse_runbook("lamp.md", good + other).actions] == ["step"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Tell them. <!-- manual id=tell -->", "a manual step that is no task"),
        ("- [x] Tell them. <!-- manual id=tell -->", "a manual step is ticked"),
        ("- [ ] Tell them. <!-- manual -->", "a manual step without id"),
        ("- [ ] Tell them. <!-- manual id=tell who=me -->", "cannot read 'who' of a manual step"),
        ("- [ ] Tell them. <!-- manual id=on -->", "id 'on' is there twice"),
    ],
)
def test_what_is_wrong_with_one_is_told_at_its_line(good: str, written: str, told: str) -> None:
    """And the other mistakes with it."""
    with pytest.raises(Problems) as caught:
        parse_runbook("lamp.md", f"{good}\n{written}\n")
    [problem] = caught.value.problems
    assert told in problem.message
    assert problem.where is not None
    assert problem.where.line == len(good.splitlines()) + 2


def test_nothing_belongs_to_a_task(good: str) -> None:
    """A check of what a person does would have nothing to fail before."""
    with pytest.raises(Problems, match="which is not there"):
        parse_runbook("lamp.md", f"{good}{TASK}```bash {{ .undo for=tell timeout=1 }}\ntrue\n```\n")


def test_a_rehearsal_says_that_it_left_them_out(rehearsed: Callable[..., Rehearsal], good: str) -> None:
    """It neither does them nor takes them for done."""
    record = rehearsed(good + TASK)
    verdict = rehearsal_verdict(record)
    assert verdict.state is State.PROVED
    assert verdict.reason.endswith("restored; 1 step by hand, not rehearsed")
    assert [(step.id, step.message) for step in record.steps if step.role == "manual"] == [("tell", "not rehearsed")]
