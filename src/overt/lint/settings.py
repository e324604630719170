"""The settings that the linter reads, without the room that validates them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


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


class PlainAllow(NamedTuple):
    """An exception, read without validation because it was validated before."""

    reason: str
    owner: str
    until: str
    path: str = ""
    module: str = ""
    rules: tuple[str, ...] = ()


class PlainSettings(NamedTuple):
    """Settings that cost nothing to make; the defaults are those of `overt.toml`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    target_version: str = ""
    ratchet: str = "validation/hidden-state.ratchet"
    allow: tuple[PlainAllow, ...] = ()
