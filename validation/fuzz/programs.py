"""Programs that are right as the grammar goes, full of what the rules look for."""

from __future__ import annotations

from hypothesis import strategies as st

Lines = list[str]

NAMES = ("x", "rows", "_CACHE", "A", "self", "cls", "f", "_g", "os", "threading", "functools", "time", "ä", "main")
BASES = (
    "[]",
    "{}",
    "set()",
    "dict(a=1)",
    "None",
    "1",
    "'a'",
    "b'\\x00'",
    "...",
    "'\\ud800'",
    "threading.local()",
    "ContextVar('c', default=[])",
    "weakref.WeakValueDictionary()",
    "asyncio.create_task(f())",
    "threading.Thread(target=f)",
    "threading.current_thread()",
    "sys.modules[__name__].__dict__",
    "globals()",
    "os.environ",
    "functools.lru_cache(maxsize=None)(f)",
    "type(self)",
    "f'{x!r:>{rows}}'",
)
CALLS = ("append", "update", "pop", "clear", "setdefault", "start", "set", "acquire", "submit", "register", "x")
SMALL = (
    "pass",
    "import os, threading as t",
    "from threading import local as L",
    "from . import rows",
    "from functools import *",
    "global x, rows",
    "nonlocal x",
    "return x",
    "raise A from None",
    "assert x, rows",
    "del rows[0], self.x",
    "os.chdir('/')",
    "random.seed(1)",
    "warnings.simplefilter('ignore')",
    "atexit.register(f)",
    "setattr(A, 'x', 1)",
    "__all__ = ['f']",
    "time.sleep(1)",
    "...",
)
HEADS = (
    "if x is None:",
    "if __name__ == '__main__':",
    "if TYPE_CHECKING:",
    "for x in rows:",
    "for self.x, *rows[0] in f():",
    "while not x:",
    "with lock, open('a') as rows:",
    "with (yield):",
    "try:",
    "class A:",
    "class A(threading.local, metaclass=M):",
    "class A(Base, Generic[T]):",
    "def f():",
    "def f(self, x=[], *rows, a={}, **k) -> A:",
    "def _g(cls):",
    "def main():",
    "async def f(x, /, *, rows=None):",
    "@functools.cache\ndef f(x):",
    "@classmethod\ndef f(cls):",
    "@rows.append\nclass A:",
    "match x:\n    case {'a': [1, *x], **rows} if x:",
)
_TAILS = {"try:": ("except E as x:", "except* E:", "finally:"), "if": ("elif x:", "else:"), "for": ("else:",)}

_name = st.sampled_from(NAMES)


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, _name).map(lambda p: f"({p[0]}).{p[1]}"),
        st.tuples(_name, st.sampled_from(CALLS), inner).map(lambda p: f"{p[0]}.{p[1]}({p[2]})"),
        st.tuples(inner, st.sampled_from(CALLS), inner).map(lambda p: f"({p[0]}).{p[1]}(*{p[2]})"),
        pair.map(lambda p: f"({p[0]})[{p[1]}]"),
        pair.map(lambda p: f"({p[0]} + {p[1]})"),
        pair.map(lambda p: f"({p[0]} if {p[1]} else {p[0]})"),
        pair.map(lambda p: f"[{p[0]} for x in {p[1]} if x]"),
        pair.map(lambda p: f"{{{p[0]}: {p[1]}, **{p[1]}}}"),
        inner.map(lambda e: f"(lambda x=[], *rows: {e})"),
        inner.map(lambda e: f"(x := {e})"),
        inner.map(lambda e: f"(await {e})"),
        inner.map(lambda e: f"(yield {e})"),
        inner.map(lambda e: f"(not {e})"),
    )


expressions = st.recursive(st.one_of(_name, st.sampled_from(BASES)), _wider, max_leaves=8)

_targets = st.one_of(
    _name,
    st.tuples(_name, _name).map(lambda p: f"{p[0]}.{p[1]}"),
    st.tuples(_name, expressions).map(lambda p: f"{p[0]}[{p[1]}]"),
    st.tuples(_name, _name).map(lambda p: f"{p[0]}, *{p[1]}.x"),
    _name.map(lambda n: f"{n}[:]"),
    st.just("type(self).rows"),
    st.just("self.__class__.x"),
    st.just("f.calls"),
)

_simple = st.one_of(
    st.sampled_from(SMALL),
    expressions,
    st.tuples(_targets, expressions).map(" = ".join),
    st.tuples(_targets, _targets, expressions).map(" = ".join),
    st.tuples(_name, expressions).map(lambda p: f"{p[0]}.x += {p[1]}"),
    st.tuples(_name, expressions).map(lambda p: f"{p[0]} |= {p[1]}"),
    st.tuples(_name, expressions).map(lambda p: f"{p[0]}: A[{p[0]}] = {p[1]}"),
)
_comments = st.sampled_from(("", "", "", "  # overt: allow OV202 -- kept", "  # overt: allow", "  # é\t\x0c"))


def _small(parts: tuple[str, str]) -> Lines:
    return ["".join(parts)]


def _indented(lines: Lines) -> Lines:
    return [f"    {line}" for line in lines]


def _block(inner: st.SearchStrategy[Lines]) -> st.SearchStrategy[Lines]:
    bodies = st.lists(inner, min_size=1, max_size=3).map(lambda parts: [line for part in parts for line in part])

    def build(parts: tuple[str, Lines, Lines, int]) -> Lines:
        head, body, more, chosen = parts
        lines = head.split("\n")
        deeper = _indented(body)
        if lines[-1].startswith("    "):
            deeper = _indented(deeper)
        tails = next((found for start, found in _TAILS.items() if head.startswith(start)), ())
        if tails and (chosen or head == "try:"):
            deeper += [tails[chosen % len(tails)], *_indented(more)]
        return [*lines, *deeper]

    return st.tuples(st.sampled_from(HEADS), bodies, bodies, st.integers(0, 3)).map(build)


_statements = st.recursive(st.tuples(_simple, _comments).map(_small), _block, max_leaves=8)

python_programs = st.tuples(
    st.lists(_statements, min_size=1, max_size=4), st.sampled_from(("\n", "\n", "\r\n", "\r")), st.booleans()
).map(
    lambda parts: (
        (b"\xef\xbb\xbf" if parts[2] else b"")
        + (parts[1].join(line for part in parts[0] for line in part) + parts[1]).encode("utf-8")
    )
)
