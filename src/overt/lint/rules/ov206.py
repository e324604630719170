"""OV206: an attribute is set on the current thread or task."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import doing, spelled


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Every attribute but the documented `name` and `daemon` is a finding."""
    return Judgement(f"{doing(fact, 'sets')} `{spelled(fact.symbol)}` on the running thread or task")


RULE = Rule(
    code="OV206",
    title="An attribute is set on the current thread or task",
    why=(
        "A value stuck on the current thread is a thread-local that no search for thread-locals finds. Pools hand "
        "it to the next piece of work."
    ),
    bad="""\
import threading


def remember(user):
    threading.current_thread().user = user
""",
    good="""\
from contextvars import ContextVar

current_user: ContextVar[str] = ContextVar("current_user")


def handle(user, work):
    token = current_user.set(user)
    try:
        return work()
    finally:
        current_user.reset(token)
""",
    instead="Pass the value as a parameter, or use a context variable that is reset with its token.",
    judge=judge,
    see=("OV101",),
)
