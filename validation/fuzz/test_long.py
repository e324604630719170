"""Sources that are long, deep or tangled, and sources that are odd in one way: each is answered in time.

The limit is that of the checker, far above what any of them takes; work that grows with the square of the length goes
past it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from .checker import Checker

N = 8000
pytestmark = pytest.mark.timeout(300)


def _many(text: str, count: int = N) -> str:
    return "".join(text.replace("@@", str(n + 1)).replace("@", str(n)) for n in range(count))


LONG = {
    "tasks": lambda: "import asyncio\nasync def f():\n" + _many(" t@ = asyncio.create_task(g())\n"),
    "threads": lambda: "import threading\ndef f():\n" + _many(" t@ = threading.Thread()\n t@.start()\n"),
    "sites": lambda: "rows = []\ndef f():\n" + _many(" rows.append(@)\n"),
    "globals": lambda: _many("x@ = 0\ndef f@():\n global x@\n x@ += 1\n"),
    "rebinds": lambda: "def f():\n global x\n" + _many(" x = x + @\n"),
    "bindings": lambda: _many("x = []\n") + "def f():\n" + _many(" x.append(@)\n"),
    "classes": lambda: _many("class A@:\n x = []\n def f(self): self.x.append(1)\n"),
    "bases": lambda: "class A0: x = []\n" + _many("class A@@(A@):\n def f(self): self.x.append(1)\n"),
    "aliases": lambda: "a0 = []\n" + _many("a@@ = a@\n") + "def f():\n" + _many(" a@.append(1)\n"),
    "calls": lambda: "x = []\n" + _many("def _f@():\n x.append(1)\n _f@@()\n") + "_f0()\n",
    "layers": lambda: (
        "x = []\n"
        + _many("def _a@():\n _a@@(); _b@@()\ndef _b@():\n _a@@(); _b@@()\n", 40)
        + "def _a40(): x.append(1)\ndef _b40(): x.append(2)\n_a0()\n_b0()\n"
    ),
    "allowances": lambda: _many("x@ = []  # overt: allow OV202 -- bä\ndef f@(): x@.append('ä')\n"),
    "imports": lambda: _many("import a@\n") + "def f():\n" + _many(" a@.x.append(1)\n"),
    "defaults": lambda: "def f(" + _many("a@=[], ") + "):\n" + _many(" a@.append(1)\n"),
    "elements": lambda: "x = [" + "1, " * 100_000 + "]\ndef f(): x.append(1)\n",
    "statements": lambda: "x = 1;" * 50_000,
    "lines": lambda: "\n" * 1_000_000 + "def f(): global x; x = 1\n",
    "comments": lambda: "# overt: allow \n" * 5000,
    "continued": lambda: "# overt: allow OV202 -- x\nx = 1" + "\\\n" * 20_000 + "\n",
    "parentheses": lambda: "(" * 100_000,
    "attributes": lambda: "x" + ".a" * 100_000,
    "called": lambda: "x" + "()" * 100_000,
    "negated": lambda: "not " * 100_000 + "1",
    "minus": lambda: "-" * 100_000 + "1",
    "lambdas": lambda: "lambda:" * 100_000 + "1",
    "sums": lambda: "a" + " + a" * 100_000,
    "conditions": lambda: "a" + " if a else a" * 100_000,
    "elifs": lambda: "if a: pass\n" + "elif b: pass\n" * 20_000,
    "blocks": lambda: "".join(" " * n + "if a:\n" for n in range(99)) + " " * 99 + "pass\n",
    "functions": lambda: "".join(" " * n + "def f():\n" for n in range(98)) + " " * 98 + "x = []\n",
    "digits": lambda: "x = " + "9" * 1_000_000,
    "large": lambda: "# " + "x" * 5_000_000,
}
ELIXIR = {
    "aliases": lambda: _many("alias A@\n") + _many("def f@ do x end\n"),
    "inner": lambda: _many("def f@ do\n alias A@\n Process.put(:a, @)\nend\n"),
    "puts": lambda: _many("Process.put(:a, @)\n"),
    "functions": lambda: "defmodule A do\n" + _many("def f@ do Process.put(:a, @) end\n") + "end\n",
    "pipes": lambda: "a" + " |> Process.put(1)" * N + "\n",
    "allowances": lambda: _many("# overt: allow OVE101 -- x\nProcess.put(:a, @)\n"),
    "parentheses": lambda: "(" * 50_000 + ")" * 50_000,
    "blocks": lambda: "a do alias A; " * 5000 + "end " * 5000,
    "strings": lambda: '"#{' * 20_000,
    "garbage": lambda: ")]}{[(" * 20_000,
    "sums": lambda: "a" + " + a" * 50_000,
}
ODD = {
    "null": b"x = 1\0\n",
    "nulls": b"\0" * 1000,
    "utf-16": "x = 1\n".encode("utf-16"),
    "bad byte": b"x = '\xff'\n",
    "bad byte in a comment": b"# \xff overt: allow\nx = 1\n",
    "surrogate": b"x = '\xed\xa0\x80'\n",
    "written surrogate": b"x = []\ndef f(): x['\\ud800'] = 1\n",
    "surrogate in the environment": b"import os\ndef f(): os.environ['\\ud800\\n\\x1b[31m'] = '1'\n",
    "mark and another encoding": b"\xef\xbb\xbf# coding: latin-1\nx = 1\n",
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbfx = 1\n",
    "old line ends": b"x = []\rdef f():\r    x.append(1)\r",
    "end of file character": b"x = 1\n\x1a\n",
    "only a continuation": b"\\",
    "name in another form": "𝐱 = []\ndef f(): x.append(1)\n".encode(),
}
CODINGS = (
    "idna",
    "punycode",
    "undefined",
    "rot13",
    "hex",
    "zip",
    "utf-7",
    "utf-16",
    "cp037",
    "mbcs",
    "none",
    "x" * 300,
)


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    """Give a watched worker."""
    with closing(Checker(tmp_path_factory.mktemp("long"))) as made:
        yield made


@pytest.mark.parametrize("name", LONG)
def test_long_deep_and_tangled_python_is_answered_in_time(checker: Checker, name: str) -> None:
    """Read or refused as nested too deeply; never killed, never out of memory."""
    source: Callable[[], str] = LONG[name]
    found = checker.answer(source().encode(), "json", ".py")
    assert found["exit"] in {0, 1, 3}
    assert "overt failed on it" not in str(found["report"])
    assert found["errors"] == ""


@pytest.mark.parametrize("name", ELIXIR)
def test_long_deep_and_tangled_elixir_is_answered_in_time(checker: Checker, name: str) -> None:
    """The same for Elixir."""
    pytest.importorskip("tree_sitter_elixir")
    source: Callable[[], str] = ELIXIR[name]
    checker.hold(source().encode(), suffix=".ex")


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit", "gitlab"])
def test_odd_bytes_are_answered_in_every_format(checker: Checker, form: str) -> None:
    """Control characters and halves of characters reach no terminal and no document."""
    for source in ODD.values():
        checker.hold(source, form)


@pytest.mark.parametrize("coding", CODINGS)
def test_every_declared_encoding_is_answered(checker: Checker, coding: str) -> None:
    """Codecs that are none of text, that raise, that do not exist."""
    body = "x = []  # overt: allow OV202 -- ä\ndef f(): x.append('ä')\n"
    checker.hold(f"# coding: {coding}\n{body}".encode())
    checker.hold(f"# coding: {coding}\n{body}".encode("utf-16"))
