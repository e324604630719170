"""Pages of a track: what they hold, what they lead to, and that they are the same wherever they are made."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.audit.references.anchors import anchors
from overt.campaign import load
from overt.evidence.facts import gather
from overt.evidence.ledger import open_ledger
from overt.evidence.records import ExerciseChecked
from overt.lint.rules import all_rules
from overt.markdown import scan
from overt.model import State, Verdict
from overt.site.disk import pages_on_disk
from overt.site.inputs import Lesson, Rooms, SiteInputs
from overt.site.lessons import read_lessons
from overt.site.nav import generated
from overt.site.pages import training
from overt.system.clock import SystemClock
from overt.system.files import project_files
from overt.training.check import check_quiz
from overt.training.record import end_run, start_run
from overt.training.records import Exercise, Quiz
from overt.training.track import OWN, load_track

NAMES = ("01-ticket-desk", "02-guest-list", "04-quiz-two-tills")
TOML = '\n[training]\npath = "training"\n'
GUIDE = {"docs/explanation/guidelines.md": "# Guidelines\n\n## Give state an owner\n\nDo.\n"}


def put_track(root: Path, names: tuple[str, ...] = NAMES) -> None:
    for name in names:
        shutil.copytree(OWN / name, root / "training" / name, ignore=shutil.ignore_patterns("__pycache__"))


def record(root: Path, *records: ExerciseChecked) -> None:
    clock, files = SystemClock(), project_files(root)
    writer = start_run(root, "shop", "training", files, count=len(records), environment={}, clock=clock)
    for one in records:
        writer.add(one)
    end_run(writer, records, planned=len(records), start_ns=clock.now_ns(), clock=clock)


def checked(root: Path, name: str, *, solution_passes: bool = True, reason: str = "") -> ExerciseChecked:
    [exercise] = [one for one in load_track(root / "training").exercises if one.name == name]
    return ExerciseChecked(
        id=f"exercise:training:{name}",
        suite="training",
        exercise=name,
        text_sha256=exercise.text_sha256,
        solution_passes=solution_passes,
        start_fails=True,
        wrong_rejected=len(exercise.wrong),
        wrong_total=len(exercise.wrong),
        reason=reason,
    )


def quizzed(root: Path) -> ExerciseChecked:
    """The quiz, really computed."""
    [quiz] = load_track(root / "training").quizzes
    return check_quiz(quiz, codes=None)


def inputs_of(root: Path) -> SiteInputs:
    files, ledger = project_files(root), open_ledger(root)
    campaign = load(root, files=files).campaign
    facts = gather(root, campaign, ledger, files=files, now_ns=SystemClock().now_ns())
    pages = {path: path.removeprefix("docs/") for path in files if path.startswith("docs/")}
    lessons = read_lessons(root, campaign, ledger, facts, pages=pages)
    return SiteInputs(project="shop", rules=tuple(all_rules()), rooms=Rooms(lessons=lessons))


@pytest.fixture
def track(project: Callable[..., Path]) -> Path:
    """A project with a track of two exercises and a quiz, none of which was checked yet."""
    root = project(GUIDE, TOML)
    put_track(root)
    return root


def test_the_index_names_stages_concepts_and_states(track: Path) -> None:
    """What was checked, what was refuted and why, and what was never looked at."""
    record(track, checked(track, "01-ticket-desk"))
    record(track, checked(track, "02-guest-list", solution_passes=False, reason="the solution fails `x`"))
    page = training.pages(inputs_of(track))["training/index.md"]
    assert "2 exercises and 1 quiz, taken in order" in page
    assert [line for line in page.splitlines() if line[:3] == "## "] == [
        "## State and its owner",
        "## What “held” means",
    ]
    first, second, third = (line for line in page.splitlines() if 'class="ov-tick"' in line)
    assert "[A desk that counts for itself](01-ticket-desk.md)" in first
    assert "hidden state, owner" in first
    assert ">proved</span>" in first
    assert "The solution fails <code>x</code>." in second
    assert ">refuted</span>" in second
    assert "[Two tills](04-quiz-two-tills.md)" in third
    assert "It was never checked." in third


def test_an_exercise_has_all_that_the_terminal_has(track: Path) -> None:
    """Task, start, checks with those that fail at first, hints, solution, difference, reason, and where to go."""
    page = training.pages(inputs_of(track))["training/01-ticket-desk.md"]
    item = load_track(track / "training").exercises[0]
    assert page.count("\n# ") == 1
    assert "A cinema opens its second ticket desk." in page
    assert f"```python\n{item.start.strip()}\n```" in page
    assert f"```python\n{item.solution.strip()}\n```" in page
    assert "-_last = 0" in page
    assert "+        self._last = 0" in page
    assert "- **a desk counts up**: One desk gives 1, 2, 3.\n" in page
    assert "two desks count apart**: Two open desks, used in turn, count 1, 2, 3 each. (fails at first)" in page
    assert [f"Hint {number} of 3" in page for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert "overt train check 01-ticket-desk" in page
    assert "is **hidden state**" in page
    assert "(../rules/OV201.md)" in page
    assert "[Give state an owner](../explanation/guidelines.md#give-state-an-owner)" in page
    assert "Previous" not in page
    assert "Next: [A guest list for every premiere](02-guest-list.md)" in page
    assert page.count("<details") == page.count("</details>") == 5


@pytest.mark.parametrize("gone", ["docs/explanation/guidelines.md", "## Give state an owner"])
def test_only_what_is_there_is_linked(track: Path, gone: str) -> None:
    """A page that is missing, or a heading, is not led to; neither is a rule that is not known."""
    guide = track / "docs/explanation/guidelines.md"
    guide.unlink() if gone.endswith(".md") else guide.write_text(guide.read_text().replace(gone, ""))
    inputs = inputs_of(track)
    bare = SiteInputs(project="shop", rooms=inputs.rooms)
    assert "guidelines.md" not in training.pages(inputs)["training/01-ticket-desk.md"]
    assert "rules/" not in training.pages(bare)["training/01-ticket-desk.md"]


@pytest.mark.parametrize("exercise", load_track().exercises, ids=lambda one: one.name)
def test_each_page_that_our_track_leads_to_is_there(exercise: Exercise) -> None:
    """Guidelines and pages of the runtime, with the heading that is named: a link that is left out helps nobody."""
    root = Path(__file__).parents[2]
    for target in exercise.card.see:
        path, _, anchor = target.partition("#")
        assert not anchor or anchor in anchors(scan((root / path).read_text())), target
        assert (root / path).is_file(), target


def test_the_answer_to_a_quiz_is_the_one_that_was_computed(track: Path) -> None:
    """Without evidence the page knows none; with it, it does; when the quiz was changed since, it does not."""
    name = "training/04-quiz-two-tills.md"
    before = training.pages(inputs_of(track))[name]
    assert "data-ov-right" not in before
    assert "The right answer was not computed" in before
    record(track, quizzed(track))
    page = training.pages(inputs_of(track))[name]
    assert 'data-ov-right="1"' in page
    assert "<code>2 2</code>, found by running the snippet." in page
    snippet = track / "training/04-quiz-two-tills/snippet.py"
    snippet.write_text(snippet.read_text().replace("[]", "[][:]"))
    changed = training.pages(inputs_of(track))[name]
    assert "data-ov-right" not in changed
    assert ">stale</span>" in changed


def test_an_exercise_that_was_changed_since_it_was_checked_is_stale(track: Path) -> None:
    """Evidence is about the text that it was taken of."""
    record(track, checked(track, "01-ticket-desk"))
    (track / "training/01-ticket-desk/why.md").write_text("# Why\n\nOtherwise.\n")
    lesson = inputs_of(track).rooms.lessons[0]
    assert lesson.verdict.state is State.STALE


def test_pages_are_the_same_from_another_folder(track: Path, tmp_path: Path) -> None:
    """Byte for byte, twice, and wherever the project lies."""
    record(track, quizzed(track))
    other = tmp_path / "elsewhere" / "deep"
    shutil.copytree(track, other)
    first, again, moved = (training.pages(inputs_of(root)) for root in (track, track, other))
    assert first == again == moved
    assert len(first) == 4
    assert not any(str(tmp_path) in page for page in first.values())


def test_every_page_of_our_own_track_is_small() -> None:
    """No page is above 100 kB, and each item has one."""
    items = load_track().items
    lessons = tuple(Lesson(item=item, verdict=Verdict(State.UNCHECKED, "")) for item in items)
    pages = training.pages(SiteInputs(project="overt", rooms=Rooms(lessons=lessons)))
    assert len(pages) == len(items) + 1
    assert max(len(page.encode()) for page in pages.values()) < 50_000


def test_a_project_without_a_track_has_nothing_of_it(project: Callable[..., Path], tmp_path: Path) -> None:
    """No page, no entry in the navigation, no script; with a track there are all three."""
    root, empty = project(GUIDE), tmp_path / "empty"
    empty.mkdir()
    for there in (False, True):
        if there:
            put_track(root)
            (root / "overt.toml").write_text((root / "overt.toml").read_text() + TOML)
        loaded = load(root, files=project_files(root))
        pages, _ = pages_on_disk(root, loaded, empty=empty)
        assert ("training/index.md" in pages) is there
        assert ("overt/training.js" in pages) is there
        shown = [entry for entry in generated(inputs_of(root), pages) if "Training" in entry]
        assert len(shown) == there


def test_a_track_beside_the_shipped_one_comes_behind_it(track: Path) -> None:
    """As in the terminal: first what comes with overt, then the project's own."""
    (track / "overt.toml").write_text((track / "overt.toml").read_text() + "beside = true\n")
    shutil.rmtree(track / "training")
    shutil.copytree(OWN / "01-ticket-desk", track / "training/21-tea-room")
    names = [lesson.item.name for lesson in inputs_of(track).rooms.lessons]
    assert names == [item.name for item in load_track().items] + ["21-tea-room"]


def test_a_quiz_page_says_its_choices_without_a_script(track: Path) -> None:
    """On a code host the choices are a list and the answer folds away."""
    record(track, quizzed(track))
    page = training.pages(inputs_of(track))["training/04-quiz-two-tills.md"]
    [quiz] = [one.item for one in inputs_of(track).rooms.lessons if isinstance(one.item, Quiz)]
    assert all(f"\n{number}. <code>{option}</code>" in page for number, option in enumerate(quiz.card.options, 1))
    assert "Each till sells one thing. What does the last line print?" in page
    assert "<summary>The answer, and why</summary>" in page
