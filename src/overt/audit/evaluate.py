"""What an expression comes to over the facts there are.

Every value knows its doubts: a fact that was not measured, is stale or in conflict makes what rests on it so, unless
the rest decides anyway. A definite refutation of one part refutes a whole row of `and`; a definite proof of one part
proves a whole row of `or`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import partial, reduce
from itertools import pairwise

from overt.audit.arithmetic import Mismatch, calculate, compare, percentage
from overt.audit.facts import FactLike, FactsLike, is_fact_name, near_fact
from overt.audit.show import show
from overt.audit.values import Doubt, Note, Value, gathered, told
from overt.campaign.expression import (
    Call,
    Chain,
    Compare,
    Constant,
    Expression,
    ExpressionError,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
)
from overt.model import State


def evaluate(expression: Expression, facts: FactsLike) -> Value:
    """Return what an expression comes to.

    Args:
        expression: A statement, as `parse` returns it.
        facts: What was measured.

    Raises:
        ExpressionError: It compares or adds what cannot be compared or added, or is no statement.
    """
    return _Evaluation(expression, facts).statement(expression.root)


def fact_value(fact: FactLike) -> Value:
    """Return the value of one fact, with the doubt that its state brings."""
    state = State(fact.state)
    known = fact.value
    if known is None and state is State.PROVED:
        state = State.UNCHECKED
    doubts = () if state is State.PROVED else (Doubt(state, fact.reason or state.value, fact.name),)
    usable = known if state in {State.PROVED, State.STALE} else None
    if usable is None:
        return Value(None, fact.unit, doubts, fact.evidence)
    value = usable if isinstance(usable, bool | str) else Fraction(usable)
    unit = "flag" if isinstance(value, bool) else "text" if isinstance(value, str) else fact.unit
    made = Value(value, unit, doubts, fact.evidence)
    return Value(value, unit, doubts, fact.evidence, ((fact.name, made.shown),))


class _Evaluation:
    """One walk over one expression."""

    def __init__(self, expression: Expression, facts: FactsLike) -> None:
        self._expression, self._facts = expression, facts

    def of(self, node: Node) -> Value:
        match node:
            case Constant(value, unit):
                return Value(value, unit)
            case Name(name):
                return self._fact(name, node)
            case Negative(operand):
                inner = self.of(operand)
                return self._guarded(node, partial(calculate, "-", _zero(inner), inner))
            case Chain():
                return self._chain(node)
            case Compare():
                return self._compare(node)
            case Member():
                return self._member(node)
            case Not(operand):
                return self._not(node, operand)
            case Logic():
                return self._logic(node)
            case Call():
                return self._call(node)

    def _fact(self, name: str, node: Node) -> Value:
        if "*" in name:
            raise self._error(node, "a name with '*' stands for several facts", "use it inside min, max or sum")
        names = self._facts.names()
        fact = self._facts.get(name)
        if fact.value is None and name not in names:
            missing = "it was not measured" if is_fact_name(name, self._facts) else "there is no such fact"
            hint = near_fact(name, names) if missing.startswith("there") else ""
            doubt = Doubt(State.UNCHECKED, f"{missing} ({hint})" if hint else missing, name)
            return Value(None, fact.unit, (doubt,))
        return fact_value(fact)

    def _error(self, node: Node, what: str, hint: str = "") -> ExpressionError:
        return ExpressionError(what, self._expression.text, node.start, hint=hint)

    def _guarded(self, node: Node, work: Callable[[], Value]) -> Value:
        try:
            return work()
        except Mismatch as mismatch:
            raise self._error(node, str(mismatch), mismatch.hint) from None

    def _chain(self, node: Chain) -> Value:
        value = self.of(node.first)
        for sign, operand in node.rest:
            value = self._guarded(operand, partial(calculate, sign, value, self.of(operand)))
        return value

    def _compare(self, node: Compare) -> Value:
        left_node, left = node.first, self.of(node.first)
        outcomes = []
        for sign, right_node in node.rest:
            right = self.of(right_node)
            held = self._guarded(left_node, partial(compare, sign, left, right))
            # The constant is what is expected; what stands before it is what was seen.
            seen = (
                (left_node, left, sign, right_node) if left.reads or not right.reads else (right_node, right, "", node)
            )
            outcomes.append(self._noted(held, *seen))
            left_node, left = right_node, right
        return outcomes[0] if len(outcomes) == 1 else _all(tuple(outcomes))

    def _noted(self, held: Value, node: Node, value: Value, sign: str, expected: Node) -> Value:
        if held.value is None:
            return held
        source = self._expression.source
        inside = [f"{name} {figure}" for name, figure in held.reads if name != source(node)]
        percent = value.unit == "ratio" and isinstance(expected, Constant) and expected.unit == "ppm"
        shown = show(_magnitude(value) * 1_000_000, "ppm") if percent else value.shown
        said = f"{source(node)} is {shown}" + (f" ({', '.join(inside)})" if inside else "")
        note = Note(said, f"{sign} {source(expected)}".strip())
        return Value(held.value, "flag", held.doubts, held.evidence, held.reads, (note,))

    def _member(self, node: Member) -> Value:
        item = self.of(node.item)
        options = [self.of(option) for option in node.options]
        tried = [self._guarded(node, partial(compare, "==", item, option)) for option in options]
        found = _any(tuple(tried)) if tried else gathered((item,), value=False, unit="flag")
        if found.value is None:
            return found
        held = Value(found.value is not node.negated, "flag", found.doubts, found.evidence, found.reads)
        source = self._expression.source
        expected = self._expression.text[node.item.end : node.end].strip()
        note = Note(f"{source(node.item)} is {item.shown}", expected)
        return Value(held.value, "flag", held.doubts, held.evidence, held.reads, (note,))

    def _not(self, node: Not, operand: Node) -> Value:
        inner = self.statement(operand)
        if inner.value is None:
            return inner
        seen = "; ".join(note.seen for note in inner.notes) or f"{self._expression.source(operand)} is {inner.shown}"
        note = Note(seen, self._expression.source(node))
        return Value(not inner.value, "flag", inner.doubts, inner.evidence, inner.reads, (note,))

    def statement(self, node: Node) -> Value:
        value = self.of(node)
        if value.value is None:
            return value
        if value.unit != "flag":
            raise self._error(node, "this is a value, not a statement", "compare it: == 0")
        if value.notes:
            return value
        note = Note(f"{self._expression.source(node)} is {value.shown}", "true")
        return Value(value.value, "flag", value.doubts, value.evidence, value.reads, (note,))

    def _logic(self, node: Logic) -> Value:
        parts = tuple(self.statement(part) for part in node.parts)
        return _all(parts) if node.word == "and" else _any(parts)

    def _call(self, node: Call) -> Value:
        values = [value for argument in node.values for value in self._spread(argument)]
        if not values:
            return Value(None, "count", (Doubt(State.UNCHECKED, f"no fact fits {self._expression.source(node)}"),))
        if node.function == "percent":
            return self._guarded(node, partial(percentage, values[0], values[1]))
        if node.function == "sum":
            return self._guarded(node, partial(reduce, partial(calculate, "+"), values))
        if node.function == "abs":
            return self._guarded(node, partial(_absolute, values[0]))
        return self._guarded(node, partial(_extreme, node.function, tuple(values)))

    def _spread(self, node: Node) -> list[Value]:
        if not isinstance(node, Name) or "*" not in node.name:
            return [self.of(node)]
        if node.name.count("*") > 2:
            raise self._error(node, "more than two '*' in one name")
        pattern = re.compile(".+?".join(map(re.escape, node.name.split("*"))))
        return [fact_value(self._facts.get(name)) for name in self._facts.names() if pattern.fullmatch(name)]


def _zero(like: Value) -> Value:
    return Value(Fraction(0), like.unit)


def _magnitude(value: Value) -> Fraction:
    return value.value if isinstance(value.value, Fraction) else Fraction(0)


def _absolute(value: Value) -> Value:
    negative = calculate("-", _zero(value), value)
    return max(negative, value, key=_magnitude)


def _extreme(function: str, values: tuple[Value, ...]) -> Value:
    unknown = any(value.value is None for value in values)
    for left, right in pairwise(values):
        compare("<", left, right)
    if unknown or any(not isinstance(value.value, Fraction) for value in values):
        return gathered(values, None, values[0].unit)
    chosen = (min if function == "min" else max)(values, key=_magnitude)
    return gathered(values, chosen.value, chosen.unit)


def _all(parts: tuple[Value, ...]) -> Value:
    """A row of `and`: one definite refutation decides, whatever the others are."""
    refuted = tuple(part for part in parts if part.definite and part.value is False)
    if not refuted:
        value = None if any(part.value is None for part in parts) else all(part.value for part in parts)
        return gathered(parts, value, "flag")
    besides = told(doubt for part in parts for doubt in part.doubts)
    decided = gathered(refuted, value=False, unit="flag")
    notes = (*decided.notes, *(Note(f"besides, {reason}", "") for reason in besides))
    return Value(value=False, unit="flag", evidence=decided.evidence, reads=decided.reads, notes=notes)


def _any(parts: tuple[Value, ...]) -> Value:
    """A row of `or`: one definite proof decides, whatever the others are."""
    proved = tuple(part for part in parts if part.definite and part.value is True)
    if proved:
        return gathered(proved, value=True, unit="flag")
    value = None if any(part.value is None for part in parts) else any(part.value for part in parts)
    return gathered(parts, value, "flag")
