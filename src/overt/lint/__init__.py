"""The hidden-state linter.

What is exported here is imported on first use, so that `overt explain` does not load the engine.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.engine import check
    from overt.lint.records import Rule
    from overt.lint.report import Report, Seen, Unreadable
    from overt.lint.rules import all_rules, rule_for

__all__ = ["Report", "Rule", "Seen", "Unreadable", "all_rules", "check", "rule_for"]


def __getattr__(name: str) -> object:
    """Import what is asked for."""
    homes = {"check": "engine", "Rule": "records", "all_rules": "rules", "rule_for": "rules"}
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"overt.lint.{homes.get(name, 'report')}"), name)
