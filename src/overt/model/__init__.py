"""The records every room speaks in: frozen data, no behaviour beyond itself.

What is exported here is imported on first use: making data classes takes longer than starting Python does.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.model.claim import Claim
    from overt.model.errors import OvertError, Problem, Problems
    from overt.model.exits import Exit
    from overt.model.finding import Finding, Related, Severity
    from overt.model.location import Location
    from overt.model.verdict import State, Verdict, exit_for, worst

_HOMES = {
    "claim": ("Claim",),
    "errors": ("OvertError", "Problem", "Problems"),
    "exits": ("Exit",),
    "finding": ("Finding", "Related", "Severity"),
    "location": ("Location",),
    "verdict": ("State", "Verdict", "exit_for", "worst"),
}

__all__ = [
    "Claim",
    "Exit",
    "Finding",
    "Location",
    "OvertError",
    "Problem",
    "Problems",
    "Related",
    "Severity",
    "State",
    "Verdict",
    "exit_for",
    "worst",
]


def __getattr__(name: str) -> object:
    """Import what is asked for."""
    from importlib import import_module

    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"overt.model.{home}"), name)
