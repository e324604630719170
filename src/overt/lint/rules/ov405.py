"""OV405: a setting of the whole interpreter is changed."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import PROCESS, doing, spelled, weigh_process


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """An entry point owns its process: there, and where it is put back in a `finally`, it is a note."""
    return Judgement(f"{doing(fact, 'changes')} `{spelled(fact.symbol)}`", weigh_process(fact))


RULE = Rule(
    code="OV405",
    title="A setting of the whole interpreter is changed",
    why=(
        "The interpreter has one of these settings for all threads and libraries: changed by one of them, it "
        "surprises all the others."
    ),
    bad="""\
import socket


def fetch(address):
    socket.setdefaulttimeout(5)
    return socket.create_connection(address)
""",
    good="""\
import socket


def fetch(address):
    return socket.create_connection(address, timeout=5)
""",
    instead=(
        "Use the local form: a `timeout=` argument, `decimal.localcontext()`, a loop or an executor of your own; "
        "else leave it to the entry point."
    ),
    judge=judge,
    matters=PROCESS,
    kind="process",
    see=("OV403",),
)
