"""Every construct of the language that binds or changes a name, against one container and one global."""

from __future__ import annotations

import sys

import pytest

from overt.lint.examine import examine
from overt.lint.results import Settings

PREFIX = "import heapq, operator\nR = []\nD = {}\nN = 0\n"

SILENT = {
    "a local of the same name": "def f():\n    R = []\n    R.append(1)\n    R += [1]\n    R[0] = 2\n    del R[0]\n",
    "a parameter": "def f(R, *, D):\n    R.append(1)\n    D['a'] = 1\n",
    "star parameters": "def f(*R, **D):\n    D['a'] = R\n",
    "a loop variable": "def f(xs):\n    for R in xs:\n        R.append(1)\n",
    "a comprehension variable": "def f(xs):\n    [R.append(1) for R in xs]\n    {D.pop(1) for D in xs}\n",
    "an async comprehension variable": "async def f(xs):\n    return [R.append(1) async for R in xs]\n",
    "a lambda parameter": "f = lambda R: R.append(1)\n",
    "a lambda default": "f = lambda x, R=R: len(R)\n",
    "a with target": "def f(x):\n    with x as R:\n        R.append(1)\n",
    "an exception": "def f():\n    try:\n        pass\n    except ValueError as R:\n        R.append(1)\n",
    "an exception group": "def f():\n    try:\n        pass\n    except* ValueError as R:\n        R.append(1)\n",
    "names in a pattern": "def f(x):\n    match x:\n        case [R, *D]:\n            R.append(1), D.append(2)\n"
    "        case {'a': 1, **D}:\n            D['a'] = 1\n        case str() as R:\n            R.append(1)\n",
    "a walrus of the same name": "def f():\n    if R := []:\n        R.append(1)\n",
    "a walrus out of a comprehension": "def f(xs):\n    [(R := [x]) for x in xs]\n    R.append(1)\n",
    "an import of the same name": "def f():\n    from x import R\n    R.append(1)\n",
    "a nested function": "def f():\n    R = []\n    def g():\n        R.append(1)\n    return g\n",
    "a nonlocal": "def f():\n    N = 0\n    def g():\n        nonlocal N\n        N += 1\n    return g\n",
    "a class attribute of the same name": "def f():\n    class A:\n        R = []\n        R.append(1)\n    return A\n",
    "an attribute of the same name": "def f(x):\n    x.R.append(1)\n    x.D['a'] = 1\n",
    "reading": "def f(x):\n    len(R), R[0], D.get(x), D['a'].name, [*R], {**D}, N + 1\n    return R.copy()\n",
    "what runs at import": "[R.append(x) for x in (1, 2)]\nfor x in R:\n    D[x] = 1\nN += 1\ndel D[1]\n",
    "what a class body does at import": "class A:\n    R.append(1)\n    D['a'] = 1\n",
    "a default argument, evaluated at import": "def f(x=R.append(1)):\n    return x\n",
    "a decorator at import": "@R.append\ndef f():\n    pass\n",
    "a copy": "def f():\n    rows = list(R)\n    rows.append(1)\n    part = R[:]\n    part.append(1)\n",
    "a choice between copies": "def f(x):\n    rows = x or list(R)\n    rows.append(1)\n",
    "another operator of the same name": "def f(x, setitem):\n    setitem(x, 1, 2)\n",
    "an annotation": "def f(x: 'R.append') -> D.pop:\n    y: R.append\n",
}

