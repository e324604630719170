"""OV801: something is used that the project forbids itself."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from overt.cli.check import main
from overt.lint import check
from overt.lint.examine import examine
from overt.lint.results import Banned, Settings
from overt.lint.settings import PlainSettings

SLEEP = Banned("time.sleep", "too slow", "an event")


def look(source: str, *banned: Banned, path: str = "src/example.py") -> list[tuple[str, str, int, int, int]]:
    """Return symbol, scope, line, column and places of what is banned."""
    result = examine(textwrap.dedent(source).lstrip("\n").encode(), path, Settings(banned=banned or (SLEEP,)))
    assert result.problem == ""
    return [(h.symbol, h.scope, h.line, h.column, h.places) for h in result.hits if h.code == "OV801"]


def test_should_not_report_the_same_word_where_it_stands_for_something_else() -> None:
    """Should NOT report a parameter, a variable, a method, a text, a name of another module, or the module alone."""
    source = """
        import asyncio
        import time

        def a(sleep):
            sleep(1)  # time.sleep(1)
            return "time.sleep"

        def b(time):
            time.sleep(1)

        def c():
            time = asyncio
            time.sleep(1)

        class D:
            def sleep(self):
                self.sleep()

        rows = [time.sleep for time in c()]
        time.monotonic()
        lambda time: time.sleep(2)
    """
    assert look(source) == []


def test_should_not_report_it_where_it_is_allowed() -> None:
    """Should NOT report it in a file that may use it, below a folder that may, and in the other language."""
    source = "import time\n\ntime.sleep(1)\n"
    for to in ("src/example.py", "src/"):
        assert look(source, SLEEP._replace(allow=(to,))) == []
    assert look(source, SLEEP._replace(language="elixir")) == []
    assert len(look(source, SLEEP._replace(allow=("src/other.py", "src/exam")))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.sleep(1)",
        "import time as clock\nclock.sleep(1)",
        "from time import sleep\n",
        "from time import sleep as rest\nrest(1)",
        "import time\nwork(time.sleep)",
        "import time\nrest = time.sleep",
        "def f():\n    from time import sleep\n    sleep(1)",
        "import time\nclass A:\n    time = 1\n    def f(self):\n        time.sleep(1)",
        "import time\n@time.sleep\ndef f(): ...",
        "import time\nrows = [time.sleep(n) for n in range(3)]",
        "try:\n    import time\nexcept ImportError:\n    time = None\ntime.sleep(1)",
    ],
)
def test_reports_it_under_every_name(source: str) -> None:
    """Reports calls, imports and names that are passed on, whatever they are called in the file."""
    assert {row[0] for row in look(source)} == {"time.sleep"}


def test_reports_each_function_once_with_all_of_its_places() -> None:
    """Reports one finding for a name and a scope; columns count characters."""
    source = """
        import time

        def wait():
            "ü"; time.sleep(1)
            time.sleep(2)

        class A:
            def wait(self):
                time.sleep(3)
    """
    assert look(source) == [("time.sleep", "wait", 4, 10, 2), ("time.sleep", "A.wait", 9, 9, 1)]


def test_reports_what_lies_below_a_pattern_and_built_in_functions() -> None:
    """Reports with `.*` only what lies below; a name without a dot is a built-in one."""
    source = "import shop.db\nfrom shop import db, cart\n\nshop.db.query()\ncart.add()\nprint(eval('1'))\n"
    below = Banned("shop.db.*", "use the gateway")
    assert [row[0] for row in look(source, below)] == ["shop.db.query"]
    assert {row[0] for row in look(source, below._replace(pattern="shop.db"))} == {"shop.db", "shop.db.query"}
    assert [row[0] for row in look(source, Banned("eval", "no"))] == ["eval"]
    assert [row[0] for row in look(source, Banned("builtins.eval", "no"))] == ["builtins.eval"]
    assert look("def eval(x): ...\neval(1)\n", Banned("eval", "no")) == []


def test_reports_elixir_calls_as_elixir_resolves_them() -> None:
    """Reports aliased, imported, piped and captured calls; not comments, texts or own functions."""
    pytest.importorskip("tree_sitter_elixir")
    source = """
        defmodule Shop do
          alias Legacy.Store, as: S
          import IO, only: [inspect: 1]
          # Legacy.Store.put(1)
          def inspect2(x), do: "Legacy.Store.put" <> x
          def a(x), do: x |> S.put(1)
          def b(x), do: Enum.each(x, &S.put(&1, 2))
          def c(x), do: inspect(x)
          def d(x), do: :ets.new(x, [])
        end
    """
    rows = (
        Banned("Legacy.Store.put", "no", language="elixir"),
        Banned("IO.inspect", "no", language="elixir"),
        Banned(":ets.new", "no", language="elixir"),
    )
    assert [row[:3] for row in look(source, *rows, path="lib/shop.ex")] == [
        ("Legacy.Store.put", "Shop.a", 6),
        ("Legacy.Store.put", "Shop.b", 7),
        ("IO.inspect", "Shop.c", 8),
        (":ets.new", "Shop.d", 9),
    ]


def test_reports_with_the_words_and_the_severity_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reports what overt.toml says, answers from the cache the same, and from no other configuration's cache."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("import time\n\ntime.sleep(1)\n", "utf-8")
    table = '[[hidden-state.banned]]\npattern = "time.sleep"\nmessage = "too slow"\ninstead = "an event"\n'
    (tmp_path / "overt.toml").write_text(table, "utf-8")
    for _ in range(2):
        assert main(["a.py"]) == 1
        shown = capsys.readouterr().out
        assert "`time.sleep` is banned here: too slow\n" in shown
        assert "  Use instead: an event.\n" in shown
    (tmp_path / "overt.toml").write_text(table + 'severity = "note"\n', "utf-8")
    assert main(["a.py"]) == 0
    assert "note OV801" in capsys.readouterr().out
    (tmp_path / "overt.toml").write_text("", "utf-8")
    assert main(["a.py"]) == 0
    assert "OV801" not in capsys.readouterr().out


def test_reports_can_be_ratcheted_and_left_out_for_some_files(tmp_path: Path) -> None:
    """Reports go the same ways as those of other rules."""
    (tmp_path / "a.py").write_text("import time\n\ntime.sleep(1)  # overt: allow OV801 -- hardware needs it\n", "utf-8")
    report = check(tmp_path, ["a.py"], PlainSettings(banned=(SLEEP,)))
    assert [(seen.finding.rule, seen.standing) for seen in report.findings] == [("OV801", "allowed")]
    report = check(tmp_path, ["a.py"], PlainSettings(banned=(SLEEP,), ignore=("OV8", "OV9")))
    assert report.findings == ()
