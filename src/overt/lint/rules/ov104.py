"""OV104: the token of a context variable is dropped."""

from __future__ import annotations

from overt.lint.frames import ENTRY, FINALLY
from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.model.severity import Severity


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """A value that an entry point sets for the whole program, or that a `finally` takes back by hand, is a note."""
    found = f"`{fact.symbol}.set(...)` drops its token"
    mild = fact.every(ENTRY) or fact.some(FINALLY)
    return Judgement(found, Severity.NOTE if mild else Severity.WARNING)


RULE = Rule(
    code="OV104",
    title="The token of a context variable is dropped",
    why=(
        "Without its token a value cannot be put back, so it stays set for the rest of the thread or task. A "
        "pooled worker hands it to the next piece of work."
    ),
    bad="""\
from contextvars import ContextVar

user = ContextVar("user", default=None)


def handle(request):
    user.set(request.user)
    return request.run()
""",
    good="""\
from contextvars import ContextVar

user = ContextVar("user", default=None)


def handle(request):
    token = user.set(request.user)
    try:
        return request.run()
    finally:
        user.reset(token)
""",
    instead="Keep the token and reset it in a `finally`, or use `overt.runtime.error_context.with_context`.",
    judge=judge,
    matters="A finding is a warning; a note in an entry point, and where a `finally` takes the value back by hand.",
    see=("OV103",),
)
