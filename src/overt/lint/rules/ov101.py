"""OV101: a thread-local is made."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import places


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Every thread-local is a finding, however it is used."""
    if "handed" in fact.traits:
        return Judgement(f"`{fact.symbol}` is handed on, for thread-locals to be made of it")
    if "subclass" in fact.traits:
        return Judgement(f"the class `{fact.symbol}` is a thread-local")
    used = f", changed by {places(fact)}" if fact.sites else ""
    return Judgement(f"`{fact.symbol}` is a thread-local{used}")


RULE = Rule(
    code="OV101",
    title="A thread-local is made",
    why=(
        "A thread-local holds a different value in every thread, so what a function does depends on who runs it. "
        "Pooled threads keep values of the work before, tasks of one event loop share one value, and child "
        "threads start empty."
    ),
    bad="""\
import threading

_request = threading.local()


def begin(user):
    _request.user = user


def greet():
    return f"Hello {_request.user}"
""",
    good="""\
from contextvars import ContextVar

request_user: ContextVar[str] = ContextVar("request_user")


def greet(user: str) -> str:
    return f"Hello {user}"
""",
    instead=(
        "Pass the value as a parameter, or use a context variable (`overt.runtime.error_context` for log "
        "context). An object that lives as long as a thread belongs into `overt.runtime.AgentRegistry` with that "
        "thread as owner."
    ),
    judge=judge,
    see=(
        "OV102",
        "OV206",
    ),
)
