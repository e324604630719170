"""The expression language: what it reads, what it refuses, and where it points."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.campaign.expression import (
    FUNCTIONS,
    MAX_DEPTH,
    Call,
    Chain,
    Compare,
    Constant,
    Expression,
    ExpressionError,
    Logic,
    Member,
    Name,
    Not,
    parse,
)
from overt.campaign.expression_tokens import MAX_LENGTH, MAX_TOKENS, UNITS, tokens


def parsed(text: str) -> Expression | ExpressionError:
    """Return what reading a text comes to."""
    try:
        return parse(text)
    except ExpressionError as error:
        return error


@pytest.mark.parametrize(
    "name",
    ["tests.failed", "suites.hidden-state.new", "hidden_state.rules.OV101", "suites.3d.total", "suites.*.failed", "a"],
)
def test_a_name_is_one_word(name: str) -> None:
    """Segments hold hyphens and may begin with a digit, the first one excepted."""
    root = parse(f"{name} == 0").root
    assert isinstance(root, Compare)
    assert root.first == Name(name, 0, len(name))


def test_minus_needs_spaces_between_names() -> None:
    """A hyphen inside a word belongs to the name, with spaces it subtracts."""
    assert isinstance(parse("a-b").root, Name)
    subtraction = parse("a - b").root
    assert isinstance(subtraction, Chain)
    assert [sign for sign, _ in subtraction.rest] == ["-"]
    assert isinstance(parse("5-3").root, Chain)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("60s", 60 * 10**9, "ns"),
        ("5ms", 5_000_000, "ns"),
        ("2.5us", 2_500, "ns"),
        ("2min", 120 * 10**9, "ns"),
        ("10MB", 10_000_000, "bytes"),
        ("1MiB", 1_048_576, "bytes"),
        ("2%", 20_000, "ppm"),
        ("0.5ppm", Fraction(1, 2), "ppm"),
        ("1.5", Fraction(3, 2), "count"),
    ],
)
def test_units_are_the_ledgers(text: str, value: int | Fraction, unit: str) -> None:
    """A number with a unit is exact, in nanoseconds, bytes or parts per million."""
    root = parse(text).root
    assert isinstance(root, Constant)
    assert (root.value, root.unit) == (value, unit)


def test_binding_is_the_usual_one() -> None:
    """`or` binds loosest, then `and`, `not`, comparison, sums, products, signs."""
    root = parse("not a == 1 + 2 * 3 and b or c").root
    assert isinstance(root, Logic)
    assert root.word == "or"
    left = root.parts[0]
    assert isinstance(left, Logic)
    assert left.word == "and"
    negation = left.parts[0]
    assert isinstance(negation, Not)
    comparison = negation.operand
    assert isinstance(comparison, Compare)
    total = comparison.rest[0][1]
    assert isinstance(total, Chain)
    assert isinstance(total.rest[0][1], Chain)


def test_lists_calls_strings_and_truth() -> None:
    """Everything else that the language has."""
    member = parse("""run.branch not in ["main", 'next',]""").root
    assert isinstance(member, Member)
    assert member.negated
    assert [option.value for option in member.options if isinstance(option, Constant)] == ["main", "next"]
    call = parse("max(a, 2)").root
    assert isinstance(call, Call)
    assert len(call.values) == 2
    assert parse('"a\\"b"').root == Constant('a"b', "text", 0, 6)
    assert parse("true").root == Constant(value=True, unit="flag", start=0, end=4)
    odd = parse('fact("measures.a b/c")')
    assert [name.name for name in odd.names] == ["measures.a b/c"]


def test_a_node_knows_how_it_was_written() -> None:
    """Parentheses belong to what they hold, so that reasons quote the whole of it."""
    expression = parse("(a + b) * 2 == 4")
    assert isinstance(expression.root, Compare)
    assert expression.source(expression.root.first) == "(a + b) * 2"


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("tests.failed = 0", 13, "write '=='"),
        ("tests.failed ==", 15, "the expression ends"),
        ("60 s", 3, "a unit stands right behind its number"),
        ("5sec", 1, "there is no unit 'sec'"),
        ("1mim", 1, "did you mean 'min'?"),
        ("mex(a)", 0, "did you mean 'max'?"),
        ("abs(a, b)", 0, "abs takes 1 values, not 2"),
        ("(a == 1", 7, "expected ')'"),
        ("a == 1)", 6, "')' closes nothing"),
        ("a in 1", 5, "expected '['"),
        ("'open", 0, "this string does not end"),
        ("a == 1 b", 7, "the expression should end here"),
        ("a adn b", 2, "did you mean 'and'?"),
        ("fact(tests.failed)", 0, "in quotes"),
        ("__import__('os')", 0, "there is no function '__import__'"),
        ("a.__class__", 2, ""),
        ("a; b", 1, "means nothing here"),
        ("", 0, "expected a value"),
        ("2 ** 3", 3, "expected a value"),
        ("a if b else c", 2, "the expression should end here"),
        ("lambda: 1", 6, "means nothing here"),
    ],
)
def test_errors_point_at_their_place(text: str, position: int, said: str) -> None:
    """Each error says what is wrong, where, and what to write instead."""
    if text == "a.__class__":
        assert isinstance(parse(text).root, Name)
        return
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.position == position
    assert said in str(caught.value)
    picture = caught.value.message.split("\n")
    assert picture[-1].index("^") == position + 4
    assert picture[-2][4:] == text


def test_a_long_expression_shows_only_the_neighbourhood_of_its_error() -> None:
    """The caret stays below the wrong character."""
    with pytest.raises(ExpressionError) as caught:
        parse("a == 1 and " * 20 + "= " + "and a == 1 " * 10)
    shown, caret = caught.value.message.split("\n")[-2:]
    assert len(shown) < 120
    assert shown[caret.index("^")] == "="


@pytest.mark.parametrize(
    "text",
    [
        "(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1),
        "not " * 500 + "a",
        "- " * 250 + "1",
        "max(" * 60 + "1",
        "1 + " * MAX_TOKENS + "1",
        "9" * 31,
        "a" * (MAX_LENGTH + 1),
    ],
)
def test_a_hostile_expression_is_refused(text: str) -> None:
    """Depth, length and digits are bounded, so that nothing runs out of stack or time."""
    with pytest.raises(ExpressionError):
        parse(text)


def test_long_chains_do_not_nest() -> None:
    """A row of a hundred sums is one flat node."""
    root = parse(" + ".join(["1"] * 100)).root
    assert isinstance(root, Chain)
    assert len(root.rest) == 99


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text brings anything but an expression or an `ExpressionError` inside the text."""
    read = parsed(text)
    if isinstance(read, ExpressionError):
        assert 0 <= read.position <= len(text)
        assert str(read)
    else:
        assert 0 <= read.root.start < read.root.end <= len(text)


_WORDS = [
    "a.b",
    "x-y.z",
    "1",
    "2.5",
    "60s",
    "5%",
    "'t'",
    "true",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "==",
    "<",
]
_WORDS += ["and", "or", "not", "in", "max", "fact", "suites.*.x"]


@given(st.lists(st.sampled_from(_WORDS), max_size=25))
def test_any_row_of_words_is_read_or_refused(words: list[str]) -> None:
    """Words of the language in any order never break the reader, and tokens give the text back."""
    text = " ".join(words)
    assert [token.end - token.start for token in tokens(text)][:-1] == [len(word) for word in words]
    read = parsed(text)
    if isinstance(read, ExpressionError):
        assert 0 <= read.position <= len(text)


def test_the_tables_are_what_the_page_lists() -> None:
    """Units and functions are few; a new one has to be documented."""
    assert set(FUNCTIONS) == {"min", "max", "sum", "abs", "percent", "fact"}
    assert {unit for unit, _ in UNITS.values()} == {"ns", "bytes", "ppm"}
