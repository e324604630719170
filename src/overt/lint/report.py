"""What a check came to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from overt.model.exits import Exit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.model.finding import Finding

NEW, RATCHETED, ALLOWED = "new", "ratcheted", "allowed"


class Seen(NamedTuple):
    """A finding and what the project has said about it.

    Args:
        finding: What was found.
        standing: `new`, `ratcheted` or `allowed`.
        reason: Why it is allowed; of a finding that grew past the ratchet, by how much.
        places: How many places it stands for.
    """

    finding: Finding
    standing: str = NEW
    reason: str = ""
    places: int = 1

    @property
    def fails(self) -> bool:
        """Whether it fails the run: it is new and more than a note."""
        return self.standing == NEW and self.finding.severity.value != "note"


class Unreadable(NamedTuple):
    """A file that could not be checked.

    Args:
        path: Its path, relative to the root, POSIX.
        message: Why.
        line: Where; 0 when not known.
    """

    path: str
    message: str
    line: int = 0


class Report(NamedTuple):
    """The whole of a check.

    Args:
        findings: Every finding with its standing, by path and line.
        files: How many files were read and understood.
        lines: How many lines they have.
        unreadable: Files that could not be checked.
        rules: Codes of the rules that were applied.
        cached: How many of the files were answered from the cache.
        whole: Whether the whole project was looked at, not only some files of it.
        rule_url: Address of the page of a rule, `{rule}` for its code; empty when there is none.
        left_out: How many of the files the settings exclude.
    """

    findings: tuple[Seen, ...] = ()
    files: int = 0
    lines: int = 0
    unreadable: tuple[Unreadable, ...] = ()
    rules: tuple[str, ...] = ()
    cached: int = 0
    whole: bool = True
    rule_url: str = ""
    left_out: int = 0

    def standing(self, name: str) -> tuple[Seen, ...]:
        """Return the findings of one standing."""
        return tuple(seen for seen in self.findings if seen.standing == name)

    @property
    def exit(self) -> Exit:
        """The exit status: what could not be checked is never green."""
        if any(seen.fails for seen in self.findings):
            return Exit.REFUTED
        if self.unreadable or not (self.files or self.is_left_out):
            return Exit.UNCHECKED
        return Exit.PROVED

    @property
    def is_left_out(self) -> bool:
        """Whether every file that was named is excluded: a commit of such files must not fail a hook."""
        return not self.whole and not self.files and bool(self.left_out)


def in_order(findings: Iterable[Seen]) -> tuple[Seen, ...]:
    """Return findings by path, line, column and rule."""
    return tuple(sorted(findings, key=lambda seen: (seen.finding.location, seen.finding.rule, seen.finding.symbol)))
