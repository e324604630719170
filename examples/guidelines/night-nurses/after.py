"""A ward notes who gave a medicine."""

from collections.abc import Callable
from contextvars import ContextVar

on_duty: ContextVar[str] = ContextVar("on_duty", default="nobody")


def give(nurse: str, medicine: Callable[[], str]) -> str:
    """Let a nurse give a medicine."""
    token = on_duty.set(nurse)
    try:
        return medicine()
    finally:
        on_duty.reset(token)


def note() -> str:
    """Return who is on duty."""
    return f"given by {on_duty.get()}"
