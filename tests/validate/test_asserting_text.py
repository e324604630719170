"""What the lines of a function show is what its syntax tree says."""

from __future__ import annotations

import ast

import pytest

from overt.validate.asserting import Reader
from overt.validate.asserting_text import plainly_asserts

SHOWN = (
    "def test_a():\n    assert f()",
    "async def test_a(\n    b,\n) -> None:\n    b = 1\n\n# left\n    assert b",
    'def test_a():\n    """One line."""\n    with pytest.raises(ValueError):\n        f()',
    "def test_a():\n    '''\n    No.'''\n    if f():\n        raise ValueError",
    'class TestB:\n    def test_a(self):\n        """\n        Many lines.\n        """\n        assert self',
    "@mark(\n    1,\n)\ndef test_a():\n    assert 1",
)
NOT_SHOWN = (
    "def test_a():\n    f()\n\ndef test_b():\n    assert 1",
    'def test_a():\n    """\n    assert 1\n    """',
    'def test_a():\n    b = """\n    assert 1\n    """',
    "def test_a():\n    b = '\\\n    assert 1'",
    "def test_a():\n    f(1)  # assert 1\n    # assert 2",
    "def test_a():\n    assertion = 1",
    'def test_a():\n    """a\\"""\n    assert 1\n    """',
    'def test_a():\n    """a""" """\n    assert 1\n    """',
    'def test_a():\n    """a\n    """ """\n    assert 1\n    """',
    "def test_a():\n    pass\nassert 1",
    "class TestB:\n    def test_a(self):\n        f()\n    assert 1",
    "def test_b():\n    assert 1",
    "",
)


@pytest.mark.parametrize("text", SHOWN)
def test_a_check_that_stands_on_a_line_is_seen(text):
    """Assertions, errors that are raised and errors that are expected, after whatever comes first."""
    line = next(
        number for number, one in enumerate(text.splitlines(), 1) if one.lstrip().startswith(("@", "def", "as"))
    )
    assert plainly_asserts(text.splitlines(), line, "test_a") == ("'''" not in text)


@pytest.mark.parametrize("text", NOT_SHOWN)
def test_what_only_looks_like_a_check_is_none(text):
    """Texts, comments, names that begin alike, and what stands behind the function."""
    assert not plainly_asserts(text.splitlines(), 1, "test_a")


@pytest.mark.parametrize("text", [*SHOWN, *NOT_SHOWN])
def test_both_ways_agree(text, tmp_path):
    """Whatever the lines show, the tree says too."""
    (tmp_path / "test_x.py").write_text(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            slow = Reader(tmp_path)
            slow._texts["test_x.py"] = []
            shown = plainly_asserts(text.splitlines(), node.lineno, node.name)
            assert not shown or slow.asserts("test_x.py", node.lineno, node.name)
