"""Numbers as documents write them, held against a fact and written anew in the same manner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from overt.audit.facts import FactLike
from overt.audit.show import show
from overt.campaign.expression_tokens import UNITS

_NS, _BYTES, _PPM = "ns", "bytes", "ppm"
_WORDS: dict[str, tuple[str, Fraction]] = {
    **{name: (unit, scale) for name, (unit, scale) in UNITS.items() if name != "d"},
    **dict.fromkeys(("sec", "secs", "second", "seconds"), UNITS["s"]),
    **dict.fromkeys(("millisecond", "milliseconds"), UNITS["ms"]),
    **dict.fromkeys(("microsecond", "microseconds", "μs"), UNITS["us"]),
    **dict.fromkeys(("nanosecond", "nanoseconds"), UNITS["ns"]),
    **dict.fromkeys(("mins", "minute", "minutes"), UNITS["min"]),
    **dict.fromkeys(("hour", "hours"), UNITS["h"]),
    **dict.fromkeys(("day", "days"), UNITS["d"]),
    **dict.fromkeys(("byte", "bytes"), UNITS["B"]),
    **dict.fromkeys(("percent", "per cent"), UNITS["%"]),
    "TB": (_BYTES, Fraction(10**12)),
}
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<minus>[-−])?(?P<digits>\d{1,3}(?:(?P<mark>[,_'’\u00a0\u2009\u202f ])\d{3}(?!\d))"
    r"(?:(?P=mark)\d{3}(?!\d))*|\d+)(?:\.(?P<decimals>\d+))?"
    r"(?:(?P<gap>[ \u00a0\u2009\u202f]?)(?P<unit>"
    + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
    + r")(?!\w))?"
    r"(?![\w]|[.,]\d)"
)
_BOUNDS = {
    ">=": ("at least", "no fewer than", "no less than", "≥", ">="),
    ">": ("more than", "over", "above", ">"),
    "<=": ("at most", "no more than", "up to", "≤", "<="),
    "<": ("less than", "fewer than", "under", "below", "<"),
}
_BOUND = re.compile(
    r"(" + "|".join(re.escape(word) for words in _BOUNDS.values() for word in words) + r")[\s*_`]*\Z", re.IGNORECASE
)
_NUMERALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SMALL = {word: number for number, word in enumerate(_NUMERALS)} | {"no": 0, "none": 0}
_YES = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_MARKUP = "*_` \t\r\n"
_FIRST_WORD = re.compile(r"[*_`\s]*([A-Za-z]+)(?![\w-])")
_NAMES = {"count": "a count", _NS: "a duration", _BYTES: "a size", _PPM: "a percentage"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text.

    Args:
        start: Offset of its first character in the text.
        end: Offset after its last character, its unit included.
        value: The number as written.
        decimals: How many decimals it is written with.
        mark: What groups its thousands; empty when nothing does.
        unit: Its unit as written; empty when there is none.
        gap: What stands between number and unit.
        bound: `>=`, `>`, `<=` or `<` when words before it say so; else empty.
    """

    start: int
    end: int
    value: Fraction
    decimals: int = 0
    mark: str = ""
    unit: str = ""
    gap: str = ""
    bound: str = ""

    @property
    def measure(self) -> tuple[str, Fraction]:
        """What the unit measures, and how many of the ledger's own unit it is."""
        return _WORDS.get(self.unit, ("count", Fraction(1)))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a text says what a fact says, and in what it does not."""

    holds: bool
    reason: str
    hint: str = ""


def figures(text: str) -> list[Figure]:
    """Return the numbers in a text.

    Example:
        >>> [(figure.value, figure.unit) for figure in figures("1,234 tests in 2.5 s")]
        [(Fraction(1234, 1), ''), (Fraction(5, 2), 's')]
    """
    found = []
    for match in _NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match["digits"])
        value = Fraction(f"{digits}.{match['decimals'] or 0}") * (-1 if match["minus"] else 1)
        bound = _BOUND.search(text, 0, match.start())
        said = bound[1].lower() if bound else ""
        sign = next((sign for sign, words in _BOUNDS.items() if said in words), "")
        found.append(
            Figure(
                match.start(),
                match.end(),
                value,
                len(match["decimals"] or ""),
                match["mark"] or "",
                match["unit"] or "",
                match["gap"] or "",
                sign,
            )
        )
    return found


def agreement(text: str, fact: FactLike) -> Agreement:
    """Tell whether the text of a link says what a fact says.

    A number agrees when the fact, rounded to the digits shown, is that number; but 0 and 100 % are said of nothing
    that is merely near them.

    Args:
        text: What the link shows.
        fact: A fact with a value.
    """
    value, bare = fact.value, text.strip(_MARKUP)
    truth = f"{fact.name} is {show(value, fact.unit)}"
    if isinstance(value, bool):
        return Agreement(_YES.get(bare.lower()) is value, truth, f"write {'yes' if value else 'no'}")
    if isinstance(value, str):
        same = bare.casefold() == value.casefold() or (_is_hash(value) and len(bare) >= 7 and value.startswith(bare))
        return Agreement(same, truth, f"write {value}")
    if value is None:
        return Agreement(holds=False, reason=f"{fact.name} was not measured")
    found = _read(text)
    if len(found) != 1:
        what = "no number" if not found else f"{len(found)} numbers"
        return Agreement(
            holds=False, reason=f"the link shows {what}", hint="one number, with its unit, is the text of the link"
        )
    return _compare(found[0], Fraction(value), fact, truth)


def _is_hash(value: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{12,64}", value))


def _read(text: str) -> list[Figure]:
    found = figures(text)
    first = _FIRST_WORD.match(text)
    if not found and first and first[1].lower() in _SMALL:
        return [Figure(first.start(1), first.end(1), Fraction(_SMALL[first[1].lower()]))]
    if len(found) > 1 and all(figure.measure[0] == _NS and figure.value >= 0 for figure in found):
        # `2 min 5 s` is one duration.
        total = sum((figure.value * figure.measure[1] for figure in found), Fraction(0))
        last = found[-1]
        return [
            Figure(
                found[0].start, last.end, total / last.measure[1], last.decimals, unit=last.unit, bound=found[0].bound
            )
        ]
    return found


def _compare(figure: Figure, value: Fraction, fact: FactLike, truth: str) -> Agreement:
    kind, scale = figure.measure
    if fact.unit == _PPM and not figure.unit:
        kind, scale = _WORDS["%"]
    if kind != fact.unit:
        shown = f"shows {_NAMES[kind]}, {fact.name} is {_NAMES.get(fact.unit, fact.unit)}"
        return Agreement(holds=False, reason=f"the link {shown}", hint=f"write {show(fact.value, fact.unit)}")
    exact = value / scale
    if figure.bound:
        holds = {
            ">=": exact >= figure.value,
            ">": exact > figure.value,
            "<=": exact <= figure.value,
            "<": exact < figure.value,
        }
        return Agreement(holds[figure.bound], truth)
    near = abs(exact - figure.value) <= Fraction(1, 2 * 10**figure.decimals)
    extreme = figure.value == 0 or (kind == _PPM and figure.value * scale == 1_000_000)
    return Agreement((exact == figure.value) if extreme else near, truth)


def rewritten(text: str, fact: FactLike) -> str | None:
    """Return the text of a link with the number of a fact in it, in the manner of the number that stood there.

    Args:
        text: What the link shows.
        fact: A fact with a value.

    Returns:
        The new text; None when the text cannot be made to agree by changing its number.

    Example:
        >>> from types import SimpleNamespace
        >>> rewritten("1,234 tests", SimpleNamespace(name="tests.passed", value=1300, unit="count"))
        '1,300 tests'
    """
    value, bare = fact.value, text.strip(_MARKUP)
    if isinstance(value, bool | str):
        new = ("yes" if value else "no") if isinstance(value, bool) else value
        if _is_hash(new):
            new = new[: max(7, len(bare))]
        return text.replace(bare, new, 1) if bare else None
    found = _read(text)
    if value is None or len(found) != 1 or found[0].bound:
        return None
    figure = found[0]
    if figure.measure[0] != fact.unit and not (fact.unit == _PPM and not figure.unit):
        return None
    several = len(figures(text)) > 1
    candidates = (
        [show(value, fact.unit)]
        if several
        else [_written(figure, Fraction(value), fact.unit, more) for more in range(7)]
    )
    for candidate in candidates:
        new = text[: figure.start] + candidate + text[figure.end :]
        if agreement(new, fact).holds:
            return new
    return None


def _written(figure: Figure, value: Fraction, unit: str, more: int) -> str:
    scale = _WORDS["%"][1] if unit == _PPM and not figure.unit else figure.measure[1]
    number = f"{float(value / scale):,.{figure.decimals + more}f}"
    return number.replace(",", figure.mark) + figure.gap + figure.unit
