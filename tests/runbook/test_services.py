"""Services run beside a rehearsal: ready before it, watched during it, gone after it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from overt.evidence.records import Rehearsal
from overt.model import Problems, State
from overt.runbook.parse import parse_runbook
from overt.runbook.place import service_mark
from overt.runbook.rehearse import rehearsal_verdict
from overt.runbook.session import Surroundings
from overt.system.strays import marked_processes

Rehearse = Callable[..., Rehearsal]
STATE = "```bash { .state id=lit timeout=60 }\ncat lamp\n```\n"
LIVES = 'echo $$ > "$TMPDIR/pid"; echo ready; while true; do sleep 0.1; done\n'


def service(body: str, *, ready: str = "ready", timeout: str = "60") -> str:
    """Return the fence of a service."""
    return f"\n```bash {{ .service id=shop ready={ready} timeout={timeout} }}\n{body}```\n"


def test_it_is_ready_before_anything_else_and_lives_through_all_steps(rehearsed: Rehearse, good: str) -> None:
    """Steps may look at it; what steps leave behind is ended, it is not."""
    text = good.replace("grep -q on lamp\n", 'kill -0 "$(cat "$TMPDIR/pid")"; grep -q on lamp\n')
    record = rehearsed(text + STATE + service(LIVES))
    assert rehearsal_verdict(record).state is State.PROVED, record.reason
    assert next((step.role, step.id, step.ok) for step in record.steps) == ("service", "shop", True)


def test_it_is_gone_afterwards(rehearsed: Rehearse, good: str, around: Surroundings, tmp_path: Path) -> None:
    """With everything that it has started, also in a session of its own."""
    noted = tmp_path / "mark"
    body = f'echo "$OVERT_MARK" > {noted}; setsid sleep 600 & {LIVES}'
    assert rehearsal_verdict(rehearsed(good + STATE + service(body))).state is State.PROVED
    mark = noted.read_text().strip()
    assert mark.endswith(service_mark("") + ".shop")
    assert marked_processes(mark) == []
    assert list(around.temp.iterdir()) == []


@pytest.mark.parametrize(
    ("fence", "told"),
    [
        (service("echo no; exit 3\n"), "service 'shop' ended with exit status 3"),
        (service("true\n"), "service 'shop' ended by itself"),
        (service("sleep 600\n", timeout="0.3"), "service 'shop' did not print 'ready' within 0.3 s"),
    ],
)
def test_without_it_nothing_is_rehearsed(rehearsed: Rehearse, good: str, fence: str, told: str) -> None:
    """The reason stands in the record, and no step ran."""
    record = rehearsed(good + fence)
    assert told in record.reason
    assert [step.role for step in record.steps] == ["service"]
    assert rehearsal_verdict(record).state is State.UNCHECKED


def test_one_that_dies_on_the_way_refutes(rehearsed: Rehearse, good: str) -> None:
    """Whatever the steps looked at was not there any more."""
    text = good.replace("echo on > lamp\n", 'echo on > lamp; kill "$(cat "$TMPDIR/pid")"\n')
    record = rehearsed(text + STATE + service(LIVES))
    assert "service 'shop' did not live to the end of the rehearsal" in record.reason
    assert rehearsal_verdict(record).state is State.REFUTED


def test_each_of_several_is_ended_alone(rehearsed: Rehearse, good: str) -> None:
    """The end of one is not taken for the death of another."""
    second = service(LIVES.replace("pid", "other")).replace("id=shop", "id=bank")
    record = rehearsed(good + STATE + service(LIVES) + second)
    assert rehearsal_verdict(record).state is State.PROVED, record.reason


def test_a_service_has_an_id_and_nothing_belongs_to_it(good: str) -> None:
    """Both are told with their lines."""
    with pytest.raises(Problems, match="a service without id"):
        parse_runbook("lamp.md", good + "```bash { .service ready=x timeout=1 }\ntrue\n```\n")
    with pytest.raises(Problems, match="which is not there"):
        parse_runbook("lamp.md", good + service("true\n") + "```text { .expect for=shop }\nx\n```\n")
