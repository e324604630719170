"""The gates of a project: what its suites judge, and the defect that each must find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from overt.campaign.flag_states import state_of
from overt.campaign.records import Campaign, Suite
from overt.evidence.controls import KIND
from overt.validate.controls.seeds import HIDDEN_STATE, STYLE, TESTS, Seed
from overt.validate.kinds.ruff import is_ruff

NONE_DECLARED = "no defect is declared that it must find; declare one as [suites.{}.control]"


@dataclass(frozen=True, slots=True)
class Gate:
    """Something that must alarm at a defect.

    Args:
        name: Name of its suite, with `.benchmark`, `.leak` or `.recovery` behind it for what that judges beside tests.
        suite: Name of its suite.
        sort: Kind of its suite, or `benchmark`, `leak`, `recovery`.
        seed: The defect; None when there is none.
        plant: Which of the defects among tests it is; empty for others.
        file: File that the defect is put in; empty when it is to be looked for.
    """

    name: str
    suite: str
    sort: str
    seed: Seed | None = None
    plant: str = ""
    file: str = ""


def gates_of(campaign: Campaign, wanted: Sequence[str] = ()) -> Iterator[Gate]:
    """Yield the gates of a project, in the order of its suites.

    Args:
        campaign: The project's campaign.
        wanted: Names of the suites; all when empty. Suites of kind `controls` have none, and a suite in a state of
            feature flags has that of the suite itself.
    """
    for name, suite in campaign.suites.items():
        if suite.kind != KIND and not state_of(name) and (not wanted or name in wanted):
            yield from _gates(name, suite)


def _gates(name: str, suite: Suite) -> Iterator[Gate]:
    control = suite.control
    if control.file:
        words = f"what [suites.{name}.control] declares, in {control.file}"
        yield Gate(name, name, suite.kind, Seed(words, control.text, control.twin), file=control.file)
    elif suite.kind == "pytest":
        for plant in dict.fromkeys(control.plant or ("test",)):
            own = plant == "test"
            yield Gate(name if own else f"{name}.{plant}", name, "pytest" if own else plant, TESTS[plant], plant)
    elif suite.kind == "lint" and is_ruff(suite.command) and not suite.files:
        yield Gate(name, name, suite.kind, STYLE)
    elif suite.kind == "hidden-state":
        yield Gate(name, name, suite.kind, HIDDEN_STATE[".py"])
    else:
        yield Gate(name, name, suite.kind)
