"""The records every room speaks in: frozen data, no behaviour beyond itself."""

from overt.model.claim import Claim
from overt.model.errors import OvertError, Problem, Problems
from overt.model.exits import Exit
from overt.model.finding import Finding, Related, Severity
from overt.model.location import Location
from overt.model.verdict import State, Verdict, exit_for, worst

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
