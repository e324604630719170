"""What is going to run, fixed before anything does."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from overt.campaign import Loaded
from overt.campaign.documents import DOCUMENTS
from overt.campaign.flag_states import state_name, state_of, state_suites, states_of
from overt.campaign.records import Campaign, Suite
from overt.evidence.inputs import default_inputs, measure_inputs, settings_digest
from overt.evidence.manifest import Plan, PlannedSuite
from overt.model import OvertError
from overt.system.text import did_you_mean

_DAY_NS = 86_400 * 1_000_000_000
WHOLE = "1/1"
"""Shard of a run that is not split."""


MATRIX = "matrix"
"""Asks for the suites as they are, and for those that depend on flags in each of their states as well."""


def select_suites(campaign: Campaign, wanted: Sequence[str], *, flags: str = "") -> tuple[str, ...]:
    """Return the names of the suites to run, in the order of the campaign.

    Args:
        campaign: The project's campaign.
        wanted: Names that were asked for, also of suites in a state of flags; every suite when empty.
        flags: State to run the suites in that depend on flags; `matrix` for all states, empty for none.

    Raises:
        OvertError: There is no suite of such a name, no suite at all, or none that depends on flags.
    """
    states = state_suites(campaign)
    known = (*campaign.suites, *states)
    if not known:
        hint = "add a [suites.NAME] table to overt.toml, or let `overt init` detect what there is to run"
        raise OvertError("there is no suite to run", hint=hint)
    for name in wanted:
        if name not in known:
            raise OvertError(f"there is no suite {name!r}", hint=did_you_mean(name, known))
    chosen = [name for name in campaign.suites if not wanted or name in wanted]
    if flags:
        return _in_states(campaign, chosen, [name for name in states if name in wanted], flags)
    return _ordered(campaign, {*chosen, *(name for name in states if name in wanted)})


def _ordered(campaign: Campaign, names: Collection[str]) -> tuple[str, ...]:
    """Return names in the order of the campaign, each suite before its states."""
    every = (
        each
        for name, suite in campaign.suites.items()
        for each in (name, *(state_name(name, state) for state in states_of(suite)))
    )
    return tuple(name for name in every if name in names)


def _in_states(campaign: Campaign, chosen: Sequence[str], named: Sequence[str], flags: str) -> tuple[str, ...]:
    """Return suites in a state, or in all; those that depend on no flag stay as they are."""
    names = set(named)
    for name in chosen:
        suite = campaign.suites[name]
        names |= {state_name(name, state) for state in states_of(suite) if flags in {state, MATRIX}}
        names |= {name} if flags == MATRIX or not suite.flags else set()
    if not any(map(state_of, names)):
        hint = 'give a suite of overt.toml `flags = ["on", "off", "mixed"]`, and let its tests ask them'
        raise OvertError(f"no suite that was chosen is declared for flags {flags!r}", hint=hint)
    return _ordered(campaign, names)


def parse_shard(text: str) -> tuple[int, int]:
    """Return the number of a shard and how many there are.

    Raises:
        OvertError: It is not of the form `2/3`, or there is no such shard.

    Example:
        >>> parse_shard("2/3")
        (2, 3)
    """
    found = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text)
    if found is None or int(found[1]) > int(found[2]):
        raise OvertError(f"{text!r} is not a shard", hint="for example 2/3: the second of three, counted from 1")
    return int(found[1]), int(found[2])


def plan_suite(campaign: Campaign, name: str, root: Path, files: Sequence[str]) -> PlannedSuite:
    """Return a suite as it is going to run, with the digest of what it is measured on.

    Args:
        campaign: The project's campaign, its suites in their states among them.
        name: Name of the suite.
        root: Folder of the project.
        files: The project's files, relative to the root, POSIX.
    """
    suite: Suite = campaign.suites[name]
    patterns = suite.inputs or _default_inputs(campaign, suite)
    return PlannedSuite(
        name=name,
        suite_kind=suite.kind,
        inputs=measure_inputs(root, files, patterns),
        required=suite.required,
        timeout_ns=round(suite.timeout * 1_000_000_000),
        at_least=suite.at_least,
        at_most=suite.at_most,
        settings_sha256=settings_digest(suite, campaign.hidden_state),
        max_age_ns=suite.max_age_days * _DAY_NS,
        flags=state_of(name),
    )


def _default_inputs(campaign: Campaign, suite: Suite) -> tuple[str, ...]:
    """Return what a suite is measured on when it does not say: the linter reads less than tests depend on."""
    looked_at = suite.paths or campaign.project.packages
    if suite.kind == "hidden-state" and looked_at:
        return (*looked_at, campaign.hidden_state.ratchet)
    if suite.kind == "samples":
        return (*default_inputs(campaign), *(suite.paths or campaign.audit.documents or DOCUMENTS))
    return default_inputs(campaign)


def make_plan(
    loaded: Loaded, root: Path, files: Sequence[str], selected: Sequence[str], *, shard: str = "", split: str = ""
) -> Plan:
    """Return what is going to run.

    Args:
        loaded: The project's campaign, its suites in their states among them.
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        selected: Names of the suites to run, as `select_suites` gives them.
        shard: The part to run, as `2/3`; empty for all of it. The shards of one run share their plan's digest.
        split: Digest of what the shards were dealt out by; empty when the run is not split.
    """
    suites = tuple(plan_suite(loaded.campaign, name, root, files) for name in selected)
    return Plan(suites=suites, shard=shard or WHOLE, split_sha256=split)
