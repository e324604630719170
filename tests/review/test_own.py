"""Items that a project declares itself."""

from __future__ import annotations

import os

import pytest

from overt.campaign.loading import parse_campaign
from overt.model import OvertError, State
from overt.review.checklist import review
from overt.review.context import Context, MayRun
from overt.review.own import project_rules
from overt.review.records import Item

RULE = '[[review.rules]]\nid = "own"\ntitle = "Own"\npaths = ["db"]\n'


def toml(script: str) -> str:
    return f'{RULE}command = ["sh", "-c", "{script}"]\n'


def own(repository, may_run: MayRun = "named") -> Item:
    context = Context(repository.root, repository.changes(), may_run, os.environ)
    [rule] = [rule for rule in project_rules(context.campaign, context.former) if rule.own]
    [item] = review(context, [rule]).items
    return item


@pytest.mark.parametrize(
    ("script", "state"),
    [("exit 0", State.PROVED), ("echo no; exit 1", State.REFUTED), ("exit 127", State.UNCHECKED)],
)
def test_a_command_tells_by_its_exit_status(repository, script: str, state: State) -> None:
    """It holds, it does not, or it could not run."""
    repository.commit({"overt.toml": toml(script)})
    repository.commit({"db/a.sql": "x\n"})
    item = own(repository)
    assert item.state is state
    assert (item.proof is not None) is (state is State.PROVED)


@pytest.mark.parametrize("former", ["", toml("exit 0"), "[review\n"])
def test_a_change_cannot_name_what_is_run(repository, former: str) -> None:
    """The side that it set out from must have named the very same command."""
    repository.commit({"overt.toml": former})
    repository.commit({"overt.toml": toml("touch ran"), "db/a.sql": "x\n"})
    item = own(repository)
    assert item.state is State.UNCHECKED
    assert "does not name this command" in item.reason
    assert not (repository.root / "ran").exists()


def test_nothing_is_run_when_nothing_may_be_or_something_else_lies_in_the_folder(repository) -> None:
    """Each says what to do."""
    repository.commit({"overt.toml": toml("touch ran")})
    repository.commit({"db/a.sql": "x\n"})
    assert own(repository, "nothing").reason.startswith("nothing may be run")
    repository.write({"db/a.sql": "y\n"})
    assert "check it out" in own(repository).reason
    assert not (repository.root / "ran").exists()


def test_a_question_is_asked_where_its_files_changed(repository) -> None:
    """Else it does not apply."""
    repository.commit({"overt.toml": RULE + 'question = "<b>Sure?"\n'})
    repository.commit({"db/a.sql": "x\n"})
    assert (own(repository).state, own(repository).reason) == (State.OPEN, "<b>Sure?")
    repository.commit({"a.py": "x = 1\n"})
    assert own(repository).state is None


def test_an_item_goes_only_when_both_sides_leave_it_out() -> None:
    """A change does not free itself."""
    campaign = parse_campaign('[review]\nleave-out = ["small-enough"]\n')[0]
    before = parse_campaign("")[0]
    assert "small-enough" not in {rule.id for rule in project_rules(campaign)}
    assert "small-enough" in {rule.id for rule in project_rules(campaign, before)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[review]\nleave-out = ["small-enuogh"]\n', "there is no review rule 'small-enuogh'"),
        (RULE.replace("own", "small-enough") + 'question = "?"\n', "comes with overt"),
    ],
)
def test_names_that_are_wrong_or_taken_are_told(text: str, told: str) -> None:
    """Before anything is looked at."""
    with pytest.raises(OvertError, match=told):
        project_rules(parse_campaign(text)[0])
