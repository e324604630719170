"""What a prover may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from overt.review.changes import Changes
from overt.system.git import git, git_state

if TYPE_CHECKING:
    from overt.campaign.records import Campaign
    from overt.evidence.reader import Run
    from overt.review.interface import ApiChange

MayRun = Literal["nothing", "named", "all"]
"""What may be run: nothing, commands that the campaign names, or tests in a copy of the project, too."""


@dataclass(frozen=True)
class Context:
    """What a prover may look at.

    Args:
        root: The project.
        changes: The difference under review.
        may_run: What may be run.
        environment: The caller's, for what is run.
    """

    root: Path
    changes: Changes
    may_run: MayRun = "nothing"
    environment: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def campaign(self) -> Campaign:
        """What the project says of itself, as it lies in the folder."""
        from overt.campaign import load

        return load(self.root).campaign

    @cached_property
    def former(self) -> Campaign | None:
        """What the project said of itself where the change set out from; None when it said nothing that can be read."""
        from overt.campaign.loading import FILE, parse_campaign
        from overt.model import OvertError

        told = self.changes.base_text(FILE)
        try:
            return parse_campaign(told.decode())[0] if told is not None else None
        except (OvertError, UnicodeDecodeError):
            return None

    @cached_property
    def packages(self) -> tuple[str, ...]:
        """What ships, on either side: a change frees no file by taking it out of the list; empty when unknown."""
        here = self.campaign.project.packages
        there = self.former.project.packages if self.former else ()
        return tuple(dict.fromkeys((*here, *there))) if here else ()

    @cached_property
    def interface(self) -> tuple[ApiChange, ...]:
        """What changed in the public interface of the packages.

        Raises:
            OvertError: A file is no Python.
            ModuleNotFoundError: griffe is not installed.
        """
        from overt.review.interface import api_changes

        return api_changes(self.changes, self.campaign.project.packages)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The runs in the ledger that were made on exactly what is reviewed, newest first."""
        from overt.evidence.ledger import open_ledger

        if self.changes.span.dirty:
            return ()
        found = git(self.root, "rev-parse", "--verify", "--quiet", f"{self.changes.span.head}^{{tree}}")
        tree = (found or b"").decode().strip()
        subjects = ((run, run.manifest.subject) for run in open_ledger(self.root).runs)
        return tuple(run for run, subject in subjects if tree and subject.tree == tree and not subject.dirty)

    @cached_property
    def checked_out(self) -> bool:
        """Whether what is reviewed lies in the folder."""
        if self.changes.span.dirty:
            return True
        state = git_state(self.root)
        return state.commit == self.changes.span.head and not state.dirty
