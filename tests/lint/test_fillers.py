"""Containers that the whole project fills only while its modules are imported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from overt.lint import Report, check
from overt.lint.cache import Cache
from overt.lint.settings import PlainSettings

HOME = "src/shop/registry.py"
REGISTRY = """\
handlers = {}


def register(name, handler):
    handlers[name] = handler


def named(name):
    def keep(function):
        handlers[name] = function
        return 1

    return keep
"""
PLAIN = REGISTRY.partition("\n\ndef named")[0] + "\n"
NAMED = "handlers = {}\n\n\n" + REGISTRY[REGISTRY.index("def named") :]
USE = "from shop.registry import register\n\nregister('a', 1)\n"
CALLS = "\n\ndef start():\n    {}('b', 2)\n"


def lay(root: Path, files: Mapping[str, str]) -> list[str]:
    """Write a small project and return its files."""
    whole = {"src/shop/__init__.py": "", **files}
    for name, text in whole.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return sorted(whole)


def told(report: Report) -> list[tuple[str, bool]]:
    """Return severity of the findings, and whether the message gives the reason for a note."""
    reason = "; every call in this project is made while modules are imported. "
    return [(s.finding.severity.value, reason in s.finding.message) for s in report.findings if s.rule == "OV202"]


def both(root: Path, files: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Return what a run over all files says, and hold a run over one file against it, with and without cache."""
    names = lay(root, files)
    whole = check(root, names, PlainSettings())
    for _ in range(2):
        for cache in (None, Cache(root / ".overt/cache/hidden-state.json", "k")):
            part = check(root, [HOME], PlainSettings(), whole=False, project=lambda: names, cache=cache)
            assert list(part.findings) == [s for s in whole.findings if s.path == HOME]
    assert check(root, names, PlainSettings(), cache=cache).findings == whole.findings
    return told(whole)


KEPT = [("warning", False)]
LOWERED = [("note", True)]


@pytest.mark.parametrize(
    ("registry", "use"),
    [
        (PLAIN, USE + CALLS.format("register")),
        (PLAIN, "from shop import registry\n\nregistry.register('a', 1)\n" + CALLS.format("registry.register")),
        (PLAIN, "from shop import registry as r\n\nr.register('a', 1)\nadd = lambda: r.register('b', 2)\n"),
        (PLAIN, "import shop.registry\n\nshop.registry.register('a', 1)\n" + CALLS.format("shop.registry.register")),
        (PLAIN, USE + "rows = (register(x, x) for x in 'ab')\n"),
        (PLAIN, USE + "if __name__ == '__main__':\n    register('b', 2)\n"),
        (PLAIN, USE + "hook = register\n"),
        (PLAIN, USE + "print(register.__name__)\n"),
        (PLAIN, USE + "list(map(register, 'a', 'b'))\n"),
        (PLAIN, "from . import registry\n\nregistry.register('a', 1)\ngetattr(registry, 'reg' + 'ister')('b', 2)\n"),
        (PLAIN, "from .registry import register as add\n\nadd('a', 1)\n"),
        (PLAIN, "from .registry import *\n\nregister('a', 1)\n"),
        (PLAIN, "from .registry import register\n"),
        (PLAIN, "x = 1\n"),
        (PLAIN, "import json\nfrom other import register\n\nregister('a', 1)\n"),
        (PLAIN + CALLS.format("register"), USE),
        (PLAIN + "\nhook = register\n", USE),
        (NAMED, "from .registry import named\n\nkeep = named('a')\n"),
        (NAMED, "from .registry import named\n\nnamed('a')(print)\n"),
        (NAMED, "from .registry import named\n\ndef f():\n    @named('a')\n    def g(): ...\n"),
    ],
)
def test_should_not_lower_what_may_be_called_later(tmp_path: Path, registry: str, use: str) -> None:
    """Called in a function, handed on, renamed, taken by a star, passed on, or used by nobody: it stays as it is."""
    assert both(tmp_path, {HOME: registry, "src/shop/use.py": use}) == KEPT


@pytest.mark.parametrize(
    "more",
    [
        {"src/shop/late.py": "def f():\n    from shop.registry import register\n\n    register('b', 2)\n"},
        {"src/shop/late.py": "from shop.use import register\n\ndef f():\n    register('b', 2)\n"},
        {"src/shop/late.py": "from shop import use\n\ndef f():\n    use.register('b', 2)\n"},
        {"src/shop/late.py": "from . import use\n\ndef f():\n    use.registry.register('b', 2)\n"},
        {"src/shop/late.py": "from .use import *\n\ndef f():\n    register('b', 2)\n"},
        {"src/shop/__init__.py": "from .registry import register\n"},
        {"src/shop/__init__.py": "from .registry import *\n"},
        {"src/shop/late.py": "import shop\n\ndef f():\n    shop.registry.register('b', 2)\n"},
        {"src/shop/late.py": "import shop\n\ndef f(name):\n    vars(shop.registry)[name]('b', 2)\n"},
        {"tests/test_shop.py": "from shop.registry import register\n\ndef test_it():\n    register('b', 2)\n"},
    ],
)
def test_should_not_lower_what_a_third_module_may_call_later(tmp_path: Path, more: dict[str, str]) -> None:
    """Through whichever module it gets there, and also when it is only a test."""
    use = "from shop import registry\n" + USE + "registry.register('c', 3)\n"
    assert both(tmp_path, {HOME: PLAIN, "src/shop/use.py": use}) == LOWERED
    assert both(tmp_path, {HOME: PLAIN, "src/shop/use.py": use, **more}) == KEPT


