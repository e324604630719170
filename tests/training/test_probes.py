"""Each probe sees what it is for, and stays silent otherwise."""

from __future__ import annotations

import asyncio
import warnings
from pathlib import Path

import pytest

from overt.training.probes import (
    Answer,
    at_once,
    changed_state,
    either_order,
    import_effects,
    in_tasks,
    interleave,
    repeat,
)


@pytest.fixture
def answer(tmp_path: Path) -> Answer:
    """An answer with state in every place where it can hide."""
    path = tmp_path / "answer.py"
    path.write_text(
        "import dataclasses\n\ncount = 0\nseen = []\n\n\nclass Desk:\n    last = 0\n\n\n"
        "@dataclasses.dataclass\nclass Note:\n    text: str = ''\n\n\nnote = Note()\n\n\n"
        "class Pile:\n    def __init__(self):\n        self.height = 0\n\n\npile = Pile()\n\n\n"
        "def stuck():\n    stuck.n = 1\n\n\ndef default(n=[0]):\n    n[0] += 1\n    return n[0]\n"
    )
    return Answer(path)


def test_every_load_is_a_module_of_its_own(answer: Answer) -> None:
    """What one changes, the next does not see."""
    first = answer.load()
    first.seen.append(1)
    assert answer.load().seen == []


def test_repeating_finds_what_differs_the_second_time(answer: Answer) -> None:
    """And gives the result when nothing does."""
    assert repeat(lambda: 7) == 7
    with pytest.raises(AssertionError, match="the first time it gave 1, the second time 2"):
        repeat(answer.load().default)


def test_a_long_result_is_cut() -> None:
    """A message stays a line or two."""
    results = iter([list(range(99)), list(range(1, 99))])
    with pytest.raises(AssertionError) as caught:
        repeat(lambda: next(results))
    assert len(str(caught.value).splitlines()[0]) < 260


def test_a_later_difference_is_told() -> None:
    """Not only the second time counts."""
    results = iter([1, 1, 3])
    with pytest.raises(AssertionError, match="the first time it gave 1, another time 3"):
        repeat(lambda: next(results))


def test_either_order_finds_what_depends_on_it(answer: Answer) -> None:
    """On fresh modules, so that only the order differs."""
    either_order(answer, lambda module: 1, lambda module: 2)
    with pytest.raises(AssertionError, match="when done second"):
        either_order(answer, lambda module: module.default(), lambda module: 0 * module.default())


def test_interleaving_takes_turns() -> None:
    """One step of each, until all are done."""
    order: list[str] = []

    def steps(name: str, count: int) -> object:
        for number in range(count):
            order.append(name)
            yield number

    assert interleave(steps("a", 3), steps("b", 1)) == [[0, 1, 2], [0]]  # type: ignore[arg-type]
    assert order == ["a", "b", "a", "a"]


def test_threads_meet_and_give_their_results_in_order() -> None:
    """The barrier proves that they were there at the same time; an error in one reaches the caller."""
    assert at_once(lambda meet: meet.wait() >= 0, lambda meet: meet.wait() + 10 >= 10) == [True, True]
    with pytest.raises(LookupError, match="gone"):
        at_once(lambda meet: meet.wait(), lambda meet: {}["gone"])


def test_tasks_take_turns_in_one_loop() -> None:
    """Each gives its own result."""
    order: list[int] = []

    def task(number: int) -> object:
        async def run() -> int:
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)
            return number

        return run

    assert in_tasks(task(1), task(2)) == [1, 2]  # type: ignore[arg-type]
    assert order == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("m.count += 1", "count"),
        ("m.seen.append(1)", "seen"),
        ("m.Desk.last += 1", "Desk.last"),
        ("m.stuck()", "an attribute of stuck()"),
        ("m.default()", "a default value of default()"),
        ("setattr(m.note, 'text', 'x')", "note"),
        ("setattr(m.pile, 'height', 1)", "pile"),
        ("setattr(m, 'fresh', 1)", "fresh"),
    ],
)
def test_state_is_found_wherever_it_hides(answer: Answer, change: str, name: str) -> None:
    """Module, class, function, default value, object."""
    module = answer.load()
    assert changed_state(module, lambda: exec(change, {"m": module})) == [name]
    assert changed_state(module, lambda: module.Desk()) == []


def test_importing_is_watched(answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, a variable and a thread that appear by importing are told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OVERT_PROBE", raising=False)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    assert import_effects(answer) == []
    answer.path.write_text("import os\nos.environ['OVERT_PROBE'] = 'x'\nopen('made', 'w').close()\n")
    assert import_effects(answer) == ["environment", "files"]
    monkeypatch.delenv("OVERT_PROBE")


def test_a_warnings_filter_is_told_again_and_taken_back(answer: Answer) -> None:
    """Also when an earlier load has set it already."""
    answer.path.write_text("import warnings\nwarnings.simplefilter('ignore')\n")
    filters = list(warnings.filters)
    with warnings.catch_warnings():
        answer.load()
        assert import_effects(answer) == ["warnings filters"]
    assert list(warnings.filters) == filters
