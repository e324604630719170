"""The settings that the linter reads, without the room that validates them."""

from __future__ import annotations

from overt.lint.results import Banned
from overt.model.tuples import NamedTuple


class PlainAllow(NamedTuple):
    """An exception, read without validation because it was validated before."""

    reason: str
    owner: str
    until: str
    path: str = ""
    module: str = ""
    rules: tuple[str, ...] = ()


class PlainPaths(NamedTuple):
    """Settings for some files."""

    files: tuple[str, ...]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class PlainSettings(NamedTuple):
    """Settings that cost nothing to make; the defaults are those of `overt.toml`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    target_version: str = ""
    ratchet: str = "validation/hidden-state.ratchet"
    allow: tuple[PlainAllow, ...] = ()
    banned: tuple[Banned, ...] = ()
    paths: tuple[PlainPaths, ...] = ()
    rule_url: str = ""
