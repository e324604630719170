"""What one file does to the containers of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.lint import Report, check
from overt.lint.cache import Cache
from overt.lint.foreign import Modules
from overt.lint.settings import PlainSettings

REGISTRY = "HANDLERS = {}\nNAMES = ('a',)\nweak = __import__('weakref')\n"
FILES = {
    "src/shop/__init__.py": "rows = []\n",
    "src/shop/registry.py": REGISTRY,
    "src/shop/deep/__init__.py": "",
    "src/shop/deep/seen.py": "seen = set()\n",
}


def run(root: Path, source: str, *, path: str = "src/shop/use.py", only: bool = False, **more: object) -> Report:
    """Check a small project with one more file; `only` checks that file alone."""
    for name, text in {**FILES, path: source}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    files = [path] if only else sorted({*FILES, path})
    return check(root, files, PlainSettings(), whole=not only, **more)  # type: ignore[arg-type]


def rows(report: Report) -> list[tuple[str, int, str, str, int]]:
    """Return path, line, symbol, severity and places of the findings."""
    return [
        (s.finding.location.path, s.finding.location.line, s.finding.symbol, s.finding.severity.value, s.places)
        for s in report.findings
    ]


@pytest.mark.parametrize(
    "source",
    [
        "from shop import registry\n\nregistry.HANDLERS['a'] = 1\n",
        "from shop import registry\n\ndef f():\n    return registry.HANDLERS['a']\n",
        "from shop import registry\n\ndef f():\n    registry.NAMES.append(1)\n",
        "from shop import registry\n\ndef f():\n    registry.OTHER.append(1)\n",
        "from shop import registry\n\ndef f(registry):\n    registry.HANDLERS.clear()\n",
        "from shop import registry\n\ndef f():\n    dict(registry.HANDLERS).clear()\n",
        "from other import registry\n\ndef f():\n    registry.HANDLERS.clear()\n",
        "from .other import HANDLERS\n\ndef f():\n    HANDLERS.clear()\n",
        "from shop.registry import HANDLERS\n\ndef f():\n    HANDLERS = {}\n    HANDLERS.clear()\n",
    ],
)
def test_should_not_report_reading_import_time_other_names_and_own_copies(tmp_path: Path, source: str) -> None:
    """Only a function that changes a container of a module of the project is a finding."""
    assert rows(run(tmp_path, source)) == []


H = "shop.registry.HANDLERS"


@pytest.mark.parametrize(
    ("source", "symbol", "severity"),
    [
        ("from shop import registry\n\ndef f():\n    registry.HANDLERS.clear()\n", H, "error"),
        ("from shop.registry import HANDLERS\n\ndef f():\n    HANDLERS['a'] = 1\n", H, "error"),
        ("from .registry import HANDLERS as H\n\ndef f():\n    del H['a']\n", H, "error"),
        ("from . import registry as r\n\ndef f():\n    r.HANDLERS.pop(1)\n", H, "error"),
        ("import shop.registry\n\ndef f():\n    shop.registry.HANDLERS['a'][1] = 2\n", H, "error"),
        ("def f():\n    from shop.registry import HANDLERS\n\n    HANDLERS.clear()\n", H, "error"),
        ("from shop import registry\n\ndef f():\n    h = registry.HANDLERS\n    h.clear()\n", H, "error"),
        ("from . import rows\n\ndef f():\n\n    rows.append(1)\n", "shop.rows", "warning"),
        ("from .deep.seen import seen\n\nclass A:\n    def f(self): seen.add(1)\n", "shop.deep.seen.seen", "warning"),
    ],
)  # fmt: skip
def test_reports_every_way_to_the_container(tmp_path: Path, source: str, symbol: str, severity: str) -> None:
    """Absolute, relative, renamed, inside the function, through a local name, in a method, of a package."""
    report = run(tmp_path, source)
    assert [(row[2], row[3]) for row in rows(report)] == [(symbol, severity)]
    (seen,) = report.findings
    assert seen.finding.rule == "OV202"
    assert seen.finding.location.path == "src/shop/use.py"
    assert seen.finding.related[0].message == "it is made here"
    assert rows(run(tmp_path, source, only=True)) == rows(report)


@pytest.mark.parametrize(
    "passes",
    [
        "from .registry import HANDLERS\n",
        "from .registry import *\n",
        "from shop.registry import HANDLERS as HANDLERS\n",
        "from .deep import HANDLERS\n",
        "from .missing import *\nfrom .deep import *\n",
    ],
)
@pytest.mark.parametrize(
    "source",
    [
        "from shop import HANDLERS\n\ndef f():\n    HANDLERS.clear()\n",
        "import shop\n\ndef f():\n    shop.HANDLERS['a'] = 1\n",
        "from . import *\n\ndef f():\n    HANDLERS.clear()\n",
    ],
)
def test_reports_a_container_that_packages_pass_on(tmp_path: Path, passes: str, source: str) -> None:
    """The container is named by where it is made; a package on the way changes nothing, and the cache knows it."""
    run(tmp_path, source)
    (tmp_path / "src/shop/__init__.py").write_text(passes, "utf-8")
    (tmp_path / "src/shop/deep/__init__.py").write_text("from ..registry import HANDLERS\n", "utf-8")
    files = sorted({*FILES, "src/shop/use.py"})
    for _ in range(2):
        report = check(tmp_path, files, PlainSettings(), cache=Cache(tmp_path / "cache", "key"))
        assert [row[0::2] for row in rows(report)] == [("src/shop/use.py", H, 1)]


def test_should_not_report_packages_that_pass_each_other_on(tmp_path: Path) -> None:
    """Should NOT go round in circles."""
    run(tmp_path, "from shop import HANDLERS\n\ndef f():\n    HANDLERS.clear()\n")
    (tmp_path / "src/shop/__init__.py").write_text("from .deep import HANDLERS\n", "utf-8")
    (tmp_path / "src/shop/deep/__init__.py").write_text("from .. import HANDLERS\n", "utf-8")
    assert rows(check(tmp_path, sorted({*FILES, "src/shop/use.py"}), PlainSettings())) == []


def test_relative_imports_of_outer_packages_and_modules_beside_a_script(tmp_path: Path) -> None:
    """Two dots go one package up; a folder that is no package is where absolute imports begin."""
    up = "from ..registry import HANDLERS\n\ndef f():\n    HANDLERS.clear()\n"
    assert [row[2] for row in rows(run(tmp_path, up, path="src/shop/deep/up.py"))] == ["shop.registry.HANDLERS"]
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/kept.py").write_text("kept = []\n", "utf-8")
    beside = "import kept\n\ndef f():\n    kept.kept.append(1)\n"
    assert [row[2] for row in rows(run(tmp_path, beside, path="tools/run.py"))] == ["tools.kept.kept"]
    modules = Modules(tmp_path)
    assert modules.home("src/shop/a.py", "....registry.x") == ""
    assert modules.home("src/shop/a.py", "json") == ""
    assert modules.home("src/shop/a.py", ".rows") == "src/shop/__init__.py"


def test_all_places_of_a_file_are_one_finding_and_tests_are_left_alone(tmp_path: Path) -> None:
    """A test that empties a registry does so because the registry is there."""
    source = "from shop import registry\n\ndef f():\n    registry.HANDLERS['a'] = 1\n    registry.HANDLERS.clear()\n"
    assert rows(run(tmp_path, source)) == [("src/shop/use.py", 4, "shop.registry.HANDLERS", "error", 2)]
    (tmp_path / "src/shop/use.py").unlink()
    assert rows(run(tmp_path, source, path="tests/test_use.py", only=True)) == []


def test_an_allowance_counts_at_the_place_and_at_the_definition(tmp_path: Path) -> None:
    """Also when only the file that makes the change is checked."""
    source = "from shop.registry import HANDLERS\n\ndef f():\n    HANDLERS.clear(){}\n"
    allow = "  # overt: allow OV202 -- filled by plug-ins"
    assert [s.standing for s in run(tmp_path, source.format(allow)).findings] == ["allowed"]
    allowed = FILES | {"src/shop/registry.py": f"HANDLERS = {{}}{allow}\n"}
    for name, text in allowed.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "src/shop/use.py").write_text(source.format(""), "utf-8")
    for files in (["src/shop/use.py"], sorted([*FILES, "src/shop/use.py"])):
        report = check(tmp_path, files, PlainSettings(), whole=len(files) > 1)
        assert [(s.finding.rule, s.standing) for s in report.findings] == [("OV202", "allowed")]


def test_the_cache_keeps_what_the_second_pass_needs(tmp_path: Path) -> None:
    """A warm run says the same; a container that is gone is no longer found."""
    source = "from shop.registry import HANDLERS\n\ndef f():\n    HANDLERS.clear()\n"
    cold = run(tmp_path, source, cache=Cache(tmp_path / "c.json", "k"))
    warm = Cache(tmp_path / "c.json", "k")
    assert run(tmp_path, source, cache=warm).findings == cold.findings != ()
    (tmp_path / "src/shop/registry.py").write_text("HANDLERS = ()\n", "utf-8")
    files = sorted([*FILES, "src/shop/use.py"])
    again = Cache(tmp_path / "c.json", "k")
    assert check(tmp_path, files, PlainSettings(), cache=again).findings == ()
    assert again.hits == len(files) - 1
