"""A rehearsal proves a good runbook and finds what is wrong with a bad one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from overt.evidence.records import Rehearsal, Step
from overt.model import State
from overt.runbook.parse import parse_runbook
from overt.runbook.records import Block
from overt.runbook.rehearse import rehearsal_verdict, rehearse
from overt.runbook.session import Surroundings

Rehearse = Callable[..., Rehearsal]

ON = "echo on > lamp\n"
OFF = "echo off > lamp\n"


def test_a_good_runbook_is_proved(rehearsed: Rehearse, good: str) -> None:
    """Steps change the state, undos bring it back, nothing is left to say."""
    record = rehearsed(good)
    assert (record.changed, record.restored, record.reason) == (True, True, "")
    assert rehearsal_verdict(record).state is State.PROVED
    assert [(step.id, step.role, step.ok) for step in record.steps] == [
        ("check-on", "before", True),
        ("on", "step", True),
        ("check-on", "check", True),
        ("undo-on", "undo", True),
    ]


def test_the_project_itself_is_not_touched(rehearsed: Rehearse, good: str, project: Path, around: Surroundings) -> None:
    """Steps run in a copy, and the copy is gone afterwards."""
    rehearsed(good.replace(OFF, "echo dim > lamp\n"))
    assert (project / "lamp").read_text() == "off\n"
    assert list(around.temp.iterdir()) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (OFF, "true\n", "undo 'undo-on' restores nothing"),
        (OFF, "echo dim > lamp\n", "not restored: lamp has changed"),
        (OFF, "echo off > lamp; touch rest\n", "not restored: rest is new"),
        (ON, "grep -q off lamp\n", "step 'on' changes nothing"),
        ("grep -q on lamp\n", "true\n", "check 'check-on' cannot fail: it passes before 'on' has done anything"),
        (
            "grep -q on lamp\n",
            "echo >> lamp; grep -q on lamp\n",
            "has a check that changes the state: lamp has changed",
        ),
        (ON, "echo on > lamp; lampctl dim\n", "calls a command that is not there: lampctl"),
        (ON, "echo on > lamp; false | true\n", "ended with exit status 1"),
        (ON, "echo on > $LAMP\n", "ended with exit status 1"),
        (ON, "echo on > lamp; kill -9 $$\n", "was ended by signal 9"),
        (ON, "echo on > lamp; sleep 60 & \n", "leaves processes behind"),
        (ON, "echo on > lamp; setsid sleep 60 < /dev/null > /dev/null 2>&1 &\n", "leaves processes behind"),
    ],
)
def test_a_planted_fault_is_found(rehearsed: Rehearse, good: str, old: str, new: str, told: str) -> None:
    """Each fault is named, with the line it stands in, and the runbook is refuted."""
    assert old in good
    record = rehearsed(good.replace(old, new))
    assert told in record.reason
    assert "lamp.md" in record.reason
    assert rehearsal_verdict(record).state is State.REFUTED


def test_a_hanging_step_is_ended_with_all_it_started(rehearsed: Rehearse, good: str, project: Path) -> None:
    """The time limit ends the whole group, and the runbook is refuted."""
    hanging = good.replace(ON, "echo on > lamp; sleep 60 | sleep 60\n").replace(
        "timeout=5 }\necho on", "timeout=0.2 }\necho on"
    )
    record = rehearsed(hanging)
    assert "step 'on' did not end within 0.2 s" in record.reason
    assert record.duration_ns < 20e9
    assert rehearsal_verdict(record).state is State.REFUTED


def test_a_process_substitution_is_not_left_behind(rehearsed: Rehearse, good: str) -> None:
    """Its processes end a moment after their shell, and need not be reaped by then."""
    record = rehearsed(good.replace(ON, ON + "diff <(echo lit) <(echo lit)\n"))
    assert record.reason == ""


def test_what_was_done_is_taken_back_when_a_later_step_fails(rehearsed: Rehearse, good: str) -> None:
    """A failing step ends the carrying out; the undos of all that was begun still run."""
    failing = "```bash { .step id=louder timeout=5 }\nfalse\n```\n```bash { .undo for=louder timeout=5 }\ntrue\n```\n"
    record = rehearsed(good + failing)
    assert [step.id for step in record.steps if step.role == "undo"] == ["undo-louder", "undo-on"]
    assert record.restored
    assert rehearsal_verdict(record).state is State.REFUTED


def test_undos_run_in_reverse(rehearsed: Rehearse) -> None:
    """The last thing done is the first taken back."""
    blocks = "".join(
        f"```bash {{ .step id={name} timeout=5 }}\necho {name} >> log\n```\n"
        f"```bash {{ .undo for={name} timeout=5 }}\n"
        f"test $(tail -1 log) = {name}; sed -i '$d' log; [ -s log ] || rm log\n```\n"
        for name in ("first", "second", "third")
    )
    record = rehearsed("---\nid: log\n---\n" + blocks)
    assert record.reason == ""
    assert [step.id for step in record.steps if step.role == "undo"] == ["undo-third", "undo-second", "undo-first"]


def test_the_state_blocks_decide_when_there_are_any(rehearsed: Rehearse, good: str) -> None:
    """Only what they print is compared: a log file that stays does not count."""
    state = "```bash { .state timeout=5 }\ncat lamp\n```\n"
    record = rehearsed(good.replace(OFF, "echo off > lamp; echo done >> log\n") + state)
    assert record.reason == ""
    assert rehearsal_verdict(record).state is State.PROVED
    told = rehearsed(good.replace(OFF, "echo dim > lamp\n") + state).reason
    assert "not restored: state 'state-1', line 1: was 'off', is 'dim'" in told


def test_a_state_that_moves_by_itself_is_not_compared(rehearsed: Rehearse, good: str) -> None:
    """A clock in the state would make every step look as if it changed something."""
    record = rehearsed(good + "```bash { .state timeout=5 }\ndate +%N; cat lamp\n```\n")
    assert "the state changes with nothing done" in record.reason
    assert rehearsal_verdict(record).state is State.UNCHECKED


def test_a_state_too_large_to_keep_is_not_compared(rehearsed: Rehearse, good: str) -> None:
    """What is cut could differ where nobody looks."""
    record = rehearsed(good + "```bash { .state timeout=9 }\ncat lamp; head -c 1100000 /dev/zero | tr '\\0' x\n```\n")
    assert "state 'state-1' prints more than can be compared" in record.reason
    assert rehearsal_verdict(record).state is State.UNCHECKED


def test_a_state_may_differ_in_bytes_that_are_not_shown(rehearsed: Rehearse, good: str) -> None:
    """Control characters and bytes that are no text count."""
    text = good.replace(OFF, "printf 'off\\n\\001\\377' > lamp\n") + "```bash { .state timeout=5 }\ncat lamp\n```\n"
    assert "not restored: state 'state-1', line 2: was absent, is " in rehearsed(text).reason


def test_a_failing_precheck_leaves_the_runbook_unchecked(rehearsed: Rehearse, good: str) -> None:
    """No step runs where the runbook says it must not."""
    record = rehearsed(good + "```bash { .precheck timeout=5 }\ntest -e stage\n```\n")
    assert [step.role for step in record.steps] == ["precheck"]
    assert rehearsal_verdict(record).state is State.UNCHECKED


def test_a_precheck_must_hold_again_at_the_end(rehearsed: Rehearse, good: str) -> None:
    """What the undo leaves must be a place where the runbook could start anew."""
    precheck = "```bash { .precheck timeout=5 }\ntest ! -e /tmp/$(cat $HOME/used 2>/dev/null || echo absent)\n```\n"
    record = rehearsed((good + precheck).replace(OFF, "echo off > lamp; echo . > $HOME/used\n"))
    assert "precheck 'precheck-1' ended with exit status 1" in record.reason
    assert rehearsal_verdict(record).state is State.REFUTED


@pytest.mark.parametrize(
    ("match", "expected", "unmet"),
    [
        ("exact", "lit", False),
        ("exact", "li", True),
        ("contains", "li", False),
        ("regex", "^l.t$", False),
        ("regex", "^i", True),
    ],
)
def test_an_expectation_is_held_against_the_output(
    rehearsed: Rehearse, good: str, match: str, expected: str, unmet: bool
) -> None:
    """A step that exits 0 and prints something else than it says is refuted."""
    text = good.replace(ON, ON + "echo lit\n") + f"```text {{ .expect for=on match={match} }}\n{expected}\n```\n"
    assert ("does not print what line" in rehearsed(text).reason) is unmet


def test_an_expectation_that_matches_anything_is_found(rehearsed: Rehearse, good: str) -> None:
    """It could not fail, so it proves nothing."""
    record = rehearsed(good + "```text { .expect for=on match=regex }\n.*\n```\n")
    assert "the expectation for 'on' matches anything" in record.reason
    assert rehearsal_verdict(record).state is State.REFUTED


def test_python_blocks_run(rehearsed: Rehearse, good: str) -> None:
    """A step may be written in Python."""
    assert "```bash { .step id=on timeout=5 }\necho on > lamp" in good
    text = good.replace(
        "```bash { .step id=on timeout=5 }\necho on > lamp",
        "```python { .step id=on timeout=5 }\nfrom pathlib import Path\nPath('lamp').write_text('on')",
    )
    assert rehearsal_verdict(rehearsed(text)).state is State.PROVED


def test_the_environment_is_minimal(rehearsed: Rehearse, good: str, around: Surroundings) -> None:
    """A block sees PATH, HOME, LANG, TMPDIR and what the runbook declares, and none of the caller's secrets."""
    outputs: list[bytes] = []
    text = good.replace("owner: stage", "owner: stage\nenv: [COLOUR=red, PLACE]").replace(ON, ON + "env\n")
    surroundings = {**around.environment, "PLACE": "left", "DEPLOY_TOKEN": "open-sesame", "HOME": "/root"}
    record = rehearsed(text, environment=surroundings, keep_output=lambda data: outputs.append(data) or "blob")
    assert record.reason == ""
    seen = dict(line.split("=", 1) for line in outputs[0].decode().splitlines())
    assert (seen["COLOUR"], seen["PLACE"]) == ("red", "left")
    assert seen["HOME"].startswith(str(around.temp.resolve()))
    assert "DEPLOY_TOKEN" not in seen


