"""What a check came to."""

from __future__ import annotations

from collections.abc import Iterable

from overt.lint.results import Hit
from overt.model.exits import Exit
from overt.model.tuples import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.model.finding import Finding

NEW, RATCHETED, ALLOWED = "new", "ratcheted", "allowed"


class Found(NamedTuple):
    """A hit in its file: a finding that is only made when somebody asks for more than these few values.

    Args:
        hit: What the rules found.
        path: The file, relative to the root, POSIX.
        rule_url: Address of the page of a rule, `{rule}` for its code; empty when there is none.
        home: The file of the first further place, when it is another one.
    """

    hit: Hit
    path: str
    rule_url: str = ""
    home: str = ""


class Seen(NamedTuple):
    """A finding and what the project has said about it.

    Args:
        told: What was found; what was only found in one file is not made into a finding before it is asked for.
        standing: `new`, `ratcheted` or `allowed`.
        reason: Why it is allowed; of a finding that grew past the ratchet, by how much.
        places: How many places it stands for.
    """

    told: Finding | Found
    standing: str = NEW
    reason: str = ""
    places: int = 1

    @property
    def finding(self) -> Finding:
        """The finding; made anew each time of what was only found in one file."""
        if not isinstance(self.told, Found):
            return self.told
        from overt.lint.engine import as_finding

        return as_finding(*self.told)

    @property
    def rule(self) -> str:
        """Code of the rule."""
        return self.told.hit.code if isinstance(self.told, Found) else self.told.rule

    @property
    def severity(self) -> str:
        """How much it matters: `error`, `warning` or `note`."""
        return self.told.hit.severity if isinstance(self.told, Found) else self.told.severity.value

    @property
    def path(self) -> str:
        """The file it stands in."""
        return self.told.path if isinstance(self.told, Found) else self.told.location.path

    @property
    def key(self) -> str:
        """What stays the same when lines move, see `Finding.key`."""
        if not isinstance(self.told, Found):
            return self.told.key
        from overt.lint.engine import scope_of

        hit, path = self.told[:2]
        return "|".join((hit.code, path, scope_of(hit, path), hit.symbol))

    @property
    def spots(self) -> set[tuple[str, int]]:
        """The files and lines that it speaks of."""
        if isinstance(self.told, Found):
            hit, path, _, home = self.told
            near = [line for line, _, _ in hit.related]
            return {
                (path, hit.line),
                *((home or path, line) for line in near[:1]),
                *((path, line) for line in near[1:]),
            }
        places = (self.told.location, *(near.location for near in self.told.related))
        return {(place.path, place.line) for place in places}

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Where it stands in a report: by path, line, column, rule and symbol."""
        if isinstance(self.told, Found):
            hit = self.told.hit
            return self.told.path, hit.line, hit.column, hit.code, hit.symbol
        at = self.told.location
        return at.path, at.line, at.column, self.told.rule, self.told.symbol

    @property
    def fails(self) -> bool:
        """Whether it fails the run: it is new and more than a note."""
        return self.standing == NEW and self.severity != "note"


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
    return tuple(sorted(findings, key=lambda seen: seen.order))
