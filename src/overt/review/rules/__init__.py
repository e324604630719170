"""One rule is one file; the checklist has them in this order."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from overt.model import OvertError
from overt.system.text import did_you_mean

if TYPE_CHECKING:
    from overt.review.records import ReviewRule

IDS: Final = (
    "source-has-tests",
    "tests-see-the-change",
    "no-new-hidden-state",
    "suppression-has-reason",
    "types-hold",
    "api-is-told",
    "docs-hold",
    "samples-run",
    "dependency-has-reason",
    "lock-follows-dependencies",
    "workflow-is-safe",
    "exercise-is-checked",
    "runbook-is-rehearsed",
    "flags-have-owners",
    "hot-path-is-measured",
    "no-secrets",
    "evidence-is-fresh",
    "small-enough",
    "state-has-owner",
    "concurrency-is-tested",
    "errors-are-handled",
    "interface-is-meant",
    "tests-may-go",
    "data-can-go-back",
)
"""The ids of the rules; a test holds this list against the files."""


def rule_for(identity: str) -> ReviewRule:
    """Return one rule.

    Args:
        identity: Its id.

    Raises:
        OvertError: There is none.
    """
    if identity not in IDS:
        raise OvertError(f"there is no review rule {identity!r}", hint=did_you_mean(identity, IDS))
    rule: ReviewRule = import_module(f"overt.review.rules.{identity.replace('-', '_')}").RULE
    return rule


def all_rules() -> tuple[ReviewRule, ...]:
    """Return all rules, in order."""
    return tuple(rule_for(identity) for identity in IDS)
