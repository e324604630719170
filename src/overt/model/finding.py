"""What a rule found."""

from __future__ import annotations

from dataclasses import dataclass

from overt.model.location import Location
from overt.model.severity import Severity as Severity


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding.

    Args:
        location: Where it stands.
        message: What happens there, a few words.
    """

    location: Location
    message: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule does not hold.

    Args:
        rule: Code of the rule, for example `OV202`; of another tool's rule, its own code.
        message: What was found, why it hurts, what to use instead.
        location: Where it stands.
        severity: How much it matters.
        scope: Dotted name of the enclosing module, class or function; empty when not known.
        symbol: Name of the state or thing found; empty when not known.
        tool: The tool that found it.
        related: Further places that belong to it.
        url: Page that explains the rule; empty when there is none.
    """

    rule: str
    message: str
    location: Location
    severity: Severity = Severity.WARNING
    scope: str = ""
    symbol: str = ""
    tool: str = "overt"
    related: tuple[Related, ...] = ()
    url: str = ""

    @property
    def key(self) -> str:
        """What stays the same when lines move: rule, path, scope and symbol."""
        return "|".join((self.rule, self.location.path, self.scope, self.symbol))
