"""One rule is one file; the checklist has them in this order."""

from __future__ import annotations

from collections.abc import Sequence
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


def find_rule(rules: Sequence[ReviewRule], identity: str) -> ReviewRule:
    """Return the rule of an id.

    Args:
        rules: The rules to look in.
        identity: Its id.

    Raises:
        OvertError: There is none.
    """
    for rule in rules:
        if rule.id == identity:
            return rule
    raise OvertError(f"there is no review rule {identity!r}", hint=did_you_mean(identity, [rule.id for rule in rules]))


def rule_for(identity: str) -> ReviewRule:
    """Return one rule of those that come with overt.

    Args:
        identity: Its id.

    Raises:
        OvertError: There is none.
    """
    return find_rule(all_rules(), identity)


def all_rules() -> tuple[ReviewRule, ...]:
    """Return all rules that come with overt, in order."""
    modules = (import_module(f"overt.review.rules.{identity.replace('-', '_')}") for identity in IDS)
    return tuple(module.RULE for module in modules)
