"""OV603: a future is dropped."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import doing, spelled


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """A future that is dropped, or kept in a name that is never read."""
    return Judgement(f"{doing(fact, 'drops')} the future of `{spelled(fact.symbol)}`")


RULE = Rule(
    code="OV603",
    title="A future is dropped",
    why=(
        "The exception of the work is kept in the future that nobody reads, so it fails in silence. Nobody knows "
        "when it is done either."
    ),
    bad="""\
from concurrent.futures import ThreadPoolExecutor


def send_all(rows, send):
    with ThreadPoolExecutor() as pool:
        for row in rows:
            pool.submit(send, row)
""",
    good="""\
from concurrent.futures import ThreadPoolExecutor


def send_all(rows, send):
    with ThreadPoolExecutor() as pool:
        return list(pool.map(send, rows))
""",
    instead="Keep the futures and ask each for its result, or use `map`.",
    judge=judge,
    kind="task",
    see=("OV601",),
)
