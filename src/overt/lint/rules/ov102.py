"""OV102: a framework's context local or proxy is made."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Every one that is made or subclassed is a finding."""
    if "subclass" in fact.traits:
        return Judgement(f"the class `{fact.symbol}` is a `{fact.detail}`")
    return Judgement(f"`{fact.symbol}` is a `{fact.detail}`")


RULE = Rule(
    code="OV102",
    title="A framework's context local or proxy is made",
    why=(
        "A context local of a framework is a thread-local under another name. What a function reads from it is "
        "decided by a caller far away, and it cannot be seen in any signature."
    ),
    bad="""\
from werkzeug.local import LocalStack

_jobs = LocalStack()


def current_job():
    return _jobs.top
""",
    good="""\
def run(job):
    return job.start()
""",
    instead="Pass the object as a parameter, or use one context variable that is reset with its token.",
    judge=judge,
    see=("OV101",),
)
