"""The flags and stages of a campaign, as the flags room takes them."""

from __future__ import annotations

from overt.campaign.records import Campaign
from overt.flags.records import Flag
from overt.flags.stages import Stage

STORE = ".overt/flags.sqlite"
"""Where the values of a project's flags are, relative to its folder."""


def declared_flags(campaign: Campaign) -> list[Flag]:
    """Return the flags that a campaign declares, in its order.

    Raises:
        ValueError: A date is none.
    """
    return [
        Flag(
            name,
            owner=table.owner,
            purpose=table.purpose,
            default=table.default,
            created=table.created,
            until=table.until,
        )
        for name, table in campaign.flags.items()
    ]


def declared_stages(campaign: Campaign) -> list[Stage]:
    """Return the stages that a campaign declares, in its order.

    Raises:
        ValueError: A stage turns no flag on.
    """
    return [
        Stage(
            table.number,
            table.name,
            table.flags,
            risk=table.risk,
            description=table.description,
            requires=table.requires,
        )
        for table in campaign.stages
    ]
