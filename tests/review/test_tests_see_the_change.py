"""Taking the source back is done in a copy, and leaves nothing behind."""

from __future__ import annotations

import os

import pytest

from overt.model import State
from overt.review.checklist import review
from overt.review.context import Context, MayRun
from overt.review.rules import rule_for
from overt.review.rules.tests_see_the_change import RULE

TEST = "from shop.cart import tax\n\n\ndef test_tax():\n    assert tax() == {}\n"


def outcome(repository, may_run: MayRun = "all") -> tuple[State | None, str]:
    context = Context(repository.root, repository.changes(), may_run, os.environ)
    [item] = review(context, [RULE]).items
    return item.state, item.reason


def test_a_renamed_module_and_a_new_one_are_taken_back(repository) -> None:
    """And neither the work tree nor the list of work trees is another afterwards."""
    body = "".join(f"A{number} = {number}\n" for number in range(30))
    repository.commit(
        {"src/shop/__init__.py": "", "src/shop/cart.py": body, "overt.toml": '[suites.u]\nkind = "pytest"\n'}
    )
    (repository.root / "src/shop/cart.py").rename(repository.root / "src/shop/till.py")
    new = "from shop.till import A1, A2\n\n\ndef tax():\n    return A1 + A2\n"
    repository.commit({"src/shop/cart.py": new, "tests/test_cart.py": TEST.format(3)})
    assert outcome(repository)[0] is State.PROVED
    assert repository.git("status", "--porcelain") == ""
    assert len(repository.git("worktree", "list").splitlines()) == 1


@pytest.mark.parametrize("may_run", ["nothing", "named"])
def test_nothing_is_run_unless_it_is_asked_for(repository, may_run: MayRun) -> None:
    """A test may do anything."""
    repository.commit({"cart.py": "x = 1\n", "tests/test_cart.py": "y = 1\n"})
    ran = repository.root / "ran"
    repository.commit({"cart.py": "x = 2\n", "tests/test_cart.py": f"open({str(ran)!r}, 'w')\n"})
    state, reason = outcome(repository, may_run)
    assert state is State.UNCHECKED
    assert "--run" in reason
    assert not ran.exists()


def test_a_change_cannot_allow_itself_to_be_run(repository) -> None:
    """The campaign that it set out from names no suite of pytest."""
    repository.commit({"overt.toml": "", "cart.py": "x = 1\n", "tests/test_cart.py": "y = 1\n"})
    files = {"overt.toml": '[suites.u]\nkind = "pytest"\n', "cart.py": "x = 2\n", "tests/test_cart.py": "y = 2\n"}
    repository.commit(files)
    assert outcome(repository) == (
        State.UNCHECKED,
        "the campaign that the change set out from names no suite of pytest",
    )


def test_a_link_leads_nothing_out_of_the_copy(repository, tmp_path) -> None:
    """Where a folder became a link, what was in the folder is put back into the copy, not through the link."""
    outside = tmp_path / "outside"
    outside.mkdir()
    repository.commit({"shop/cart.py": "x = 1\n", "overt.toml": '[suites.u]\nkind = "pytest"\n'})
    repository.write({"shop/cart.py": None})
    (repository.root / "shop").rmdir()
    (repository.root / "shop").symlink_to(outside)
    repository.commit({"cart.py": "x = 1\n", "tests/test_cart.py": "def test_a():\n    import cart\n"})
    assert outcome(repository)[0] is not State.REFUTED
    assert list(outside.iterdir()) == []


def test_the_rule_is_the_one_of_the_list() -> None:
    """Declared once."""
    assert rule_for("tests-see-the-change") is RULE
