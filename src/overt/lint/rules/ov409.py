"""OV409: logging is configured outside an entry point."""

from __future__ import annotations

from overt.lint.frames import ENTRY
from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import doing, spelled


def judge(fact: Fact, _settings: Settings) -> Judgement | None:
    """In an entry point it is where it belongs."""
    if fact.every(ENTRY) or "entry" in fact.traits:
        return None
    return Judgement(f"{doing(fact, 'configures')} logging for the whole process (`{spelled(fact.symbol)}`)")


RULE = Rule(
    code="OV409",
    title="Logging is configured outside an entry point",
    why=(
        "Logging has one configuration for the process, and it belongs to the program: a library that configures "
        "it overrides what the user chose."
    ),
    bad="""\
import logging


def connect(host):
    logging.basicConfig(level=logging.DEBUG)
    logging.info("connecting to %s", host)
""",
    good="""\
import logging

log = logging.getLogger(__name__)


def connect(host):
    log.info("connecting to %s", host)
""",
    instead="Log to `logging.getLogger(__name__)` and leave the configuration to the entry point.",
    judge=judge,
    matters="A finding is a warning; in an entry point it is none.",
    kind="process",
)
