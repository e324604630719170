"""What is known of a project on the day of its adoption, and what that means for its campaign."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from overt.campaign.defaults import RUFF, default_claims
from overt.campaign.records import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was measured, and what could not be.

    Args:
        version: Version of overt.
        requirement: What a CI service gives to pip to install it; the version from a package index when empty.
        ruff: How many findings ruff has today; None when it is not configured or could not run.
        hidden_state: How many hidden-state findings there are today, notes left out; None when they are not known.
        hidden_new: How many of them the project's ratchet does not hold.
        hidden_notes: How many notes there are besides; a note fails nothing.
        ratchet: The ratchet that holds them; empty when there are none.
        notes: What could not be measured and why, one sentence each.
    """

    version: str
    requirement: str = ""
    ruff: int | None = None
    hidden_state: int | None = None
    hidden_new: int = 0
    hidden_notes: int = 0
    ratchet: str = ""
    notes: tuple[str, ...] = ()


def apply_known(campaign: Campaign, known: Known) -> Campaign:
    """Return a campaign that states no more than holds today: ruff may find no more than it finds now.

    Args:
        campaign: As detected.
        known: What was measured today.
    """
    if RUFF not in campaign.suites or known.ruff == 0:
        return campaign
    suites = dict(campaign.suites)
    if known.ruff is None:
        del suites[RUFF]
    else:
        suites[RUFF] = msgspec.structs.replace(suites[RUFF], at_most=known.ruff)
    return msgspec.structs.replace(campaign, suites=suites, claims=default_claims(suites))
