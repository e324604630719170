"""The words of the expression language: tokens, units, and how an error points at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from overt.model import Exit, OvertError
from overt.system.text import did_you_mean, plain_text

Unit = Literal["count", "ratio", "ns", "bytes", "ppm", "text", "flag"]
"""What a value is measured in; `ratio` is what dividing like by like gives."""

MAX_LENGTH = 2_000
MAX_TOKENS = 256
MAX_DIGITS = 30

UNITS: dict[str, tuple[Unit, Fraction]] = {
    "ns": ("ns", Fraction(1)),
    "us": ("ns", Fraction(1_000)),
    "µs": ("ns", Fraction(1_000)),
    "ms": ("ns", Fraction(1_000_000)),
    "s": ("ns", Fraction(1_000_000_000)),
    "min": ("ns", Fraction(60_000_000_000)),
    "h": ("ns", Fraction(3_600_000_000_000)),
    "d": ("ns", Fraction(86_400_000_000_000)),
    "B": ("bytes", Fraction(1)),
    "kB": ("bytes", Fraction(1_000)),
    "KB": ("bytes", Fraction(1_000)),
    "MB": ("bytes", Fraction(1_000_000)),
    "GB": ("bytes", Fraction(1_000_000_000)),
    "KiB": ("bytes", Fraction(1_024)),
    "MiB": ("bytes", Fraction(1_048_576)),
    "GiB": ("bytes", Fraction(1_073_741_824)),
    "%": ("ppm", Fraction(10_000)),
    "ppm": ("ppm", Fraction(1)),
}
"""Each unit a number may carry: what it measures and how many of the ledger's own unit it is."""

WORDS = frozenset({"and", "or", "not", "in", "true", "false"})

_SEGMENT = r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<number>\d+(?:\.\d+)?)(?P<unit>%|[A-Za-zµ]+)?
    | (?P<name>(?:[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*)(?:\.(?:{_SEGMENT}|\*))*)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<operator>==|!=|<=|>=|<|>|\+|-|\*|/|\(|\)|\[|\]|,)""",
    re.VERBOSE,
)
_INSTEAD = {"=": "==", "&": "and", "|": "or", "!": "not", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/", "−": "-"}


class ExpressionError(OvertError):
    """An expression that cannot be read, or that compares what cannot be compared.

    Args:
        what: What is wrong, a few words.
        text: The whole expression.
        position: Offset of the wrong place in it, from 0.
        hint: What to write instead.

    Example:
        >>> print(ExpressionError("expected a value", "tests.failed ==", 15))
        expected a value, at column 16:
            tests.failed ==
                           ^
    """

    def __init__(self, what: str, text: str, position: int, *, hint: str = "") -> None:
        super().__init__(f"{what}, at column {position + 1}:\n{_picture(text, position)}", hint=hint, exit=Exit.USAGE)
        self.what, self.text, self.position = what, text, position


def _picture(text: str, position: int) -> str:
    # Only the neighbourhood of a long expression is drawn; every character stays one column wide.
    first = max(0, position - 60)
    shown = "".join(character if character.isprintable() else " " for character in text[first : position + 40])
    before, after = ("..." if first else ""), ("..." if position + 40 < len(text) else "")
    return f"    {before}{shown}{after}\n    {' ' * (len(before) + position - first)}^"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression.

    Args:
        kind: What it is.
        text: As written; of a string, its content.
        start: Offset of its first character.
        end: Offset after its last character.
        value: Of a number, its value in the ledger's unit.
        unit: Of a number, its unit.
    """

    kind: Literal["number", "name", "word", "string", "operator", "end"]
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)
    unit: Unit = "count"


def _number(match: re.Match[str], text: str) -> Token:
    digits, written = match["number"], match["unit"]
    if len(digits) > MAX_DIGITS:
        raise ExpressionError(f"a number of more than {MAX_DIGITS} digits", text, match.start())
    if written and written not in UNITS:
        raise ExpressionError(
            f"there is no unit {written!r}", text, match.start("unit"), hint=did_you_mean(written, UNITS)
        )
    unit, scale = UNITS[written] if written else ("count", Fraction(1))
    return Token("number", match[0], match.start(), match.end(), Fraction(digits) * scale, unit)


def _strange(text: str, at: int) -> ExpressionError:
    character = text[at]
    if character in "\"'":
        return ExpressionError("this string does not end", text, at, hint=f"close it with {character}")
    instead = _INSTEAD.get(character, "")
    hint = f"write {instead!r}" if instead else ""
    return ExpressionError(f"{plain_text(character)!r} means nothing here", text, at, hint=hint)


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of an expression, the last one of kind `end`.

    Args:
        text: The expression.

    Raises:
        ExpressionError: A character, number, unit or string that the language does not have.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression of more than {MAX_LENGTH} characters", text, MAX_LENGTH)
    at = count = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _strange(text, at)
        start, at = at, match.end()
        if match.lastgroup == "space":
            continue
        count += 1
        if count > MAX_TOKENS:
            raise ExpressionError(f"an expression of more than {MAX_TOKENS} words", text, start)
        if match["number"]:
            yield _number(match, text)
        elif match["name"]:
            yield Token("word" if match[0] in WORDS else "name", match[0], start, at)
        elif match["string"]:
            yield Token("string", re.sub(r"\\(.)", r"\1", match[0][1:-1]), start, at)
        else:
            yield Token("operator", match[0], start, at)
    yield Token("end", "", len(text), len(text))
