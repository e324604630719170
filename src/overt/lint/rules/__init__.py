"""One rule is one file; its name is its code in small letters."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.records import Rule

CODES = (
    "OV101 OV102 OV103 OV104 OV105 OV201 OV202 OV203 OV204 OV205 OV206 OV301 OV302 OV304 "
    "OV401 OV402 OV403 OV404 OV405 OV406 OV407 OV408 OV409 OV410 OV501 OV502 "
    "OV601 OV602 OV603 OV604 OV701 OV801 OV900 OV901 OV902 OVE101 OVE601 OVE602"
)
"""The codes of the rules, in order; a test holds this list against the files."""


OFF = frozenset({"OVE602"})
"""Rules that apply only when they are selected by their whole code; a test holds this against their files."""


def rule_for(code: str) -> Rule:
    """Return one rule; only its file is imported.

    Args:
        code: Its code.

    Example:
        >>> rule_for("OV202").title
        'A container of the module is changed from a function'
    """
    rule: Rule = import_module(f"overt.lint.rules.{code.lower()}").RULE
    return rule


def all_codes() -> tuple[str, ...]:
    """Return the codes of all rules, in order."""
    return tuple(CODES.split())


def all_rules() -> tuple[Rule, ...]:
    """Return all rules, in the order of their codes."""
    return tuple(rule_for(code) for code in all_codes())
