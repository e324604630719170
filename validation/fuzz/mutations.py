"""Real files with something wrong in them: bytes changed, lines lost, pieces of others put in."""

from __future__ import annotations

import sysconfig
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from overt.lint.rules import all_rules

_LARGEST = 40_000
_MOST = 400
_GROWN = 200_000
HERE = Path(__file__).parent

ODD_BYTES = (
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\r",
    b"\r\n",
    b"\f",
    b"\x1a",
    b"\x85",
    b"\\",
    b"\\\n",
    b'"""',
    b"'",
    b"\t ",
    "\u2028".encode(),
    "ä".encode(),
    "𝐱".encode(),
)
PYTHON_PIECES = (
    *ODD_BYTES,
    b"# -*- coding: latin-1 -*-\n",
    b"# coding: utf-16\n",
    b"# coding: idna\n",
    b"# coding: rot13\n",
    b"# coding: undefined\n",
    b"'\\ud800'",
    b"9" * 5000,
    b"# overt: allow ",
    b"# overt: allow OV202,OV201 until=2020-13-45 -- x\n",
    b"  # overt: allow OV101 -- kept\n",
    b"global x\n",
    b"nonlocal x\n",
    b"from .......... import *\n",
    b"if TYPE_CHECKING:\n",
    b"lambda: ",
    b"(",
    b"[",
    b"{**",
    b"f'{",
    b"async ",
    b"await ",
    b"yield ",
    b"not ",
    b"-",
    b"x := ",
    b"*",
    b"match x:\n case ",
    b"type X = ",
    b"def f[T](x=[]):\n ",
    b"class A(B, metaclass=C):\n ",
    b"except* E:\n",
    b"import threading as t; x = t.local()\n",
)
ELIXIR_PIECES = (
    *ODD_BYTES,
    b"# overt: allow OVE101 -- kept\n",
    b"Process.put(:a, 1)",
    b" |> Process.put(1)",
    b"&Process.get/1",
    b"apply(Process, :put, [1, 2])",
    b"alias Process, as: P\n",
    b"import Process, only: [put: 2]\n",
    b":erlang.get()",
    b"spawn(fn -> ",
    b" do ",
    b" end ",
    b"~s(",
    b'"#{',
    b"<<",
    b"%{",
    b"->",
    b"?",
    b"@doc ",
)


class Source(bytes):
    """A source whose representation is short; the checker keeps what fails."""

    def __repr__(self) -> str:
        """Return its length and its end."""
        return f"<{len(self)} bytes, the last {self[-60:]!r}>"


Change = tuple[str, int, int, int]


def python_files() -> list[bytes]:
    """Return the examples of the rules and files of the standard library, the same ones on every machine."""
    root = Path(sysconfig.get_paths()["stdlib"])
    names = sorted(path for path in root.rglob("*.py") if "site-packages" not in path.parts)
    files = [path.read_bytes() for path in names if path.stat().st_size < _LARGEST]
    step = max(1, len(files) // _MOST)
    rules = [text.encode() for rule in all_rules() if rule.kind != "elixir" for text in (rule.bad, rule.good)]
    return [*rules, *files[::step]]


def elixir_files() -> list[bytes]:
    """Return the examples of the Elixir rules and the files beside this one."""
    rules = [text.encode() for rule in all_rules() if rule.kind == "elixir" for text in (rule.bad, rule.good)]
    return [*rules, *(path.read_bytes() for path in sorted((HERE / "seeds").iterdir()))]


def _changed(source: bytes, change: Change, files: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    """Return a source after one change; places are taken modulo its length."""
    kind, first, second, third = change
    start = first % (len(source) + 1)
    end = min(len(source), start + second % 200)
    match kind:
        case "flip":
            return source[:start] + bytes([third % 256]) + source[start + 1 :]
        case "cut":
            return source[:start] + source[end:]
        case "end":
            return source[:start]
        case "piece":
            return source[:start] + pieces[third % len(pieces)] + source[start:]
        case "again":
            return source[:end] + source[start:end] * (third % 40) + source[end:]
        case "nest":
            return source[:start] + pieces[second % len(pieces)] * (third % 3000) + source[start:]
        case "line":
            lines = source.splitlines(keepends=True) or [b""]
            lines.insert(first % len(lines), lines.pop(second % len(lines)))
            return b"".join(lines)
        case _:
            other = files[third % len(files)]
            begin = second % (len(other) + 1)
            return source[:start] + other[begin : begin + 400] + source[end:]


_KINDS = ("flip", "cut", "end", "piece", "again", "nest", "line", "splice")


def mutated(files: Sequence[bytes], pieces: Sequence[bytes]) -> st.SearchStrategy[Source]:
    """Return sources made of real ones by one to five changes.

    Args:
        files: The real ones.
        pieces: What is put in.
    """
    place = st.integers(0, 1_000_000)
    change = st.tuples(st.sampled_from(_KINDS), place, place, place)

    def apply(chosen: tuple[int, list[Change]]) -> Source:
        source = files[chosen[0]]
        for each in chosen[1]:
            source = _changed(source, each, files, pieces)[:_GROWN]
        return Source(source)

    return st.tuples(st.integers(0, len(files) - 1), st.lists(change, min_size=1, max_size=5)).map(apply)
