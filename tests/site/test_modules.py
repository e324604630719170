"""Modules and imports are read from the files, and nothing is imported."""

from __future__ import annotations

from overt.audit.imports import module_name
from overt.site.graph import Graph, Part, collapse, connected, cycles, essential, largest, without_ways_back
from overt.site.modules import Module, read_modules


def graph(*edges: tuple[str, str]) -> Graph:
    names = sorted({name for edge in edges for name in edge})
    return Graph(tuple(Part(name, (name,), 1) for name in names), dict.fromkeys(edges, 1))


def test_imports_of_every_form_are_found() -> None:
    """Absolute, from, relative, aliased and nested imports count; foreign ones do not."""
    sources = {
        "src/p/__init__.py": b"",
        "src/p/a.py": b"import os, p.b\nfrom p import c as x\nfrom . import d\nfrom .sub import e\n",
        "src/p/b.py": b"def f():\n    from p.c import thing\n",
        "src/p/c.py": b"",
        "src/p/d.py": b"",
        "src/p/sub/__init__.py": b"from ..d import y\nfrom . import e\n",
        "src/p/sub/e.py": b"from .. import c\n",
    }
    found = {module.name: module.imports for module in read_modules(sources, ["src/p"])}
    assert found["p.a"] == ("p.b", "p.c", "p.d", "p.sub.e")
    assert found["p.b"] == ("p.c",)
    assert found["p.sub"] == ("p.d", "p.sub.e")
    assert found["p.sub.e"] == ("p.c",)


def test_a_module_that_cannot_be_read_says_why() -> None:
    """A syntax error is told, and the other modules are still there."""
    broken, fine = read_modules({"p/__init__.py": b"", "p/x.py": b"def ("}, ["p"])[::-1]
    assert broken.failure
    assert fine.name == "p"


def test_a_file_outside_of_any_package_has_no_name() -> None:
    """A script in a folder without `__init__` cannot be imported under the package's name."""
    found = read_modules({"p/__init__.py": b"", "p/scripts/x.py": b"", "p-x/y.py": b""}, ["p"])
    assert [module.name for module in found] == ["p"]


def test_a_single_file_is_a_package_of_its_own() -> None:
    """A project of one file has one module."""
    assert module_name("src/six.py", "src/six.py") == "six"


def test_tests_inside_a_package_are_no_part_of_its_interface() -> None:
    """They have no page; a package that is itself named so has one."""
    names = ("p", "p.a", "p._b", "p.tests", "p.tests.util", "p.test_x", "p.conftest", "p.testing", "tests", "_q")
    public = [module.name for module in (Module(name, "x.py") for name in names) if module.public]
    assert public == ["p", "p.a", "p.testing", "tests"]


def test_nothing_is_executed() -> None:
    """A module that would end the program is only read."""
    (module,) = read_modules({"p.py": b"'''Ends.'''\nraise SystemExit(3)\n"}, ["p.py"])
    assert module.summary == "Ends."


def test_modules_collapse_to_the_first_level() -> None:
    """Of one package its children are shown, and imports within a child are not."""
    sources = {
        "p/__init__.py": b"",
        "p/a/__init__.py": b"",
        "p/a/x.py": b"import p.a.y, p.b",
        "p/a/y.py": b"import p.b",
        "p/b.py": b"",
    }
    found = collapse(read_modules(sources, ["p"]))
    assert found.imports == {("p.a", "p.b"): 2}
    assert found.of("p.b") == ([], ["p.a"])


def test_arrows_that_others_imply_are_left_out() -> None:
    """A path of two arrows makes the direct one needless; it is the only one that goes."""
    found = essential(graph(("a", "b"), ("b", "c"), ("a", "c"), ("a", "d")))
    assert set(found.imports) == {("a", "b"), ("b", "c"), ("a", "d")}


def test_arrows_of_a_circle_all_stay() -> None:
    """What is wrong is not simplified away."""
    found = graph(("a", "b"), ("b", "a"), ("b", "c"), ("a", "c"))
    assert {("a", "b"), ("b", "a")} <= set(essential(found).imports)
    assert cycles(found) == [("a", "b")]


def test_arrows_without_a_circle_have_none() -> None:
    """A layered graph has no circles."""
    assert cycles(graph(("a", "b"), ("b", "c"))) == []


def test_the_picture_is_bounded() -> None:
    """Of many parts the largest are drawn, with the arrows between them only."""
    parts = tuple(Part(f"p.m{number:03}", (), number) for number in range(100))
    whole = Graph(parts, {("p.m000", "p.m099"): 1, ("p.m098", "p.m099"): 1})
    found = largest(whole, 10)
    assert len(found.parts) == 10
    assert set(found.imports) == {("p.m098", "p.m099")}
    assert [part.name for part in connected(found).parts] == ["p.m098", "p.m099"]


def test_imports_that_happen_later_are_told_apart() -> None:
    """In a function or for types alone, an import closes no circle; at once it does."""
    sources = {
        "p/__init__.py": b"",
        "p/a.py": b"import p.b\n",
        "p/b.py": b"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import p.a\nelse:\n    import p.c\n",
        "p/c.py": b"class C:\n    import p.d\n    def f(self):\n        import p.a\n",
        "p/d.py": b"",
    }
    modules = read_modules(sources, ["p"])
    found = collapse(modules)
    assert {module.name: module.deferred for module in modules if module.deferred} == {"p.b": ("p.a",), "p.c": ("p.a",)}
    assert cycles(found) == []
    drawn = without_ways_back(found)
    assert ("p.b", "p.a") in found.imports
    assert ("p.b", "p.a") not in drawn.imports
    assert cycles(collapse(read_modules({**sources, "p/c.py": b"import p.a\n"}, ["p"]))) == [("p.a", "p.b", "p.c")]
