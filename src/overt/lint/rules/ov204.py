"""OV204: an attribute is set on an imported module or class."""

from __future__ import annotations

from overt.lint.frames import ENTRY, FINALLY
from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import SHARED, doing, spelled, weigh
from overt.model.severity import Severity


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """What is put back in a `finally`, or set once at import, is a note."""
    mild = fact.some(FINALLY) or fact.every(ENTRY) or "import" in fact.traits
    found = f"{doing(fact, 'sets')} `{spelled(fact.symbol)}`, which was imported"
    return Judgement(found, Severity.NOTE if mild else weigh(fact))


RULE = Rule(
    code="OV204",
    title="An attribute is set on an imported module or class",
    why=(
        "What is imported belongs to everybody who imports it: setting an attribute on it changes the behaviour "
        "of code that never heard of this function. The order of calls decides what it sees."
    ),
    bad="""\
import socket


def patch(connect):
    socket.create_connection = connect
""",
    good="""\
import socket


def fetch(host, connect=socket.create_connection):
    return connect((host, 443))
""",
    instead=("Pass the replacement as a parameter; in tests use `monkeypatch.setattr`, which puts the old value back."),
    judge=judge,
    matters=f"{SHARED} What a `finally` puts back, what an entry point sets and what is set at import are notes.",
    see=(
        "OV203",
        "OV205",
    ),
)
