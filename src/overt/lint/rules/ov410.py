"""OV410: a hook for exit or fork is registered."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import PROCESS, doing, spelled, weigh_process
from overt.model.severity import Severity


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """An entry point owns its process: there, and where it is put back in a `finally`, it is a note.

    So is a fork hook that a module registers while it is imported: it is there once, and nothing else lets a module
    mend its locks in a forked child.
    """
    once = fact.symbol == "os.register_at_fork" and not any(site.function for site in fact.sites)
    severity = Severity.NOTE if once else weigh_process(fact)
    return Judgement(f"{doing(fact, 'registers')} a hook (`{spelled(fact.symbol)}`)", severity)


RULE = Rule(
    code="OV410",
    title="A hook for exit or fork is registered",
    why=(
        "The hook keeps its objects alive until the process ends and runs in an order that nobody chose. It does "
        "not run after `kill`, and a test cannot undo it."
    ),
    bad="""\
import atexit


class Buffer:
    def __init__(self):
        atexit.register(self.flush)

    def flush(self):
        pass
""",
    good="""\
class Buffer:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.flush()

    def flush(self):
        pass
""",
    instead=(
        "Offer `close()` and a context manager, and let the owner call it. A fork hook that a module registers once, "
        "at import, to mend itself in a forked child is a note."
    ),
    judge=judge,
    matters=f"{PROCESS} A fork hook that a module registers once, at import, is a note.",
    kind="process",
    see=("OV406",),
)
