"""OV407: the warning filters of the process are changed."""

from __future__ import annotations

from overt.lint.frames import SCOPED
from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import PROCESS, doing, spelled, weigh_process
from overt.model.severity import Severity


def judge(fact: Fact, settings: Settings) -> Judgement | None:
    """Inside `catch_warnings` it is a note, and nothing from Python 3.14 on, nor in tests, nor at import."""
    scoped = fact.every(SCOPED)
    if scoped and (settings.target_version >= (3, 14) or "test" in fact.traits or not fact.scope):
        return None
    found = f"{doing(fact, 'changes')} the warning filters of the process (`{spelled(fact.symbol)}`)"
    return Judgement(found, Severity.NOTE if scoped else weigh_process(fact))


RULE = Rule(
    code="OV407",
    title="The warning filters of the process are changed",
    why=(
        "The filters belong to the whole process: silencing a warning here hides it from everybody. "
        "`catch_warnings` is not safe with threads before Python 3.14."
    ),
    bad="""\
import warnings


def load(path):
    warnings.simplefilter("ignore")
    return path.read_text()
""",
    good="""\
def load(path):
    return path.read_text(encoding="utf-8")
""",
    instead="Mend what warns, or filter in the entry point, with `-W`, or in pytest's `filterwarnings`.",
    judge=judge,
    matters=f"{PROCESS} Inside `catch_warnings` it is a note, and nothing in tests, at import or from Python 3.14 on.",
    kind="process",
    see=("OV405",),
)
