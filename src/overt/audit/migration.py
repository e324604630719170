"""Where a migration stands, from its flags, its evidence and what running programs have told."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from overt.audit.claims import declared_claims, judge
from overt.campaign.loading import Loaded
from overt.evidence.fact_families import COMPARED
from overt.evidence.facts import Facts, gather
from overt.evidence.ledger import open_ledger
from overt.flags.feature_flags import FeatureFlags
from overt.flags.migration import MigrationControl
from overt.flags.reported import Reported, reported
from overt.flags.stages import Check, Stage, Status
from overt.model import Finding, State
from overt.system.files import project_files

_SECONDS_KNOWN = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationView:
    """Where a migration stands.

    Args:
        stages: Its stages, in order.
        status: Where it is; None when there is no store, or it cannot be read.
        problem: Why there is no status; empty when there is one.
        following: Number of the stage that is entered next; 0 when there is none.
        checks: What that stage waits for.
        reports: What running programs have told about their health, the newest first.
        retired: What is to be done about flags.
        comparisons: What was counted under the name of each comparison.
    """

    stages: tuple[Stage, ...]
    status: Status | None = None
    problem: str = ""
    following: int = 0
    checks: tuple[Check, ...] = ()
    reports: tuple[Reported, ...] = ()
    retired: tuple[Finding, ...] = ()
    comparisons: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether every check of the next stage holds."""
        return bool(self.checks) and all(check.ok for check in self.checks)


class ClaimJudge:
    """Judges the claims that stages require, on the evidence as it is now.

    Args:
        root: Folder of the project.
        loaded: Its campaign.
        clock: Returns nanoseconds since 1970 UTC.
        facts: What was measured; gathered when None, and gathered again when it is some seconds old.
    """

    def __init__(
        self, root: Path, loaded: Loaded, *, clock: Callable[[], int] = time.time_ns, facts: Facts | None = None
    ) -> None:
        self._root, self._loaded, self._clock, self._given = root, loaded, clock, facts
        self._known: tuple[float, Facts] | None = None

    def facts(self) -> Facts:
        """Return what was measured."""
        if self._given is not None:
            return self._given
        now = time.monotonic()
        if self._known is None or now - self._known[0] > _SECONDS_KNOWN:
            campaign, files = self._loaded.campaign, project_files(self._root)
            found = gather(self._root, campaign, open_ledger(self._root), files=files, now_ns=self._clock())
            self._known = (now, found)
        return self._known[1]

    def __call__(self, name: str) -> tuple[bool, str]:
        """Tell whether a claim is proved, and what was seen.

        Raises:
            OvertError: Its expression cannot be judged.
            KeyError: No such claim is declared.
        """
        verdict = judge(declared_claims(self._loaded)[name], self.facts())
        return verdict.state is State.PROVED, f"{verdict.state.value}: {verdict.reason}"


def compared(facts: Facts) -> dict[str, dict[str, int]]:
    """Return what was counted under the name of each comparison, as far as it was measured.

    Args:
        facts: What was measured.
    """
    found: dict[str, dict[str, int]] = {}
    for name in facts.names():
        head, _, figure = name.rpartition(".")
        value = facts.get(name).value
        if head.startswith("measures.compare.") and figure in COMPARED and isinstance(value, int):
            found.setdefault(head.removeprefix("measures.compare."), {})[figure] = value
    return found


def following_stage(stages: tuple[Stage, ...], status: Status) -> int:
    """Return the number of the stage to be entered next, or to be completed; 0 when all is done."""
    if 0 < status.percentage < 100:
        return status.stage
    return next((stage.number for stage in stages if stage.number > status.stage), 0)


def view_migration(
    flags: FeatureFlags, control: MigrationControl, *, retired: tuple[Finding, ...], facts: Facts | None
) -> MigrationView:
    """Return where a migration stands.

    Args:
        flags: Its flags.
        control: Its control.
        retired: What is to be done about flags.
        facts: What was measured; None leaves comparisons out.

    Raises:
        StoreError: The store cannot be read.
    """
    status = control.status()
    following = following_stage(control.stages, status)
    return MigrationView(
        stages=control.stages,
        status=status,
        following=following,
        checks=control.readiness(following).checks if following else (),
        reports=_reports(flags),
        retired=retired,
        comparisons=compared(facts) if facts is not None else {},
    )


def _reports(flags: FeatureFlags) -> tuple[Reported, ...]:
    with suppress(AttributeError):  # a store of somebody else's that keeps nothing
        return reported(flags)
    return ()
