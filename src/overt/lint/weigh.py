"""How much a piece of shared state matters."""

from __future__ import annotations

from overt.lint.frames import BUILDS, ENTRY, FINALLY, LOCK, RMW, SLICE
from overt.lint.records import Fact
from overt.model.finding import Severity

LEVELS = (Severity.NOTE, Severity.WARNING, Severity.ERROR)


def weigh(fact: Fact) -> Severity:
    """Return the severity of state that functions change.

    Raised for a value made from the old one (two threads lose an update), for adding and removing in one function,
    for replacing the whole content and for a name in capitals, which promises a constant; lowered when every site
    holds a lock, for weak containers, when every use in the file is at import (where nothing races), and when only
    the entry point of a program gets there; lowest for what runs while classes and decorators are read.
    """
    # A container of another module is named with its module.
    name = fact.symbol.rpartition(".")[2] if fact.code == "OV202" else fact.symbol
    raced = fact.some(RMW) or fact.some(SLICE) or _adds_and_removes(fact)
    # Imports run one after the other: no two threads race for what they do.
    raised = is_capital(name) or (raced and "import" not in fact.traits)
    if "decorator" in fact.traits or fact.every(BUILDS):
        # Classes and decorators are read while modules are imported, one after the other.
        return Severity.NOTE
    lowered = fact.every(LOCK) or fact.every(ENTRY) or bool(fact.traits & {"weak", "import"})
    return LEVELS[1 + raised - lowered]


def weigh_process(fact: Fact) -> Severity:
    """Return the severity of a setting of the whole process: an entry point owns its process, nobody else does."""
    restored = fact.some(FINALLY)
    return Severity.NOTE if fact.every(ENTRY) or restored else Severity.WARNING


def _adds_and_removes(fact: Fact) -> bool:
    sorts: dict[str, set[str]] = {}
    for site in fact.sites:
        sorts.setdefault(site.function, set()).add(site.sort)
    return any({"add", "remove"} <= each for each in sorts.values())


def is_capital(symbol: str) -> bool:
    """Tell whether a name is written like a constant.

    Example:
        >>> is_capital("_CACHE"), is_capital("_cache"), is_capital("X")
        (True, False, False)
    """
    bare = symbol.strip("_")
    return len(bare) > 1 and bare.isupper()


def places(fact: Fact) -> str:
    """Return how many places in how many functions change a state.

    Example:
        >>> from overt.lint.records import Site
        >>> places(Fact("OV202", "rows", "", 1, 1, (Site(3, 5, "add", "append"),)))
        '`add`'
    """
    functions = list(dict.fromkeys(site.function or "the module" for site in fact.sites))
    named = ", ".join(f"`{name}`" for name in functions[:2])
    return named if len(functions) <= 2 else f"{named} and {len(functions) - 2} more"


def purpose(fact: Fact) -> str:
    """Return what a container is for, as its name and its use tell: only for the message, never a reason for silence.

    Example:
        >>> purpose(Fact("OV202", "_plugin_registry", "", 1, 1))
        'registry'
    """
    low = fact.symbol.lower()
    for word, names in _PURPOSES:
        if any(name in low for name in names):
            return word
    if fact.detail == "set":
        return "marker"
    return "container"


_PURPOSES = (
    ("cache", ("cache", "memo", "pool")),
    ("registry", ("registr", "handler", "plugin", "hook", "callback", "backend", "factor", "listener", "subscri")),
    ("marker", ("seen", "visited", "done", "warned", "initiali", "loaded", "installed")),
)
