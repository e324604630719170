"""OV801: something is used that the project forbids itself."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """The message and the severity are those of `overt.toml`; see `overt.lint.banned`."""
    return Judgement(f"`{fact.symbol}` is banned here")


RULE = Rule(
    code="OV801",
    title="Something is used that the project forbids itself",
    why=(
        "`overt.toml` forbids it and says why. A name is recognised by what it stands for: under another name, "
        "imported from its module, or passed on without being called, it is the same."
    ),
    bad="""\
from time import sleep as rest


def wait_for(server):
    while not server.ready():
        rest(0.1)
""",
    good="""\
def wait_for(server, event):
    event.wait(timeout=5)
    return server.ready()
""",
    instead="Use what the message names.",
    settings="""\
[[hidden-state.banned]]
pattern = "time.sleep"
message = "waiting for a time is slow and still too short on a busy machine"
instead = "an event with a timeout"
allow = ["src/shop/backoff.py"]
""",
    judge=judge,
    matters="A finding is what `overt.toml` says it is: an error, a warning or a note.",
    kind="banned",
    see=("OV701",),
)
