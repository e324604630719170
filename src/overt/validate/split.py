"""What each shard of a run is to do: worked out from the same data on every machine, before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from overt.campaign.records import Campaign
from overt.evidence.canonical import encode, sha256
from overt.evidence.durations import FILE, Durations, SuiteTimes, durations_of, read_durations
from overt.evidence.ledger import open_ledger
from overt.validate.context import Choice
from overt.validate.plan import parse_shard
from overt.validate.recorder.overt_split import deal, weight_of

_WAY = 1
"""Version of the way in which work is dealt out: parts made in different ways make no whole."""

_SPLIT = "pytest"
"""Kind of the suites whose tests are dealt out; every other one runs whole, in one shard."""


@dataclass(frozen=True, slots=True)
class Known:
    """How long things take, and who says so.

    Args:
        durations: The durations.
        source: The file they are from, or the ledger; empty when nothing is known.
    """

    durations: Durations = field(default_factory=Durations)
    source: str = ""


def known_durations(root: Path, names: Sequence[str], given: str = "") -> Known:
    """Return how long suites take: as the file says that was asked for, as the project's own does, as the ledger does.

    Args:
        root: Folder of the project.
        names: Names of the suites.
        given: File that was asked for; empty for none.

    Raises:
        OvertError: The file cannot be read.
    """
    own = root / FILE
    if given:
        return Known(read_durations(Path(given)), given)
    if own.exists():
        return Known(read_durations(own, FILE), FILE)
    durations = durations_of(open_ledger(root).runs, names)
    return Known(durations, "the ledger") if durations.suites else Known()


@dataclass(frozen=True, slots=True)
class Split:
    """How the work of a run is dealt out.

    Args:
        names: The suites, in order.
        shards: How many parts there are.
        homes: Suites that run whole: name -> number of the shard, from 1.
        before: Suites whose tests are dealt out: name -> what each shard has to do besides, microseconds.
        loads: What each shard is expected to take, microseconds; for suites that were never measured nothing.
        unknown: Names of these.
        known: The durations.
    """

    names: tuple[str, ...]
    shards: int
    homes: Mapping[str, int]
    before: Mapping[str, tuple[int, ...]]
    loads: tuple[int, ...]
    unknown: tuple[str, ...]
    known: Known

    def here(self, choice: Choice) -> tuple[str, ...]:
        """Return the names of the suites that have something to do in the part that was asked for, in order.

        Args:
            choice: What was asked for.
        """
        number, _ = parse_shard(choice.shard)
        return tuple(name for name in self.names if self.runs(name, number))

    def runs(self, name: str, number: int) -> bool:
        """Tell whether a suite has something to do in a shard; of its tests, it may turn out that none falls to it.

        Args:
            name: Name of the suite.
            number: The shard, from 1.
        """
        return self.homes.get(name, number) == number

    def weights(self, name: str) -> dict[str, Any]:
        """Return what the recorder is told to deal the tests of a suite out by.

        Args:
            name: Name of the suite.
        """
        times = self.known.durations.suites.get(name)
        return {"loads": list(self.before.get(name, ())), "known": msgspec.to_builtins(times) if times else {}}

    def digest(self) -> str:
        """Return the digest of all that the parts depend on."""
        told = {name: self.weights(name) for name in self.before}
        return sha256(encode({"way": _WAY, "shards": self.shards, "homes": dict(self.homes), "weights": told}))


def split_for(campaign: Campaign, root: Path, names: Sequence[str], choice: Choice) -> Split | None:
    """Return how the work of a run is dealt out; None when it is not split.

    Args:
        campaign: The project's campaign, its suites in their states among them.
        root: Folder of the project.
        names: The suites that are going to run.
        choice: What the user asked for.

    Raises:
        OvertError: The file of durations that was asked for cannot be read.
    """
    if not choice.shard:
        return None
    _, shards = parse_shard(choice.shard)
    return make_split(campaign, names, shards, known_durations(root, names, choice.durations))


def make_split(campaign: Campaign, names: Sequence[str], shards: int, known: Known) -> Split:
    """Return how the work of a run is dealt out: whole suites first, the longest first, then tests where there is room.

    Args:
        campaign: The project's campaign.
        names: The suites that are going to run.
        shards: How many parts there are.
        known: How long they take.
    """
    times = known.durations.suites
    whole = [name for name in names if campaign.suites[name].kind != _SPLIT]
    loads, homes = _place_whole(whole, times, shards)
    before: dict[str, tuple[int, ...]] = {}
    for name in (name for name in names if name not in homes):
        before[name] = tuple(loads)
        if name in times:
            loads = _after(times[name], shards, loads)
    unknown = tuple(name for name in names if name not in times)
    return Split(tuple(names), shards, homes, before, tuple(loads), unknown, known)


def _place_whole(
    names: Sequence[str], times: Mapping[str, SuiteTimes], shards: int
) -> tuple[list[int], dict[str, int]]:
    """Return what each shard has to do for the suites that run whole, and where each of them runs."""
    measured = [times[name].wall_us for name in names if name in times]
    # One that was never measured takes its place as if it were like the others, and adds nothing to what is expected.
    usual = sum(measured) // len(measured) if measured else 1
    placed, loads, homes = [0] * shards, [0] * shards, {}
    weighed = {name: times[name].wall_us if name in times else usual for name in names}
    for name in sorted(names, key=lambda name: (-weighed[name], names.index(name))):
        number = placed.index(min(placed))
        placed[number] += weighed[name]
        loads[number] += times[name].wall_us if name in times else 0
        homes[name] = number + 1
    return loads, {name: homes[name] for name in names}


def _after(times: SuiteTimes, shards: int, loads: Sequence[int]) -> list[int]:
    """Return what each shard has to do once the tests of a suite are dealt out, too."""
    known = msgspec.to_builtins(times)
    parts = deal(times.names(), shards, known, loads)
    return [load + sum(weight_of(name, known) for name in part) for load, part in zip(loads, parts, strict=True)]
