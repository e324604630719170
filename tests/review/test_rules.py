"""Each rule says of its own examples what it declares, in real repositories."""

from __future__ import annotations

import os

import pytest

from overt.model import OvertError, State
from overt.review.checklist import review
from overt.review.context import Context
from overt.review.records import Example, ReviewRule
from overt.review.rules import IDS, all_rules, rule_for

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.name}") for rule in all_rules() for example in rule.examples
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_says_of_its_example_what_it_declares(repository, rule: ReviewRule, example: Example) -> None:
    """The example is committed, and the rule is asked."""
    changes = repository.example(example)
    [item] = review(Context(repository.root, changes, "all", os.environ), [rule]).items
    assert item.state == example.state, item.reason
    assert (item.proof is not None) is (example.state is State.PROVED)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_has_the_examples_it_needs(rule: ReviewRule) -> None:
    """One that ticks it, one that refutes it, one where it cannot run; of a question, one that asks it."""
    states = {example.state for example in rule.examples}
    needed = {State.OPEN, None} if rule.human else {State.PROVED, State.REFUTED, State.UNCHECKED}
    assert needed <= states


def test_ids_are_declared_once_and_match_their_files() -> None:
    """The list is what the checklist and the pages are made from."""
    assert tuple(rule.id for rule in all_rules()) == IDS
    assert len(set(IDS)) == len(IDS)
    assert sum(rule.human for rule in all_rules()) <= 8


def test_an_unknown_rule_is_told_with_the_nearest() -> None:
    """A typo is no dead end."""
    with pytest.raises(OvertError) as caught:
        rule_for("source-has-test")
    assert caught.value.hint == "did you mean 'source-has-tests'?"


def test_hidden_state_is_told_at_the_line_that_changed(repository) -> None:
    """The list was there; what is new is the line that fills it."""
    repository.commit({"cart.py": "seen = []\n\n\ndef total(prices):\n    return sum(prices)\n"})
    repository.commit({"cart.py": "seen = []\n\n\ndef total(prices):\n    seen.append(1)\n    return sum(prices)\n"})
    [item] = review(Context(repository.root, repository.changes()), [rule_for("no-new-hidden-state")]).items
    assert item.state is State.REFUTED
    assert [str(place)[:9] for place in item.places] == ["cart.py:5"]


def test_the_projects_own_exceptions_hold_in_a_review(repository) -> None:
    """What overt.toml leaves out of the linter is left out here."""
    repository.commit({"overt.toml": '[hidden-state]\nexclude = ["legacy"]\n'})
    repository.commit({"legacy/a.py": "import threading\n\nhere = threading.local()\n"})
    [item] = review(Context(repository.root, repository.changes()), [rule_for("no-new-hidden-state")]).items
    assert item.state is not State.REFUTED


def test_a_shown_command_can_be_copied_whatever_files_are_called(repository) -> None:
    """A name that a shell would run is quoted."""
    repository.commit({"a.py": "x = 1\n"})
    repository.commit({"$(touch ran).py": "x = 1\n"})
    [item] = review(Context(repository.root, repository.changes()), [rule_for("no-new-hidden-state")]).items
    assert item.proof is not None
    assert item.proof.command == "overt check '$(touch ran).py'"


def test_a_table_that_only_imports_fill_is_not_new_hidden_state(repository) -> None:
    """The rest of the project is asked, not only the files that changed."""
    table = "rows = []\n\n\ndef add(row):\n    rows.append(row)\n"
    use = "from shop.handlers import add\n\nadd(1)\n"
    repository.commit({"shop/__init__.py": "", "shop/cart.py": use, "shop/handlers.py": "def add(row): ...\n"})
    repository.commit({"shop/handlers.py": table})
    [item] = review(Context(repository.root, repository.changes()), [rule_for("no-new-hidden-state")]).items
    assert item.state is State.PROVED
    repository.commit({"shop/cart.py": use + "\n\ndef f():\n    add(2)\n"})
    [item] = review(
        Context(repository.root, repository.changes("HEAD~2...HEAD")), [rule_for("no-new-hidden-state")]
    ).items
    assert item.state is State.REFUTED
