"""The public interface changed, so its users are told."""

from __future__ import annotations

import re
from typing import Final

from overt.model import State
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule

_NEWS: Final = re.compile(
    r"(?:docs?/(?:[\w-]+/)?)?(?:changelog|changes|history|news|releases|release[-_]notes|whats[-_]?new)"
    r"(?:\.(?:md|rst|txt))?\Z",
    re.IGNORECASE,
)
_PIECES: Final = re.compile(
    r"(?:docs/)?(?:changelog\.d|changes|news|newsfragments|changelog|\.changes?|\.changeset)/[^/]"
)
"""Folders in which each change leaves a file, out of which the changelog is made."""


def _news(context: Context) -> tuple[str, ...]:
    """Return where the project tells its users what is new: what it names, else files that are called so."""
    named = context.campaign.review.changelog
    gone = (file.path for file in context.changes.files if file.status == "D")
    return (named,) if named else tuple(name for name in (*context.changes.head_names, *gone) if _NEWS.match(name))


def prove(context: Context) -> Outcome:
    """List what changed in the interface, and look for its docstrings and the changelog."""
    try:
        found = context.interface
    except ModuleNotFoundError:
        return Outcome(State.UNCHECKED, "griffe is not installed; pip install 'overt[site]'")
    if not found:
        return Outcome(None, "no public name of the packages is new, gone or has another signature")
    counts = {word: [one for one in found if one.word == word] for word in ("added", "removed", "changed")}
    told = "; ".join(
        f"{len(ones)} {word}: {', '.join(one.name for one in ones[:5])}" for word, ones in counts.items() if ones
    )
    silent = [one for one in found if not one.documented]
    if silent:
        places = tuple(one.where for one in silent[:5])
        return Outcome(State.REFUTED, f"{told}; {len(silent)} new without a docstring", places)
    news = _news(context)
    places = tuple(one.where for one in found[:5])
    changed = {file.path for file in context.changes.files if file.exists}
    if news and changed.isdisjoint(news) and not any(_PIECES.match(path) for path in changed):
        return Outcome(State.REFUTED, f"{told}; {news[0]} says nothing of it", places)
    where = "; the changelog changed too" if news else ", each with a docstring; the project has no changelog"
    return Outcome(State.PROVED, f"{told}{where}", places, context.changes.command)


_OLD = '"""Cart."""\n\n\ndef total(prices):\n    """Return the sum."""\n    return sum(prices)\n'
_NEW = _OLD.replace("total(prices)", "total(prices, tax=0)")
_MORE = _OLD + "\n\ndef mean(prices):\n    return sum(prices) / len(prices)\n"
_KIND = 'class Cart:\n    """A cart."""\n\n    def total(self):\n        """Return the sum."""\n'
_HEIR = '\n\nclass Till(Cart):\n    """A till."""\n\n    def total(self):\n        return 1\n'
_BASE = {"shop/__init__.py": "", "shop/cart.py": _OLD, "CHANGELOG.md": "# News\n"}

RULE = ReviewRule(
    id="api-is-told",
    title="A changed interface is told to its users",
    why="What others call cannot be changed in silence: they find out when their program breaks.",
    prove=prove,
    remedy="write the docstring, and the line in the changelog",
    see="docs/explanation/guidelines.md#tell-users-what-changes-for-them",
    examples=(
        Example(
            "a parameter is new, and the changelog says so",
            {**_BASE, "shop/cart.py": _NEW, "CHANGELOG.md": "# News\n\n- tax\n"},
            State.PROVED,
            _BASE,
        ),
        Example("a parameter is new in silence", {**_BASE, "shop/cart.py": _NEW}, State.REFUTED, _BASE),
        Example(
            "a function without a docstring",
            {**_BASE, "shop/cart.py": _MORE, "CHANGELOG.md": "# News\n\n- mean\n"},
            State.REFUTED,
            _BASE,
        ),
        Example(
            "a type is written in another way",
            {**_BASE, "shop/cart.py": _OLD.replace("prices):", "prices: 'list[int] | None' = None):")},
            None,
            {**_BASE, "shop/cart.py": _OLD.replace("prices):", "prices: Optional[List[int]] = None):")},
        ),
        Example(
            "a method that is told of where it is overridden",
            {**_BASE, "shop/cart.py": _KIND + _HEIR, "CHANGELOG.md": "# News\n\n- heirs\n"},
            State.PROVED,
            {**_BASE, "shop/cart.py": _KIND},
        ),
        Example(
            "a piece of the changelog comes",
            {**_BASE, "shop/cart.py": _NEW, "changelog.d/12.md": "tax\n"},
            State.PROVED,
            _BASE,
        ),
        Example(
            "a module has another name",
            {"shop/__init__.py": "", "shop/till.py": _OLD, "CHANGELOG.md": "# News\n"},
            State.REFUTED,
            _BASE,
        ),
        Example(
            "the changelog goes with what it would tell",
            {"shop/__init__.py": "", "shop/cart.py": _NEW},
            State.REFUTED,
            _BASE,
        ),
        Example("a file goes", {"shop/__init__.py": "", "CHANGELOG.md": "# News\n"}, State.REFUTED, _BASE),
        Example("a file that is no Python", {**_BASE, "shop/cart.py": "def total(:\n"}, State.UNCHECKED, _BASE),
        Example(
            "a body changes", {**_BASE, "shop/cart.py": _OLD.replace("sum(prices)", "sum(prices, 0)")}, None, _BASE
        ),
        Example("a private function is new", {**_BASE, "shop/cart.py": _OLD + "\n\ndef _f(): ...\n"}, None, _BASE),
    ),
)
