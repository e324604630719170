"""The rules as a plug-in of flake8."""

from __future__ import annotations

import ast
from pathlib import Path

from overt.lint.flake8 import Plugin


def run(source: str, filename: str = "./src/shop/cart.py") -> list[tuple[int, int, str]]:
    """Return line, column and code of what flake8 is told."""
    plugin = Plugin(ast.parse(source), filename, source.splitlines(keepends=True))
    return [(line, column, text.split()[0]) for line, column, text, kind in plugin.run() if kind is Plugin]


def test_flake8_is_told_every_finding_at_its_place() -> None:
    """Columns begin with 0; the code is the first word."""
    source = "rows = []\n\ndef f(x):\n    rows.append(x)\n\nclass A:\n    y = 'ä'; z = __import__('os')\n"
    assert run(source) == [(1, 0, "OV202")]
    assert run("import os\n\ndef f():\n    'ä'; os.chdir('/')\n") == [(4, 9, "OV402")]


def test_comments_of_ours_count_and_are_held_to_account() -> None:
    """An allowance silences; one that is not needed is a finding."""
    assert run("rows = []  # overt: allow OV202 -- filled by plug-ins\n\ndef f(x):\n    rows.append(x)\n") == []
    assert run("rows = ()  # overt: allow OV202 -- filled by plug-ins\n") == [(1, 0, "OV900")]


def test_what_other_files_may_do_is_not_held_against_an_allowance() -> None:
    """Of one file alone nobody can tell that its container is not changed by another."""
    assert run("rows = []  # overt: allow OV202 -- filled by plug-ins\n") == []


def test_a_declared_encoding_does_not_matter_and_rules_that_are_off_stay_off() -> None:
    """flake8 has decoded the lines; they are read as they are."""
    source = "# -*- coding: latin-1 -*-\nimport os\n\ndef f():\n    'ä'; os.chdir('/')\n"
    assert run(source) == [(5, 9, "OV402")]
    assert run("x = 'coding'\n") == []


def test_nothing_to_say_about_files_that_cannot_be_parsed() -> None:
    """flake8 tells that itself."""
    plugin = Plugin(ast.parse(""), "a.py", ["def f(:\n"])
    assert list(plugin.run()) == []


def test_the_text_is_one_short_sentence_and_notes_are_left_out() -> None:
    """Reasons are what `overt explain` is for; flake8 would fail for a note, `overt check` does not."""
    plugin = Plugin(ast.parse(""), "a.py", ["import os\n", "\n", "def f():\n", "    os.chdir('/')\n"])
    assert [text for _, _, text, _ in plugin.run()] == ["OV402 `f` calls `os.chdir` (overt explain OV402)"]
    assert run("import os\n\ndef main():\n    os.chdir('/')\n") == []


def test_the_rest_of_a_project_is_asked_about_a_table_that_imports_may_fill(tmp_path: Path) -> None:
    """The verdict is that of `overt check FILE`; without `overt.toml` no project is known, and the table fails."""
    table = "rows = []\n\n\ndef add(row):\n    rows.append(row)\n"
    for name, text in {"__init__": "", "handlers": table, "cart": "from shop.handlers import add\n\nadd(1)\n"}.items():
        (tmp_path / "shop").mkdir(exist_ok=True)
        (tmp_path / f"shop/{name}.py").write_text(text, "utf-8")
    file = str(tmp_path / "shop/handlers.py")
    assert run(table, file) == [(1, 0, "OV202")]
    (tmp_path / "overt.toml").write_text('[project]\nname = "shop"\npackages = ["shop"]\n', "utf-8")
    assert run(table, file) == []
