"""The flags and stages of `overt.toml` over the project's store."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from overt.audit.migration import ClaimJudge
from overt.campaign import Campaign, Loaded, load
from overt.campaign.migration import STORE, declared_flags, declared_stages
from overt.flags import FeatureFlags, FlagsError, MigrationControl, SqliteStore, UnknownFlag
from overt.flags.migration import TOPIC
from overt.flags.reported import ReportedHealth
from overt.model import Exit, OvertError


class Opened(NamedTuple):
    """The flags of a project, open.

    Args:
        flags: The flags.
        control: The migration; without stages when none is declared.
        loaded: What declares them.
        judge: Judges the claims that stages require.
        root: The project's folder.
    """

    flags: FeatureFlags
    control: MigrationControl
    loaded: Loaded
    judge: ClaimJudge
    root: Path

    @property
    def campaign(self) -> Campaign:
        """What declares the flags."""
        return self.loaded.campaign


@contextmanager
def opened(root: Path, *, broken: bool = False) -> Iterator[Opened]:
    """Open the flags of a project for a block; what goes wrong with them is told as every other error.

    Args:
        root: The project's folder.
        broken: Open them also when the store cannot be read.

    Raises:
        OvertError: No flag is declared, a stage names one that is not, the store cannot be used, or what was asked
            for makes no sense.
    """
    loaded = load(root)
    campaign = loaded.campaign
    if not campaign.flags:
        raise OvertError(
            "no feature flag is declared", where=loaded.where(), hint="declare one as [flags.NAME] in overt.toml"
        )
    try:
        with FeatureFlags(SqliteStore(root / STORE), declared_flags(campaign)) as flags:
            problem = flags.problem
            if problem is not None and not broken:
                raise problem
            judge, max_age = ClaimJudge(root, loaded), campaign.migration.health_seconds
            # What is asked of a running program is asked of what it has told the store.
            health = ReportedHealth(flags, max_age=max_age, moves=lambda: len(flags.notes(TOPIC)))
            with MigrationControl(flags, declared_stages(campaign), health=health, judge=judge) as control:
                yield Opened(flags, control, loaded, judge, root)
    except UnknownFlag as error:
        raise OvertError(str(error)) from error
    except FlagsError as error:
        raise OvertError(str(error), exit=Exit.UNCHECKED) from error
    except ValueError as error:
        raise OvertError(str(error)) from error


def who(given: str) -> str:
    """Return who makes a change: what was given, else the name of the user."""
    if given:
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a user database
        return "unknown"