FOUND = {
    "append": "def f():\n    R.append(1)\n",
    "an item": "def f():\n    D['a'] = 1\n",
    "an item with an annotation": "def f():\n    D['a']: int = 1\n",
    "an augmented item": "def f():\n    D['a'] += 1\n",
    "a slice": "def f():\n    R[:] = []\n",
    "a deleted item": "def f():\n    del D['a'], R[0]\n",
    "unpacking into items": "def f():\n    D['a'], (R[0], *R[1:]) = 1, (2, 3)\n",
    "a loop into an item": "def f():\n    for D['k'] in range(3):\n        pass\n",
    "a context manager into an item": "def f(x):\n    with x as D['k']:\n        pass\n",
    "an async with": "async def f(x):\n    async with x as D['k']:\n        pass\n",
    "an async for": "async def f(x):\n    async for i in x:\n        R.append(i)\n",
    "a list comprehension": "def f(xs):\n    [R.append(x) for x in xs]\n",
    "a condition of a comprehension": "def f(xs):\n    return {x for x in xs if R.append(x)}\n",
    "an async comprehension": "async def f(xs):\n    return [x async for x in xs if await D.pop(x)]\n",
    "a generator": "def f(xs):\n    return (D.pop(x) for x in xs)\n",
    "a walrus": "def f():\n    if x := R.pop():\n        return x\n",
    "a walrus as the owner": "def f():\n    (r := R).append(1)\n",
    "a lambda": "f = lambda x: R.append(x)\ng = print(f)\n",
    "a lambda in a call": "def f(xs):\n    return sorted(xs, key=lambda x: D.setdefault(x, 1))\n",
    "a guard": "def f(x):\n    match x:\n        case 1 if R.append(1):\n            pass\n",
    "the subject of a match": "def f():\n    match D.pop(1):\n        case _:\n            pass\n",
    "a decorator inside a function": "def f():\n    @R.append\n    def g():\n        pass\n",
    "a class body inside a function": "def f():\n    class A:\n        R.append(1)\n",
    "a nested function": "def f():\n    def g():\n        R.append(1)\n    return g\n",
    "a method": "class A:\n    def f(self):\n        R.append(1)\n",
    "yield": "def f():\n    yield R.append(1)\n",
    "yield from": "def f():\n    yield from D.pop(1)\n",
    "await": "async def f():\n    await D.pop(1)\n",
    "return": "def f():\n    return R.pop()\n",
    "raise": "def f():\n    raise D.pop(1) from R.pop()\n",
    "assert": "def f():\n    assert R.append(1) is None\n",
    "an f-string": "def f():\n    return f'{R.pop()}'\n",
    "an index": "def f(x):\n    x[R.pop()] = 1\n",
    "a slice bound": "def f(x):\n    return x[D.pop(1) : 2]\n",
    "star arguments": "def f():\n    print(*R.pop(), **D.pop(1))\n",
    "try and finally": "def f():\n    try:\n        pass\n    finally:\n        R.clear()\n",
    "an exception group": "def f():\n    try:\n        pass\n    except* ValueError:\n        R.append(1)\n",
    "a chain of calls": "def f():\n    D.setdefault('a', []).append(1)\n",
    "an element": "def f():\n    D['a'].append(1)\n",
    "another name": "def f():\n    rows = R\n    rows.append(1)\n",
    "another name of the module": "rows = R\ndef f():\n    rows.append(1)\n",
    "another name for a method": "def f():\n    add = R.append\n    add(1)\n",
    "another name of the module for a method": "note = R.append\ndef f():\n    note(1)\n",
    "a choice": "def f(x):\n    rows = x or R\n    rows.append(1)\n",
    "a conditional choice": "def f(x):\n    rows = R if x else []\n    rows.append(1)\n",
    "a method handed on": "def f(xs):\n    return map(R.append, xs)\n",
    "a method given back": "def f():\n    return D.update\n",
    "an unbound method": "def f():\n    list.append(R, 1)\n",
    "a function of heapq": "def f():\n    heapq.heappush(R, 1)\n",
    "a function of operator": "def f():\n    operator.setitem(D, 1, 2)\n",
    "a special method": "def f():\n    D.__setitem__(1, 2)\n",
    "only where an import fails": "try:\n    from x import Q\nexcept ImportError:\n    Q = []\n"
    "def f():\n    Q.append(1)\n",
    "only under a condition": "if N:\n    Q = {}\nelse:\n    Q = None\ndef f():\n    Q['a'] = 1\n",
}

REBOUND = {
    "assignment": "def f():\n    global N\n    N = 1\n",
    "annotated elsewhere": "N: int\ndef f():\n    global N\n    N = 1\n",
    "augmented assignment": "def f():\n    global N\n    N += 1\n",
    "a union in place": "def f():\n    global D\n    D |= {1: 2}\n",
    "a walrus": "def f():\n    global N\n    if N := 1:\n        pass\n",
    "a walrus in a comprehension": "def f(xs):\n    global N\n    [(N := x) for x in xs]\n",
    "a loop": "def f(xs):\n    global N\n    for N in xs:\n        pass\n",
    "a context manager": "def f(x):\n    global N\n    with x as N:\n        pass\n",
    "a pattern": "def f(x):\n    global N\n    match x:\n        case [N, _]:\n            pass\n",
    "a star pattern": "def f(x):\n    global N\n    match x:\n        case [_, *N]:\n            pass\n",
    "an exception": "def f():\n    global N\n    try:\n        pass\n    except ValueError as N:\n        pass\n",
    "unpacking": "def f(x):\n    global N\n    (_, *N) = x\n",
    "deletion": "def f():\n    global N\n    del N\n",
    "a function": "def f():\n    global N\n    def N():\n        pass\n",
    "a class": "def f():\n    global N\n    class N:\n        pass\n",
    "a nested function": "def f():\n    def g():\n        global N\n        N = 1\n    return g\n",
}


def found(body: str) -> list[str]:
    """Return the rules that speak about a body."""
    result = examine((PREFIX + body).encode(), "src/example.py", Settings())
    assert result.problem == ""
    return sorted({hit.code for hit in result.hits})


@pytest.mark.parametrize("name", SILENT)
def test_should_not_report_names_of_other_scopes_reading_and_import_time(name: str) -> None:
    """Should NOT report what only looks like the module's own."""
    assert found(SILENT[name]) == []


@pytest.mark.parametrize("name", FOUND)
def test_reports_a_container_changed_by_any_construct(name: str) -> None:
    """Whatever changes it, wherever it stands."""
    assert found(FOUND[name]) == ["OV202"]


@pytest.mark.parametrize("name", REBOUND)
def test_reports_a_global_rebound_by_any_construct(name: str) -> None:
    """Whatever binds it."""
    assert found(REBOUND[name]) == ["OV201"]


NEWER = (
    "type Rows[T] = list[T]\nclass Box[T]:\n    rows = []\n    def put[S](self, x: S):\n        self.rows.append(x)\n"
)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="syntax of Python 3.12")
def test_the_syntax_of_python_3_12_is_understood() -> None:
    """Type aliases and type parameters bind names of their own."""
    assert found(NEWER + "def f[R](x: R) -> R:\n    R.append(x)\n    D[x] = x\n") == ["OV202", "OV301"]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="syntax that this Python does not know")
def test_a_file_in_a_newer_python_is_unreadable_and_says_which_python_reads_it() -> None:
    """Never green; the reader learns what to run it with."""
    result = examine(NEWER.encode(), "src/example.py", Settings())
    assert result.problem == "cannot be parsed: invalid syntax; it needs Python 3.12 or newer"
    assert result.problem_line == 1
