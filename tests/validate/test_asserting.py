"""Tests that look at nothing are found by reading them; those that check somewhere else are left alone."""

from __future__ import annotations

import textwrap

import pytest

from overt.validate.asserting import Reader

CHECKING = {
    "an assertion": "def test_x():\n    assert shop()",
    "an expected error": "def test_x():\n    with pytest.raises(KeyError):\n        shop()",
    "an expected warning": "def test_x():\n    with pytest.warns(UserWarning):\n        shop()",
    "pytest.fail": "def test_x():\n    if not shop():\n        pytest.fail('no')",
    "an error of its own": "def test_x():\n    if not shop():\n        raise RuntimeError",
    "unittest": "class TestX(unittest.TestCase):\n    def test_x(self):\n        self.assertEqual(shop(), 1)",
    "a mock": "def test_x(shop):\n    shop.pay.assert_called_once_with(1)",
    "awaiting": "async def test_x():\n    assert await shop()",
    "hypothesis": "@given(st.text())\ndef test_x(text):\n    shop(text)",
    "a helper": "def same(a, b):\n    assert a == b\n\ndef test_x():\n    same(shop(), 1)",
    "a method of the class": "class TestX:\n    def look(self):\n        assert shop()\n\n"
    "    def test_x(self):\n        self.look()",
    "a method of a class elsewhere": "class TestX(Base):\n    def test_x(self):\n        self.run(shop)",
    "a helper of a helper": "def a():\n    b()\n\ndef b():\n    assert shop()\n\ndef test_x():\n    a()",
    "a helper in a file beside it": "from helpers import look\n\ndef test_x():\n    look(shop)",
    "a fixture that checks": "def test_x(unchanged):\n    shop()",
    "a snapshot": "def test_x(snapshot):\n    snapshot.match(shop())",
    "a matcher": "def test_x(pytester):\n    pytester.run().stdout.fnmatch_lines(['*'])",
    "an inner function": "def test_x():\n    def done(it):\n        assert it\n    shop(done)",
}
BLIND = {
    "a call": "def test_x():\n    shop()",
    "nothing": "def test_x():\n    pass",
    "a decorated call": "@pytest.mark.slow\n@pytest.mark.parametrize('x', [1])\ndef test_x(x):\n    shop(x)",
    "a swallowed error": "def test_x():\n    try:\n        shop()\n    except Exception:\n        pass",
    "a helper that checks nothing": "def help():\n    shop()\n\ndef test_x():\n    help()",
    "functions that call each other": "def a():\n    b()\n\ndef b():\n    a()\n\ndef test_x():\n    a()",
    "a fixture that checks nothing": "def test_x(harmless):\n    shop(harmless)",
    "a mock that is asked nothing": "def test_x(mocker):\n    shop(mocker.Mock())",
}


@pytest.fixture
def tests(tmp_path):
    """Return a project's folder with helpers and fixtures."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/helpers.py").write_text("def look(it):\n    assert it\n")
    (tmp_path / "tests/conftest.py").write_text(
        "import pytest\n\n@pytest.fixture\ndef unchanged():\n    yield\n    assert True\n\n"
        "@pytest.fixture\ndef harmless():\n    return 1\n"
    )
    return tmp_path


def asserts(root, text):
    """Return what is found about the test `test_x` of a file."""
    (root / "tests/test_a.py").write_text(textwrap.dedent(text))
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if "def test_x" in line)
    while at and lines[at - 1].lstrip().startswith("@"):
        at -= 1
    return Reader(root).asserts("tests/test_a.py", at + 1, "test_x")


@pytest.mark.parametrize("text", CHECKING.values(), ids=CHECKING)
def test_should_not_warn_of_a_test_that_checks(tests, text):
    """Whatever way it checks in."""
    assert asserts(tests, text) is True


@pytest.mark.parametrize("text", BLIND.values(), ids=BLIND)
def test_warns_of_a_test_that_checks_nothing(tests, text):
    """It calls, and looks at nothing that comes of it."""
    assert asserts(tests, text) is False


def test_says_nothing_about_what_it_cannot_read(tests):
    """A file that is not there, is no Python, or does not hold the test there, is not judged."""
    (tests / "tests/test_b.py").write_text("def test_x(:\n")
    (tests / "tests/test_c.py").write_text("def test_x(): pass\n")
    reader = Reader(tests)
    assert [reader.asserts(f"tests/test_{name}.py", 1, "test_x") for name in "ab"] == [None, None]
    assert reader.asserts("tests/test_c.py", 7, "test_x") is None
    assert reader.asserts("tests/test_c.py", 1, "test_y") is None
