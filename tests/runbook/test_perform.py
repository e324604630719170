"""Carrying a runbook out for real: every step is noted before and after it, and the way back is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from overt.evidence.records import Performed
from overt.model import State
from overt.runbook.journal import Entry, read_journal, write_journal
from overt.runbook.parse import parse_runbook
from overt.runbook.perform import Errand, begin, perform, performed_verdict, take_back
from overt.runbook.place import Place
from overt.runbook.records import Block, Runbook
from overt.runbook.session import Surroundings

MORE = """
- [ ] Tell the audience. <!-- manual id=tell -->

```bash { .step id=bright timeout=5 confirm="the dark" }
test -e fuse
echo bright >> lamp
```
```bash { .check for=bright timeout=5 }
grep -q bright lamp
```
```bash { .undo for=bright timeout=5 }
echo on > lamp
```
"""


class Somebody:
    """A person who answers as told, and remembers what was asked."""

    name = "ann"

    def __init__(self, *, agrees: bool = True, note: str | None = "at eight") -> None:
        self._agrees, self._note = agrees, note
        self.asked: list[str] = []

    def agrees(self, block: Block, question: str) -> bool:
        """Note what is asked."""
        self.asked.append(f"{block.id}: {question}")
        return self._agrees

    def has_done(self, task: Block) -> str | None:
        """Note what is to be done."""
        self.asked.append(task.id)
        return self._note


@pytest.fixture
def errand(good: str, around: Surroundings, project: Path, tmp_path: Path) -> Errand:
    """The runbook of the lamp, in the theatre itself."""
    place = Place(project=project, home=tmp_path, temporary=around.temp, mark="overt-run-test")
    runbook = parse_runbook("lamp.md", good + MORE)
    return Errand(runbook, "stage", place, around, Somebody(), tmp_path / "kept/lamp@stage.json")


def states(errand: Errand) -> list[tuple[str, str]]:
    """Return what the journal says of each step."""
    journal = read_journal(errand.path)
    return [(entry.id, entry.state) for entry in journal.entries] if journal else []


def begun(errand: Errand, *entries: tuple[str, str]) -> None:
    """Write a journal."""
    journal = begin(errand)
    for name, state in entries:
        journal = journal.with_entry(Entry(id=name, state=state, by="bob", at_ns=1))  # type: ignore[arg-type]
    write_journal(errand.path, journal)


def goes_on(errand: Errand) -> Performed:
    """Carry out what is left."""
    journal = read_journal(errand.path)
    assert journal is not None
    return perform(errand, journal)


def test_it_is_carried_out_to_its_end_and_can_still_be_taken_back(errand: Errand, project: Path) -> None:
    """Steps, checks and tasks, in order; then the undos, the last first."""
    (project / "fuse").touch()
    record = perform(errand, begin(errand))
    assert (record.finished, record.reason, record.by, record.environment) == (True, "", "ann", "stage")
    assert [(step.role, step.id) for step in record.steps] == [
        *(("step", "on"), ("check", "check-on"), ("manual", "tell")),
        *(("step", "bright"), ("check", "check-bright")),
    ]
    assert record.steps[2].message == "by ann: at eight"
    assert performed_verdict(record).state is State.PROVED
    assert (project / "lamp").read_text() == "on\nbright\n"
    journal = read_journal(errand.path)
    assert journal is not None
    assert journal.finished
    back = take_back(errand, journal)
    assert (back.taken_back, [step.id for step in back.steps]) == (True, ["undo-bright", "tell", "undo-on"])
    assert (project / "lamp").read_text() == "off\n"
    assert not errand.path.exists()


def test_it_ends_at_the_first_thing_that_fails_and_goes_on_from_there(errand: Errand, project: Path) -> None:
    """What was done stays done, and is not done twice."""
    record = perform(errand, begin(errand))
    assert (record.finished, performed_verdict(record).state) == (False, State.REFUTED)
    assert "step 'bright' ended with exit status 1" in record.reason
    assert states(errand) == [("on", "done"), ("tell", "done"), ("bright", "failed")]
    (project / "fuse").touch()
    (project / "lamp").write_text("dim\n")
    again = goes_on(errand)
    assert (again.finished, [step.id for step in again.steps]) == (True, ["bright", "check-bright"])
    assert (project / "lamp").read_text() == "dim\nbright\n"


def test_a_step_whose_check_fails_has_failed(errand: Errand, project: Path) -> None:
    """And is taken back with the others."""
    wrong = "grep -q green lamp\n"
    blocks = tuple(replace(b, body=wrong) if b.id == "check-on" else b for b in errand.runbook.blocks)
    errand = replace(errand, runbook=replace(errand.runbook, blocks=blocks))
    assert not perform(errand, begin(errand)).finished
    assert states(errand) == [("on", "failed")]
    journal = read_journal(errand.path)
    assert journal is not None
    assert take_back(errand, journal).taken_back
    assert (project / "lamp").read_text() == "off\n"


def test_a_precheck_that_fails_lets_nothing_begin(errand: Errand, good: str, project: Path) -> None:
    """Nothing is noted either: there is nothing to go on with."""
    text = good + "```bash { .precheck id=green timeout=5 }\ngrep -q green lamp\n```\n"
    record = perform(replace(errand, runbook=parse_runbook("lamp.md", text)), begin(errand))
    assert (record.finished, states(errand), (project / "lamp").read_text()) == (False, [], "off\n")


def test_nothing_is_taken_away_without_agreement(errand: Errand, project: Path) -> None:
    """The block is not run, and the record says why it ended."""
    (project / "fuse").touch()
    person = Somebody(agrees=False)
    record = perform(replace(errand, person=person), begin(errand))
    assert person.asked == ["tell", "bright: the dark"]
    assert "step 'bright' was not agreed to" in record.reason
    assert (project / "lamp").read_text() == "on\n"
    assert states(errand) == [("on", "done"), ("tell", "done")]


def test_a_task_that_was_not_done_ends_it(errand: Errand) -> None:
    """Nobody is taken at a word that was not given."""
    record = perform(replace(errand, person=Somebody(note=None)), begin(errand))
    assert "manual 'tell' was not done" in record.reason
    assert states(errand) == [("on", "done")]


def test_a_step_of_whose_end_nothing_is_known_is_asked_about(errand: Errand, project: Path) -> None:
    """After a kill it may have been done or not; prechecks are not tried again."""
    (project / "fuse").touch()
    begun(errand, ("on", "begun"))
    person = Somebody()
    assert goes_on(replace(errand, person=person)).finished
    assert person.asked[0] == "on: it was begun before, and nothing is known of its end"


def test_the_way_back_ends_where_there_is_none(errand: Errand, project: Path) -> None:
    """What was taken back until then is not taken back twice."""
    blocks = tuple(block for block in errand.runbook.blocks if block.id != "undo-on")
    errand = replace(errand, runbook=replace(errand.runbook, blocks=blocks))
    (project / "lamp").write_text("on\nbright\n")
    begun(errand, ("on", "done"), ("bright", "done"))
    journal = read_journal(errand.path)
    assert journal is not None
    record = take_back(errand, journal)
    assert (record.taken_back, states(errand)) == (False, [("on", "done")])
    assert "step 'on' has no undo" in record.reason
    assert performed_verdict(record).state is State.REFUTED


def test_a_block_knows_what_the_environment_declares(errand: Errand, project: Path, good: str) -> None:
    """Its values win over those of the runbook."""
    text = good.replace("owner: stage", "owner: stage\nenv: [COLOUR=red]").replace("echo on >", "echo on $COLOUR >")
    place = replace(errand.place, variables=("COLOUR=green",))
    runbook: Runbook = parse_runbook("lamp.md", text)
    assert perform(replace(errand, runbook=runbook, place=place), begin(errand)).finished
    assert (project / "lamp").read_text() == "on green\n"


def test_secrets_are_kept_out_of_journal_and_record(errand: Errand, tmp_path: Path) -> None:
    """What a person notes may hold one."""
    around = replace(errand.around, redact=lambda text: text.replace("hunter2", "***"))
    person = Somebody(note="the word is hunter2")
    record = perform(replace(errand, around=around, person=person), begin(errand))
    assert "hunter2" not in errand.path.read_text()
    assert "hunter2" not in str(record)
