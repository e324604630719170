"""What `overt validate --controls` asks for, also of a project that declares no suite of that kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from overt.campaign import Loaded
from overt.campaign.records import Suite
from overt.evidence.controls import KIND
from overt.model import OvertError
from overt.system.text import did_you_mean


def with_controls(loaded: Loaded, wanted: Sequence[str]) -> tuple[Loaded, tuple[str, ...]]:
    """Return a campaign that has the suite which tries some gates, and the names of the suites to run.

    Args:
        loaded: The project's campaign.
        wanted: Suites whose gates are to be tried; all when empty.

    Raises:
        OvertError: There is no suite of such a name, or none at all.
    """
    suites = loaded.campaign.suites
    for name in wanted:
        if name not in suites:
            raise OvertError(f"there is no suite {name!r}", hint=did_you_mean(name, suites))
    if not suites:
        hint = "add a [suites.NAME] table to overt.toml, or let `overt init` detect what there is to run"
        raise OvertError("there is no suite whose gate could be tried", hint=hint)
    declared = next((name for name, suite in suites.items() if suite.kind == KIND and not suite.gates), "")
    if declared and not wanted:
        return loaded, (declared,)
    name = "-".join([KIND, *(wanted or ["all"])]) if wanted or KIND in suites else KIND
    while name in suites and suites[name].kind != KIND:
        name = f"{name}-"
    made = Suite(kind=KIND, title="Controls", gates=tuple(wanted))
    campaign = msgspec.structs.replace(loaded.campaign, suites={**suites, name: made})
    return replace(loaded, campaign=campaign), (name,)
