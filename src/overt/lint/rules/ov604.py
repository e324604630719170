"""OV604: a thread is started while the module is imported."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(_fact: Fact, _settings: Settings) -> Judgement:
    """Every thread started at import is a finding, kept or not."""
    return Judgement("importing the module starts a thread")


RULE = Rule(
    code="OV604",
    title="A thread is started while the module is imported",
    why=(
        "Importing a module should define things, not do them. The thread starts before the program is "
        "configured, dies in forked children, and can deadlock on the import lock."
    ),
    bad="""\
import threading

_ticker = threading.Thread(target=print, daemon=True)
_ticker.start()
""",
    good="""\
import threading


def start_ticker():
    ticker = threading.Thread(target=print)
    ticker.start()
    return ticker
""",
    instead="Start it from an object that is made where the program is put together, and that joins it.",
    judge=judge,
    kind="task",
    see=("OV602",),
)
