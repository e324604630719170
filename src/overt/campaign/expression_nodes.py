"""What an expression is made of once it was read: frozen nodes that know where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from overt.campaign.expression_tokens import Unit


@dataclass(frozen=True, slots=True)
class Constant:
    """A number in the ledger's unit, a string, or true or false."""

    value: Fraction | str | bool
    unit: Unit
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a fact; with `*` as a segment, of every fact that fits."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Negative:
    """The negative of a value."""

    operand: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chain:
    """A row of sums (`+`, `-`) or of products (`*`, `/`), worked out from the left."""

    first: Node
    rest: tuple[tuple[Literal["+", "-", "*", "/"], Node], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Compare:
    """A row of comparisons, all of which must hold: `1 < tests.total <= 900`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Member:
    """Whether a value is, or with `negated` is not, one of several."""

    item: Node
    options: tuple[Node, ...]
    negated: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    operand: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Logic:
    """A row joined by `and`, or by `or`."""

    word: Literal["and", "or"]
    parts: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its values."""

    function: str
    values: tuple[Node, ...]
    start: int
    end: int


Node = Constant | Name | Negative | Chain | Compare | Member | Not | Logic | Call
