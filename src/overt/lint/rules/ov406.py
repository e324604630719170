"""OV406: a signal handler is installed."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import PROCESS, doing, spelled, weigh_process


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """An entry point owns its process: there, and where it is put back in a `finally`, it is a note."""
    return Judgement(f"{doing(fact, 'calls')} `{spelled(fact.symbol)}`", weigh_process(fact))


RULE = Rule(
    code="OV406",
    title="A signal handler is installed",
    why=(
        "A process has one handler for each signal: installing one silently replaces that of the program. "
        "Only the main thread may do it."
    ),
    bad="""\
import signal


def on_stop(callback):
    signal.signal(signal.SIGTERM, lambda *_: callback())
""",
    good="""\
class Worker:
    def stop(self):
        self.running = False
""",
    instead="Offer a `stop()` method and let the entry point connect it with the signal.",
    judge=judge,
    matters=PROCESS,
    kind="process",
    see=("OV410",),
)