def test_a_declared_variable_that_is_not_set_leaves_it_unchecked(rehearsed: Rehearse, good: str) -> None:
    """Nothing runs in an environment that the runbook says is the wrong one."""
    record = rehearsed(good.replace("owner: stage", "owner: stage\nenv: [PLACE]"))
    assert record.reason == "lamp.md: not set in this environment: PLACE"
    assert rehearsal_verdict(record).state is State.UNCHECKED


def test_secrets_are_taken_out_of_what_is_told(rehearsed: Rehearse, good: str) -> None:
    """A failing step shows what it printed, with the secret taken out."""
    record = rehearsed(
        good.replace(ON, "echo sesame is no use; exit 3\n"), redact=lambda text: text.replace("sesame", "[redacted]")
    )
    assert [step.message for step in record.steps if step.role == "step"] == [
        "ended with exit status 3\n[redacted] is no use"
    ]


def test_whoever_watches_hears_of_every_block(around: Surroundings, good: str) -> None:
    """Progress is told before and after each block."""
    heard: list[str] = []

    class Watcher:
        def begins(self, block: Block, role: str) -> None:
            heard.append(f"> {role} {block.id}")

        def ends(self, step: Step) -> None:
            heard.append(f"< {step.role} {step.id}")

        def kept(self, folder: Path) -> None:
            heard.append("kept")

    rehearse(parse_runbook("lamp.md", good), replace(around, progress=Watcher()))
    assert heard[:4] == ["> before check-on", "< before check-on", "> step on", "< step on"]
    assert len(heard) == 8