def test_should_not_lower_what_only_tests_use(tmp_path: Path) -> None:
    """A test at import is no caller of the project; who else is, nobody knows."""
    assert both(tmp_path, {HOME: PLAIN, "tests/test_shop.py": USE}) == KEPT


@pytest.mark.parametrize(
    ("registry", "use"),
    [
        (PLAIN, USE),
        (PLAIN, "from .registry import register\n\nfor name in 'ab':\n    register(name, 1)\n"),
        (PLAIN, "from . import registry\n\nclass A:\n    kept = [registry.register(x, x) for x in 'ab']\n"),
        (PLAIN, "import shop.registry as r\n\n@r.register\ndef f(): ...\n"),
        (PLAIN, "import shop.registry\n\nshop.registry.register('a', 1)\n"),
        (PLAIN.replace("handlers", "HANDLERS") + "\nregister('a', 1)\n", USE),
        (NAMED, "from .registry import named\n\n@named('a')\ndef f(): ...\n"),
        (REGISTRY, USE + "from .registry import named\n\n@named('a')\nclass A: ...\n"),
        (PLAIN, USE + "import atexit\n\ndef f():\n    atexit.register(print)\n"),
    ],
)
def test_lowers_what_is_only_called_at_import(tmp_path: Path, registry: str, use: str) -> None:
    """By calls and decorators of other modules, with those of its own; the message gives the reason."""
    assert both(tmp_path, {HOME: registry, "src/shop/use.py": use}) == LOWERED


def test_a_function_passed_on_by_a_module_that_uses_it_is_followed(tmp_path: Path) -> None:
    """`from shop.use import register` means the same function."""
    more = {"src/shop/more.py": "from shop.use import register\n\nregister('b', 2)\n"}
    assert both(tmp_path, {HOME: PLAIN, "src/shop/use.py": USE, **more}) == LOWERED


def test_another_function_of_the_same_name_does_not_count(tmp_path: Path) -> None:
    """It is another module's."""
    other = "def register(name):\n    return name\n"
    late = "from shop import other, registry\nregistry.register('a', 1)\n\ndef f():\n    other.register('b')\n"
    assert both(tmp_path, {HOME: PLAIN, "src/shop/other.py": other, "src/shop/late.py": late}) == LOWERED


def test_a_change_elsewhere_changes_the_severity_also_with_the_cache(tmp_path: Path) -> None:
    """The file of the finding is the same all the time; what is kept of the others is renewed."""
    use, late = tmp_path / "src/shop/use.py", USE + CALLS.format("register")
    names = lay(tmp_path, {HOME: PLAIN, "src/shop/use.py": USE, "src/shop/main.py": "from shop import registry\n"})
    for text, expected in ((USE, LOWERED), (late, KEPT), (USE, LOWERED), ("import shop\n", KEPT)):
        use.write_text(text, "utf-8")
        for files in ([HOME], names):
            cache = Cache(tmp_path / "c/hidden-state.json", "k")
            report = check(tmp_path, files, PlainSettings(), whole=files == names, project=lambda: names, cache=cache)
            assert told(report) == expected


def test_without_the_rest_of_the_project_the_severity_stays(tmp_path: Path) -> None:
    """Nobody who does not know the callers may say that there are none."""
    lay(tmp_path, {HOME: PLAIN, "src/shop/use.py": USE})
    assert told(check(tmp_path, [HOME], PlainSettings(), whole=False)) == KEPT


def test_the_rest_of_the_project_is_asked_for_only_when_a_finding_depends_on_it(tmp_path: Path) -> None:
    """Not for a file without such a finding, and not when the rule is left out."""
    names = lay(tmp_path, {HOME: PLAIN, "src/shop/use.py": USE})
    asked: list[str] = []

    def project() -> list[str]:
        asked.append("asked")
        return names

    check(tmp_path, ["src/shop/use.py"], PlainSettings(), whole=False, project=project)
    check(tmp_path, [HOME], PlainSettings(ignore=("OV202",)), whole=False, project=project)
    assert asked == []
    check(tmp_path, [HOME], PlainSettings(), whole=False, project=project)
    assert asked == ["asked"]


def test_what_an_editor_has_not_saved_counts(tmp_path: Path) -> None:
    """Of the file with the function, and of the one that calls it."""
    names = lay(tmp_path, {HOME: PLAIN, "src/shop/use.py": USE})
    late = {"src/shop/use.py": (USE + CALLS.format("register")).encode()}
    assert told(check(tmp_path, names, PlainSettings(), sources=late)) == KEPT
