"""What is known of a project on the day of its adoption, and what that means for its campaign."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from overt.campaign.defaults import RUFF
from overt.campaign.records import Campaign, ClaimTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was measured, and what could not be.

    Args:
        version: Version of overt.
        ruff: How many findings ruff has today; None when it is not configured or could not run.
        hidden_state: How many hidden-state findings there are today; None when they could not be counted.
        ratchet: The ratchet that holds them; empty when there are none.
        notes: What could not be measured and why, one sentence each.
    """

    version: str
    ruff: int | None = None
    hidden_state: int | None = None
    ratchet: str = ""
    notes: tuple[str, ...] = ()


def apply_known(campaign: Campaign, known: Known) -> Campaign:
    """Return a campaign that states no more than holds today.

    Without ruff there is no suite for it. With findings of ruff, the suite is shown but not required, and the claim
    is that they do not become more.

    Args:
        campaign: As detected.
        known: What was measured today.
    """
    suites, claims = dict(campaign.suites), dict(campaign.claims)
    if RUFF not in suites or known.ruff == 0:
        return campaign
    if known.ruff is None:
        del suites[RUFF], claims["ruff-clean"]
    else:
        suites[RUFF] = msgspec.structs.replace(suites[RUFF], required=False)
        del claims["ruff-clean"]
        claims["ruff-no-worse"] = ClaimTable(
            expect=f"suites.{RUFF}.findings <= {known.ruff}",
            text=f"Ruff finds no more than the {known.ruff:,} places of the day of adoption",
        )
    return msgspec.structs.replace(campaign, suites=suites, claims=claims)
