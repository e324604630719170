"""An answer of a person lives through everything that leaves its lines alone, and through nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from overt.campaign.loading import parse_campaign
from overt.review.checklist import Checklist, review
from overt.review.context import Context
from overt.review.markdown import to_markdown
from overt.review.own import project_rules
from overt.review.ticks import REOPENED, Tick, read_ticks, with_ticks

OWN = '[[review.rules]]\nid = "looked-at"\ntitle = "Looked at"\npaths = ["**/*.py", "lib"]\nquestion = "Did you?"\n'
BODY = "".join(f"line_{number} = {number}\n" for number in range(30))
CHANGED = BODY.replace("line_9 = 9\n", "line_9 = 'nine'\nextra = 1\n")


def asked(repository, base: str) -> Checklist:
    [rule] = [rule for rule in project_rules(parse_campaign(OWN)[0]) if rule.own]
    return review(Context(repository.root, repository.changes(f"{base}...HEAD")), [rule])


def ticked(repository, base: str) -> str:
    return to_markdown(asked(repository, base)).replace("- [ ] **Looked at", "- [x] **Looked at")


def outcome(repository, base: str, former: str) -> str:
    [item] = with_ticks(asked(repository, base), read_ticks(former)).items
    return "ticked" if item.ticked else "reopened" if item.reason.startswith(REOPENED) else "open"


@pytest.fixture
def change(repository):
    """A change of a line and one that is new, on a branch; the base, and the checklist that a person has ticked."""
    base = repository.commit({"src/cart.py": BODY, "notes.md": "1\n"})
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"src/cart.py": CHANGED})
    return repository, base, ticked(repository, base)


def elsewhere(repository) -> None:
    repository.commit({"notes.md": "2\n"})


def renamed(repository) -> None:
    repository.git("mv", "src/cart.py", "src/basket.py")
    repository.commit()


def rebased(repository) -> None:
    repository.git("checkout", "-q", "main")
    repository.commit({"src/cart.py": "first = 0\n" + BODY.replace("line_25 = 25\n", "line_25 = 52\nmore = 1\n")})
    repository.git("checkout", "-q", "work")
    repository.git("rebase", "-q", "main")


def squashed(repository) -> None:
    repository.commit({"src/cart.py": BODY})
    repository.commit({"src/cart.py": CHANGED})
    repository.git("reset", "-q", "--soft", "main")
    repository.git("commit", "-q", "-m", "one")


def merged(repository) -> None:
    repository.git("checkout", "-q", "main")
    repository.commit({"src/cart.py": BODY + "last = 1\n"})
    repository.git("checkout", "-q", "work")
    repository.git("merge", "-q", "--no-edit", "main")


def amended(repository) -> None:
    repository.git("commit", "-q", "--amend", "-m", "other words")


@pytest.mark.parametrize("push", [elsewhere, renamed, rebased, squashed, merged, amended])
def test_an_answer_holds_while_its_lines_are_the_same(change, push: Callable[..., None]) -> None:
    """Whatever became of the file around them, of its name and of the commits."""
    repository, _, former = change
    push(repository)
    assert outcome(repository, "main", former) == "ticked"


@pytest.mark.parametrize(
    "files",
    [
        {"src/cart.py": CHANGED.replace("nine", "ten")},
        {"src/cart.py": CHANGED.replace("line_20 = 20\n", "")},
        {"src/cart.py": CHANGED.replace("\n", "\r\n")},
        {"src/cart.py": CHANGED, "src/more.py": "x = 1\n"},
        {"src/cart.py": None, "src/other.py": "other = 1\n"},
        {"src/cart.py": b"\0" + CHANGED.encode()},
    ],
    ids=["a line changed", "a line went", "other line ends", "one more file", "another file instead", "now binary"],
)
def test_an_answer_is_reopened_when_other_lines_are_to_be_judged(change, files) -> None:
    """And says so; the next checklist does not say it again."""
    repository, base, former = change
    repository.commit(files)
    assert outcome(repository, base, former) == "reopened"
    again = to_markdown(with_ticks(asked(repository, base), read_ticks(former)))
    assert outcome(repository, base, again) == "open"


def test_another_mode_of_the_same_lines_is_to_be_judged_again(change) -> None:
    """A file that may be run now is not what was looked at."""
    repository, base, former = change
    (repository.root / "src/cart.py").chmod(0o755)
    repository.commit()
    assert outcome(repository, base, former) == "reopened"


def test_another_commit_of_a_submodule_is_to_be_judged_again(repository, make_repository) -> None:
    """Its lines are not here, so nothing tells that they are the same."""
    other = make_repository("other")
    other.commit({"a.py": "x = 1\n"})
    base = repository.commit({"a.md": "x\n"})
    repository.git("submodule", "--quiet", "add", str(other.root), "lib")
    repository.commit()
    former = ticked(repository, base)
    assert outcome(repository, base, former) == "ticked"
    other.commit({"a.py": "x = 2\n"})
    repository.git("pull", "-q", str(other.root), root=repository.root / "lib")
    repository.commit()
    assert outcome(repository, base, former) == "reopened"


def test_lines_that_were_taken_away_are_part_of_what_was_judged(repository) -> None:
    """Of a deleted file, too."""
    base = repository.commit({"a.py": BODY, "b.py": BODY.replace("line", "row")})
    repository.commit({"a.py": None})
    former = ticked(repository, base)
    repository.commit({"a.py": BODY, "b.py": None})
    assert outcome(repository, base, former) == "reopened"


MARK = "<!-- overt:item a 0123456789abcdef -->"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"- [x] **New words**: of somebody {MARK}", True),
        (f"Thanks!\r\n\r\n- [X] x {MARK}  \r\nmore", True),
        (f"- [ ] x {MARK}", False),
        (f"> - [x] quoted {MARK}", None),
        (f"- [x] x {MARK} and more", None),
        (f"- [-] x {MARK}", None),
        ("- [x] **State has an owner**: without its mark", None),
        (f"- [x] x {MARK}\n- [ ] x {MARK}", False),
        (f"- [ ] x {MARK}\n- [x] x {MARK}", False),
        (f"- [x] x {MARK}\n- [x] x {MARK}", True),
    ],
)
def test_a_comment_that_somebody_edited_is_read_for_its_ticks_alone(text: str, expected: bool | None) -> None:
    """Words, order and line ends are theirs to change; what is no tick of a question counts for nothing."""
    assert read_ticks(text).get("a") == (None if expected is None else Tick(expected, "0123456789abcdef"))
