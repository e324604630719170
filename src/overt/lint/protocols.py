"""What the check reads of its settings; only type checkers import this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class AllowEntry(Protocol):
    """An exception in `overt.toml`; `campaign.Allow` is one."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def owner(self) -> str:
        """Who answers for it."""

    @property
    def until(self) -> str:
        """Last day it holds, YYYY-MM-DD."""

    @property
    def path(self) -> str:
        """File, or folder ending in `/`; exact."""

    @property
    def module(self) -> str:
        """Dotted module; exact."""

    @property
    def rules(self) -> Sequence[str]:
        """Rule codes; all when empty."""


class BannedEntry(Protocol):
    """Something that the project forbids itself; `campaign.Banned` is one."""

    @property
    def pattern(self) -> str:
        """Dotted name."""

    @property
    def message(self) -> str:
        """Why."""

    @property
    def instead(self) -> str:
        """What to use instead."""

    @property
    def language(self) -> str:
        """Python or Elixir."""

    @property
    def severity(self) -> str:
        """How much it matters."""

    @property
    def allow(self) -> Sequence[str]:
        """Files and folders where it may be used."""


class PathEntry(Protocol):
    """Settings for some files; `campaign.PathSettings` is one."""

    @property
    def files(self) -> Sequence[str]:
        """Globs."""

    @property
    def select(self) -> Sequence[str]:
        """Codes or beginnings of codes to apply there; those of the project when empty."""

    @property
    def ignore(self) -> Sequence[str]:
        """Codes or beginnings of codes to leave out there."""


class LintSettings(Protocol):
    """What the check reads; `campaign.HiddenState` is one."""

    @property
    def select(self) -> Sequence[str]:
        """Codes or beginnings of codes to apply; all when empty."""

    @property
    def ignore(self) -> Sequence[str]:
        """Codes or beginnings of codes to leave out."""

    @property
    def exclude(self) -> Sequence[str]:
        """Globs of files to leave out."""

    @property
    def target_version(self) -> str:
        """Oldest Python the project runs on; empty when not known."""

    @property
    def ratchet(self) -> str:
        """File that holds today's findings."""

    @property
    def allow(self) -> Sequence[AllowEntry]:
        """Exceptions."""

    @property
    def banned(self) -> Sequence[BannedEntry]:
        """What the project forbids itself."""

    @property
    def paths(self) -> Sequence[PathEntry]:
        """Settings for some files."""

    @property
    def rule_url(self) -> str:
        """Address of the page of a rule, `{rule}` for its code; empty when there is none."""
