"""Reads where a migration stands: from the store of its flags, when there is one beside the project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from overt.audit.migration import ClaimJudge, MigrationView, compared, view_migration
from overt.audit.retirement import retired_flags
from overt.campaign.loading import Loaded
from overt.campaign.migration import STORE, declared_flags, declared_stages
from overt.evidence.facts import Facts
from overt.flags.feature_flags import FeatureFlags
from overt.flags.migration import TOPIC, MigrationControl
from overt.flags.records import FlagsError
from overt.flags.reported import ReportedHealth
from overt.flags.sqlite import SqliteStore
from overt.lint.flag_readers import FlagReads, flag_reads
from overt.site.memo import Memo


def read_migration(
    root: Path, loaded: Loaded, facts: Facts, *, files: Sequence[str], now_ns: int, memo: Memo
) -> MigrationView | None:
    """Return where the migration of a project stands; None when it declares no flag.

    Args:
        root: Folder of the project.
        loaded: Its campaign.
        facts: What was measured.
        files: Its files, relative to the root, POSIX.
        now_ns: Now, nanoseconds since 1970 UTC.
        memo: Answers about the source.
    """
    campaign = loaded.campaign
    if not campaign.flags:
        return None
    declared = list(campaign.flags)
    reads = memo.of(FlagReads, lambda: flag_reads(root, files, declared), "flags", *declared)
    now = now_ns / 1e9
    today = datetime.fromtimestamp(now, UTC).date()
    stages = tuple(declared_stages(campaign))
    problem = f"there is no {STORE} here, so what the flags are set to is not known"
    if (root / STORE).is_file():
        try:
            with FeatureFlags(SqliteStore(root / STORE), declared_flags(campaign)) as flags:
                if flags.problem is not None:
                    raise flags.problem
                retired = retired_flags(loaded, reads, today, flags=flags)
                health = ReportedHealth(
                    flags,
                    max_age=campaign.migration.health_seconds,
                    moves=lambda: len(flags.notes(TOPIC)),
                    clock=lambda: now,
                )
                judge = ClaimJudge(root, loaded, facts=facts)
                with MigrationControl(flags, stages, health=health, judge=judge, clock=lambda: now) as control:
                    return view_migration(flags, control, retired=retired, facts=facts)
        except FlagsError as error:
            # The folder of this machine is nobody's business.
            problem = str(error).replace(f"{root}/", "")
    retired = retired_flags(loaded, reads, today)
    return MigrationView(stages=stages, problem=problem, retired=retired, comparisons=compared(facts))
