"""No source crashes the linter, and none that it cannot read is called clean."""

from __future__ import annotations

import ast
import random
import sysconfig
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overt.lint.examine import LARGEST, examine, is_test_file
from overt.lint.results import Settings
from overt.lint.rules import all_rules

STANDARD = Path(sysconfig.get_paths()["stdlib"])
_NAMES = st.sampled_from(["self", "cls", "x", "ROWS", "os", "threading", "asyncio", "X", "main", "_f"])
_SOURCES = [rule.bad for rule in all_rules()] + [rule.good for rule in all_rules()]


def _expressions() -> st.SearchStrategy[str]:
    leaves = _NAMES | st.sampled_from(["1", "'a'", "[]", "{}", "None", "set()", "threading.local()", "os.environ"])

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, st.sampled_from(["append", "x", "environ", "start", "set", "submit"])).map(".".join),
            st.tuples(inner, inner).map(lambda p: f"({p[0]})({p[1]})"),
            st.tuples(inner, inner).map(lambda p: f"({p[0]})[{p[1]}]"),
            inner.map(lambda e: f"(lambda self, x=[]: {e})"),
            st.tuples(inner, _NAMES, inner).map(lambda p: f"[{p[0]} for {p[1]} in {p[2]} if (y := {p[0]})]"),
            inner.map(lambda e: f"type({e})"),
            inner.map(lambda e: f"setattr({e}, 'x', 1)"),
            st.tuples(inner, inner).map(lambda p: f"({p[0]} if {p[1]} else {p[0]})"),
        )

    return st.recursive(leaves, grown, max_leaves=6)


def _statements() -> st.SearchStrategy[list[str]]:
    simple = st.one_of(
        st.tuples(_NAMES, _expressions()).map(lambda p: [f"{p[0]} = {p[1]}"]),
        st.tuples(_NAMES, _expressions()).map(lambda p: [f"{p[0]}: int = {p[1]}"]),
        _NAMES.map(lambda n: [f"{n}: int"]),
        st.tuples(_NAMES, _expressions()).map(lambda p: [f"{p[0]}[{p[1]}] += {p[1]}"]),
        st.tuples(_NAMES, _expressions()).map(lambda p: [f"{p[0]}.y = ({p[1]},)"]),
        _expressions().map(lambda e: [e]),
        _NAMES.map(lambda n: [f"del {n}[0], {n}.x"]),
        st.sampled_from([["import os as x"], ["from threading import local as X"], ["pass"], ["import a.b.c"]]),
    )

    def indented(lines: list[str]) -> list[str]:
        return [f"    {line}" for line in lines]

    def grown(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
        body = st.lists(inner, min_size=1, max_size=4).map(lambda parts: [line for part in parts for line in part])
        return st.one_of(
            st.tuples(_NAMES, _NAMES, body).map(lambda p: [f"def {p[0]}({p[1]}, z={{}}):", *indented(p[2])]),
            st.tuples(_NAMES, body).map(lambda p: [f"def {p[0]}():", "    global ROWS", *indented(p[1])]),
            st.tuples(_NAMES, _NAMES, body).map(lambda p: [f"class {p[0]}({p[1]}):", *indented(p[2])]),
            body.map(lambda b: ["@classmethod", "def f(cls):", *indented(b)]),
            st.tuples(_expressions(), body).map(lambda p: [f"if {p[0]}:", *indented(p[1])]),
            st.tuples(_expressions(), body).map(lambda p: [f"with {p[0]} as x:", *indented(p[1])]),
            st.tuples(_NAMES, body).map(lambda p: [f"for {p[0]}, *w in x:", *indented(p[1])]),
            body.map(lambda b: ["try:", *indented(b), "except E as e:", "    pass", "finally:", *indented(b)]),
            body.map(lambda b: ["match x:", "    case {'a': q, **rest} | [q, *rest]:", *indented(indented(b))]),
        )

    return st.recursive(simple, grown, max_leaves=12)


def verdict(source: bytes) -> None:
    """Hold what the linter says against what Python itself says about a source."""
    result = examine(source, "src/a.py", Settings())
    try:
        ast.parse(source)
        parses = True
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        parses = False
    assert bool(result.problem) is not parses, (result.problem, source)
    for hit in result.hits:
        assert 1 <= hit.line <= result.lines + 1
        assert hit.column >= 1
        assert hit.message
        assert hit.places >= 1


@given(st.lists(_statements(), max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.filterwarnings("ignore")
def test_generated_programs(parts: list[list[str]]) -> None:
    """Every shape of scope and statement, in every nesting."""
    verdict("\n".join(line for part in parts for line in part).encode())


@given(st.sampled_from(_SOURCES), st.data())
@settings(max_examples=250, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_examples_with_bytes_changed(source: str, data: st.DataObject) -> None:
    """Cut, doubled, replaced anywhere."""
    raw = bytearray(source.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(raw) - 1)))
        piece = data.draw(st.binary(max_size=3) | st.sampled_from([b"\0", b"\n", b"\t", b"(", b"\xff", b"'", b"#"]))
        raw[at : at + data.draw(st.integers(0, 5))] = piece
    verdict(bytes(raw))


@given(st.binary(max_size=60))
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_any_bytes(raw: bytes) -> None:
    """Read or refused."""
    verdict(raw)


@pytest.mark.filterwarnings("ignore")
def test_real_files_with_lines_moved_and_cut() -> None:
    """Files of the standard library, mutated line by line with a fixed seed."""
    chance = random.Random(7)
    names = sorted(path for path in STANDARD.glob("*.py") if path.stat().st_size < 40_000)
    for path in chance.sample(names, 25):
        lines = path.read_bytes().splitlines(keepends=True)
        for _ in range(4):
            changed = list(lines)
            for _ in range(chance.randint(1, 3)):
                at = chance.randrange(len(changed))
                what = chance.random()
                if what < 0.4:
                    del changed[at]
                elif what < 0.7:
                    changed.insert(at, changed[chance.randrange(len(changed))])
                else:
                    changed[at] = changed[at][: chance.randint(0, len(changed[at]))] + b"\n"
                if not changed:
                    break
            verdict(b"".join(changed))


def test_what_the_compiler_would_warn_about_does_not_stop_the_check() -> None:
    """Warnings are errors in this very test run; an old escape sequence is still only a warning."""
    result = examine(b"x = '\\d'\nassert (x, 'y')\nimport threading\nhere = threading.local()\n", "a.py", Settings())
    assert [hit.code for hit in result.hits] == ["OV101"]


def test_a_file_above_the_limit_is_refused_unparsed() -> None:
    """The limit is told."""
    assert "at most 4,000,000" in examine(b"#" * (LARGEST + 1), "a.py", Settings()).problem


@pytest.mark.parametrize("path", ["tests/a.py", "test_a.py", "src/a_test.py", "a/conftest.py", "x/test/y.py"])
def test_what_is_a_test_file(path: str) -> None:
    """By name and folder."""
    assert is_test_file(path)


@pytest.mark.parametrize("path", ["src/testing/a.py", "src/latest.py", "src/contest.py", "testament.py"])
def test_what_is_not_a_test_file(path: str) -> None:
    """Never by a part of a word."""
    assert not is_test_file(path)
