"""Suites in the states of feature flags: `stress@on` is the suite `stress` with every flag on.

Such a suite is run, recorded, judged and compared like any other. It is no suite of the campaign: what is added up over
all suites counts each test once.
"""

from __future__ import annotations

import msgspec

from overt.campaign.records import Campaign, Suite
from overt.flags.states import STATES, state_variables

MARK = "@"
"""Stands between suite and state; no name of a suite has it."""


def state_name(suite: str, state: str) -> str:
    """Return the name of a suite in a state.

    Example:
        >>> state_name("stress", "on")
        'stress@on'
    """
    return f"{suite}{MARK}{state}"


def state_of(name: str) -> str:
    """Return the state that a suite is run in; empty when its tests choose.

    Example:
        >>> state_of("stress@on"), state_of("stress")
        ('on', '')
    """
    return name.partition(MARK)[2]


def base_of(name: str) -> str:
    """Return the name of the suite whatever the state."""
    return name.partition(MARK)[0]


def states_of(suite: Suite) -> tuple[str, ...]:
    """Return the states that a suite is to be run in, in the order in which they are run."""
    return tuple(state for state in STATES if state in suite.flags)


def state_suites(campaign: Campaign) -> dict[str, Suite]:
    """Return each suite of a campaign in each of its states, by name.

    Args:
        campaign: The project's campaign.
    """
    return {
        state_name(name, state): _in_state(name, suite, state, campaign)
        for name, suite in campaign.suites.items()
        for state in states_of(suite)
    }


def _in_state(name: str, suite: Suite, state: str, campaign: Campaign) -> Suite:
    title = f"{suite.title or name}, flags {state}"
    return msgspec.structs.replace(suite, title=title, env={**suite.env, **state_variables(state, campaign.flags)})


def with_states(campaign: Campaign) -> Campaign:
    """Return a campaign in which the suites in their states are suites too, each after the suite itself.

    Args:
        campaign: The project's campaign.
    """
    made = state_suites(campaign)
    suites: dict[str, Suite] = {}
    for name, suite in campaign.suites.items():
        suites[name] = suite
        suites.update({key: made[key] for key in (state_name(name, state) for state in states_of(suite))})
    return msgspec.structs.replace(campaign, suites=suites)
