"""How much a piece of shared state matters."""

from __future__ import annotations

from overt.lint.frames import BUILDS, ENTRY, FINALLY, LOCK, RMW, SLICE
from overt.lint.records import Fact
from overt.model.severity import Severity

SHARED = (
    "A finding is a warning. It is an error when a new value is made from the old one, when one function adds and "
    "removes, when the whole content is replaced, or when the name is in capitals, which promises a constant. It "
    "weighs one step less when every place holds a lock or is in an entry point, when the container is weak, and "
    "when nothing in the file reaches it after import. What runs while classes and decorators are read is a note."
)
PROCESS = (
    "A finding is a warning. It is a note where only an entry point of a program gets there, which owns its process, "
    "and where a `finally` puts the old value back."
)
"""The texts of `weigh` and `weigh_process` for the pages of rules."""

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
        >>> places(Fact("OV202", "rows", "", 1, 1, (Site(3, 5, "add", "append"), Site(9, 5, "drop", "clear"))))
        '`add` and `drop`'
    """
    named = [f"`{name}`" if name else "the import of the module" for name in _functions(fact)]
    if len(named) > 2:
        return f"{named[0]}, {named[1]} and {len(named) - 2} more"
    return " and ".join(named)


def doing(fact: Fact, verb: str) -> str:
    """Return who does something, with the verb: its last letter is for one who does it.

    Example:
        >>> from overt.lint.records import Site
        >>> doing(Fact("OV402", "os.umask", "", 1, 1, (Site(3, 5, "start", "umask"),)), "calls")
        '`start` calls'
    """
    return f"{places(fact)} {verb if len(_functions(fact)) == 1 else verb[:-1]}"


def _functions(fact: Fact) -> list[str]:
    return list(dict.fromkeys(site.function for site in fact.sites))


def spelled(symbol: str) -> str:
    """Return the name of a state as a reader would write it.

    Example:
        >>> spelled("asyncio.get_running_loop.().create_task"), spelled("sys.modules.[].__dict__.[]")
        ('asyncio.get_running_loop().create_task', 'sys.modules[...].__dict__[...]')
        >>> spelled("socket.*")
        'socket.<computed name>'
    """
    plain = symbol.replace(".()", "()").replace(".[]", "[...]")
    return f"{plain[:-1]}<computed name>" if plain.endswith("*") else plain


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
