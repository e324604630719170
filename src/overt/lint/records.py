"""What the linter sees, what a rule is, and what a rule says: plain tuples, because they must start at once."""

from __future__ import annotations

from collections.abc import Callable

from overt.lint.results import Settings
from overt.model.severity import Severity
from overt.model.tuples import NamedTuple

__all__ = ["Fact", "Judge", "Judgement", "Rule", "Settings", "Site", "first_sentence"]


class Site(NamedTuple):
    """One place where a state is changed.

    Args:
        line: Line, from 1.
        column: Column, from 1, in characters.
        function: Dotted name inside the module of the function it is in; empty at import.
        action: What happens there, in a few words, for example ``append``.
        traits: Circumstances, see `overt.lint.frames`.
        sort: `add`, `remove` or `change`.
    """

    line: int
    column: int
    function: str
    action: str
    traits: int = 0
    sort: str = "change"


class Fact(NamedTuple):
    """One piece of state with every place that changes it: what a rule judges.

    Args:
        code: Rule that it concerns.
        symbol: Name of the state.
        scope: Dotted name inside the module of where the state lives; empty for the module.
        line: Line of its definition, or of its only site.
        column: Column of it, from 1.
        sites: Where it is changed; may be empty when making it is the finding.
        detail: What it is, for example the constructor.
        traits: Words: `weak`, `import-only`, `test`, ...
    """

    code: str
    symbol: str
    scope: str
    line: int
    column: int
    sites: tuple[Site, ...] = ()
    detail: str = ""
    traits: frozenset[str] = frozenset()

    def every(self, trait: int) -> bool:
        """Tell whether all sites have a circumstance; no sites have none."""
        return bool(self.sites) and all(site.traits & trait for site in self.sites)

    def some(self, trait: int) -> bool:
        """Tell whether any site has a circumstance."""
        return any(site.traits & trait for site in self.sites)


class Judgement(NamedTuple):
    """What a rule says about a fact.

    Args:
        found: What was found, one clause without a full stop.
        severity: How much it matters.
    """

    found: str
    severity: Severity = Severity.WARNING


Judge = Callable[[Fact, Settings], Judgement | None]


class Rule(NamedTuple):
    """A rule, declared once: page, `overt explain`, SARIF and the review checklist are made from it.

    Args:
        code: Stable code, for example `OV202`.
        title: What it finds, a few words.
        why: Why it hurts; the first sentence is part of every message.
        bad: Code that it finds.
        good: The same thing without hidden state; it does not find this.
        instead: What to use instead; the first sentence is part of every message.
        judge: What it says about a fact.
        kind: `state`, `process`, `cache`, `task`, `test`, `allow`, `banned` or `elixir`.
        path: What kind of file the examples are, as a path.
        see: Rules that are near, codes.
        default: Whether it applies when nothing is selected.
        settings: What `overt.toml` has to say for the examples, TOML; empty when nothing.
        matters: When a finding is an error, a warning or a note.
    """

    code: str
    title: str
    why: str
    bad: str
    good: str
    instead: str
    judge: Judge
    kind: str = "state"
    path: str = "src/example.py"
    see: tuple[str, ...] = ()
    default: bool = True
    settings: str = ""
    matters: str = "A finding is a warning."

    def message(self, found: str) -> str:
        """Return the whole message of a finding: what, why, what instead."""
        return f"{found}. {first_sentence(self.why)} {first_sentence(self.instead)}"


def first_sentence(text: str) -> str:
    """Return the first sentence of a text.

    Example:
        >>> first_sentence("It leaks. Every run adds a row.")
        'It leaks.'
    """
    head, mark, _ = " ".join(text.split()).partition(". ")
    return head + "." if mark else head
