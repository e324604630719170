"""What one file came to: plain tuples, because they are made and kept by the thousand and must start at once."""

from __future__ import annotations

from overt.model.tuples import NamedTuple


class Banned(NamedTuple):
    """Something that the project forbids itself.

    Args:
        pattern: Dotted name; it forbids what lies below it too, with `.*` at its end only that.
        message: Why.
        instead: What to use instead; empty when nothing is named.
        language: `python` or `elixir`.
        severity: `error`, `warning` or `note`.
        allow: Files, and folders ending in `/`, where it may be used.
    """

    pattern: str
    message: str
    instead: str = ""
    language: str = "python"
    severity: str = "warning"
    allow: tuple[str, ...] = ()


class Settings(NamedTuple):
    """What a rule may ask about the project.

    Args:
        target_version: Oldest Python the project runs on; (0, 0) when not known.
        banned: What the project forbids itself.
    """

    target_version: tuple[int, int] = (0, 0)
    banned: tuple[Banned, ...] = ()


class Allowance(NamedTuple):
    """One comment that allows something.

    Args:
        line: Line of the comment, from 1.
        target: Line that it speaks of: its own, or the next line of code when it stands alone.
        codes: Rules it allows.
        until: Last day it holds; empty for no end.
        reason: Why; empty when it gives none.
        problem: What is wrong with it; empty when nothing is.
    """

    line: int
    target: int
    codes: tuple[str, ...]
    until: str
    reason: str
    problem: str = ""


class Hit(NamedTuple):
    """A finding before anybody asked whether it is allowed: plain values, so that it can be kept.

    Args:
        code: Code of the rule.
        severity: `error`, `warning` or `note`.
        message: The whole message.
        line: Line, from 1.
        column: Column, from 1, in characters.
        scope: Dotted name inside the module; empty for the module itself.
        symbol: Name of the state.
        places: How many places it stands for; at least 1.
        related: Line, column and a few words of each further place.
    """

    code: str
    severity: str
    message: str
    line: int
    column: int
    scope: str
    symbol: str
    places: int
    related: tuple[tuple[int, int, str], ...]


class Foreign(NamedTuple):
    """A place where a function changes what may be a container of another module.

    Args:
        target: Dotted name of it, with leading dots when the import is relative.
        line: Line, from 1.
        column: Column, from 1, in characters.
        function: Dotted name inside the module of the function.
        action: What happens there, in a few words.
        traits: Circumstances, see `overt.lint.frames`.
        sort: `add`, `remove` or `change`.
    """

    target: str
    line: int
    column: int
    function: str
    action: str
    traits: int
    sort: str


class Container(NamedTuple):
    """A container that a module makes.

    Args:
        name: Its name.
        line: Line, from 1.
        column: Column, from 1, in characters.
        made: What it is made by, for example `dict`.
        weak: Whether it holds weak references.
        fillers: The functions of the module that alone change it, when nothing in the file calls them after import, and
            the finding would fail a run; an `@` before those that change it only as decorators that are called first.
    """

    name: str
    line: int
    column: int
    made: str
    weak: bool
    fillers: str = ""


class Examined(NamedTuple):
    """What one file came to.

    Args:
        hits: What the rules found.
        lines: How many lines it has.
        allowances: The allowances in its comments.
        problem: Why it could not be checked; empty when it was.
        problem_line: Where; 0 when not known.
        foreign: What its functions may do to the containers of other modules.
        containers: The containers that it makes.
        exports: Of a package, the names that it takes from modules, and which; `*` for all of a module.
        imports: All that it imports, at any depth, the standard library left out: dotted names with blanks between,
            `*` for all of a module, `=` and the other name for what it renames.
        uses: How it uses what it imports, see `overt.lint.uses`; only when that was asked for.
    """

    hits: tuple[Hit, ...] = ()
    lines: int = 0
    allowances: tuple[Allowance, ...] = ()
    problem: str = ""
    problem_line: int = 0
    foreign: tuple[Foreign, ...] = ()
    containers: tuple[Container, ...] = ()
    exports: tuple[tuple[str, str], ...] = ()
    imports: str = ""
    uses: tuple[tuple[str, str], ...] = ()
