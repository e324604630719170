"""The language in which a claim says what must be true: read here, judged in the audit room.

It names facts and compares them; it has no assignment, no attribute access, no calls but a fixed few, and nothing
in it is ever handed to Python. Long chains are flat nodes and nesting is bounded, so a hostile text cannot exhaust
the stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from overt.campaign.expression_nodes import Call, Chain, Compare, Constant, Logic, Member, Name, Negative, Node, Not
from overt.campaign.expression_tokens import ExpressionError, Token, tokens
from overt.system.text import did_you_mean

__all__ = [
    "FUNCTIONS",
    "Call",
    "Chain",
    "Compare",
    "Constant",
    "Expression",
    "ExpressionError",
    "Logic",
    "Member",
    "Name",
    "Negative",
    "Node",
    "Not",
    "parse",
]

MAX_DEPTH = 20
FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (1, 99),
    "max": (1, 99),
    "sum": (1, 99),
    "abs": (1, 1),
    "percent": (2, 2),
    "fact": (1, 1),
}
"""The functions there are, each with the fewest and the most values it takes."""

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read.

    Args:
        text: As written.
        root: Its outermost node.
        names: Every fact it names, in order of appearance.
    """

    text: str
    root: Node
    names: tuple[Name, ...]

    def source(self, node: Node) -> str:
        """Return a node as it was written."""
        return self.text[node.start : node.end]


def parse(text: str) -> Expression:
    """Read an expression.

    Args:
        text: For example `tests.failed == 0 and coverage.lines >= 90%`.

    Returns:
        The expression, not yet judged.

    Raises:
        ExpressionError: It cannot be read; the error knows the position.

    Example:
        >>> [name.name for name in parse("suites.hidden-state.new == 0 and tests.total > 5").names]
        ['suites.hidden-state.new', 'tests.total']
    """
    reader = _Reader(text)
    root = reader.whole()
    return Expression(text, root, tuple(reader.names))


class _Reader:
    """One reading of one expression, by recursive descent."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: list[Name] = []
        self._tokens: Iterator[Token] = tokens(text)
        self._depth = 0
        self._now = next(self._tokens)

    def whole(self) -> Node:
        node = self._or()
        if self._now.kind != "end":
            raise self._wrong_end(node)
        return node

    # What stands at the present place.

    def _step(self) -> Token:
        token = self._now
        self._now = next(self._tokens, token)
        return token

    def _at(self, *texts: str) -> bool:
        return self._now.kind in {"operator", "word"} and self._now.text in texts

    def _error(self, what: str, token: Token | None = None, hint: str = "") -> ExpressionError:
        return ExpressionError(what, self.text, (token or self._now).start, hint=hint)

    def _wrong_end(self, node: Node) -> ExpressionError:
        now = self._now
        if now.text in {")", "]"}:
            return self._error(f"{now.text!r} closes nothing")
        hint = "join two statements with 'and' or 'or'"
        if now.kind == "name" and isinstance(node, Constant) and node.unit == "count":
            hint = "a unit stands right behind its number: 60s, 5MB, 2%"
        elif now.kind == "name":
            hint = did_you_mean(now.text, ["and", "or", "in", "not in"])
        return self._error("the expression should end here, or go on with an operator", hint=hint)

    def _expect(self, text: str) -> Token:
        if not self._at(text):
            raise self._error(f"expected {text!r}")
        return self._step()

    # The levels of binding, the loosest first.

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"more than {MAX_DEPTH} levels of nesting")
        node = read()
        self._depth -= 1
        return node

    def _or(self) -> Node:
        return self._joined("or", lambda: self._joined("and", self._not))

    def _joined(self, word: Literal["and", "or"], read: Callable[[], Node]) -> Node:
        parts = [read()]
        while self._at(word):
            self._step()
            parts.append(read())
        return parts[0] if len(parts) == 1 else Logic(word, tuple(parts), parts[0].start, parts[-1].end)

    def _not(self) -> Node:
        if not self._at("not"):
            return self._comparison()
        word = self._step()
        operand = self._deeper(self._not)
        return Not(operand, word.start, operand.end)

    def _comparison(self) -> Node:
        first = self._sum()
        if self._at("in", "not"):
            return self._member(first)
        rest: list[tuple[str, Node]] = []
        while self._now.kind == "operator" and self._now.text in _COMPARISONS:
            operator = self._step().text
            rest.append((operator, self._sum()))
        return Compare(first, tuple(rest), first.start, rest[-1][1].end) if rest else first

    def _member(self, item: Node) -> Node:
        negated = self._at("not")
        if negated:
            self._step()
        self._expect("in")
        self._expect("[")
        options = self._values("]")
        return Member(item, tuple(options), negated, item.start, self._expect("]").end)

    def _sum(self) -> Node:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._signed))

    def _chain(self, operators: tuple[str, ...], read: Callable[[], Node]) -> Node:
        first = read()
        rest: list[tuple[Literal["+", "-", "*", "/"], Node]] = []
        while self._at(*operators):
            operator = self._step().text
            rest.append((operator, read()))  # type: ignore[arg-type]  # the operators were given as literals
        return Chain(first, tuple(rest), first.start, rest[-1][1].end) if rest else first

    def _signed(self) -> Node:
        if not self._at("-"):
            return self._value()
        sign = self._step()
        operand = self._deeper(self._signed)
        return Negative(operand, sign.start, operand.end)

    def _value(self) -> Node:
        token = self._now
        if token.kind == "number":
            self._step()
            return Constant(token.value, token.unit, token.start, token.end)
        if token.kind == "string":
            self._step()
            return Constant(token.text, "text", token.start, token.end)
        if self._at("true", "false"):
            self._step()
            return Constant(token.text == "true", "flag", token.start, token.end)
        if token.kind == "name":
            return self._name_or_call()
        if self._at("("):
            self._step()
            inner = self._deeper(self._or)
            return replace(inner, start=token.start, end=self._expect(")").end)
        found = f"found {token.text!r}" if token.text else "the expression ends"
        raise self._error(f"expected a value, {found}")

    def _name_or_call(self) -> Node:
        token = self._step()
        if self._at("("):
            return self._call(token)
        name = Name(token.text, token.start, token.end)
        self.names.append(name)
        return name

    def _call(self, token: Token) -> Node:
        if token.text not in FUNCTIONS:
            raise self._error(f"there is no function {token.text!r}", token, did_you_mean(token.text, FUNCTIONS))
        self._step()
        values = self._values(")")
        end = self._expect(")").end
        fewest, most = FUNCTIONS[token.text]
        if not fewest <= len(values) <= most:
            wanted = f"{fewest}" if fewest == most else f"{fewest} or more"
            raise self._error(f"{token.text} takes {wanted} values, not {len(values)}", token)
        if token.text != "fact":
            return Call(token.text, tuple(values), token.start, end)
        only = values[0]
        if not isinstance(only, Constant) or not isinstance(only.value, str):
            raise self._error("fact takes the name of a fact in quotes", token)
        name = Name(only.value, token.start, end)
        self.names.append(name)
        return name

    def _values(self, closing: str) -> list[Node]:
        values: list[Node] = []
        while not self._at(closing):
            values.append(self._deeper(self._or))
            if not self._at(","):
                break
            self._step()
        return values
