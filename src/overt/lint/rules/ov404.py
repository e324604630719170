"""OV404: the global random generator is seeded."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import PROCESS, doing, spelled, weigh_process


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """An entry point owns its process: there, and where it is put back in a `finally`, it is a note."""
    return Judgement(f"{doing(fact, 'calls')} `{spelled(fact.symbol)}`", weigh_process(fact))


RULE = Rule(
    code="OV404",
    title="The global random generator is seeded",
    why=(
        "There is one global generator for the whole process: seeding it makes the numbers of all other code "
        "predictable. Any other user of it destroys the repeatability that the seed was for."
    ),
    bad="""\
import random


def shuffled(rows):
    random.seed(1)
    random.shuffle(rows)
    return rows
""",
    good="""\
import random


def shuffled(rows):
    generator = random.Random(1)
    return generator.sample(rows, len(rows))
""",
    instead=("Make a generator of your own (`random.Random(seed)`, `numpy.random.default_rng(seed)`) and pass it."),
    judge=judge,
    matters=PROCESS,
    kind="process",
)
