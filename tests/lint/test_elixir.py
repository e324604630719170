"""Elixir files go the way of Python files."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.lint import check
from overt.lint.examine import examine
from overt.lint.results import Settings
from overt.lint.rules import OFF, all_rules
from overt.lint.settings import PlainSettings

BAD = """\
defmodule Shop.Cart do
  # a comment
  def enter(user) do
    Process.put(:user, user){same}
    send(self(), :go)
  end
end
"""


PIECES = """\
defmodule A do
def f(x) do
end
import Process, only: [get: 1]
import Kernel, except: [spawn: 1]
alias A.{B, C}
alias A.{}
alias B, as: C
alias
import
&get/1
&(&1)
x |> Process.get
x |> spawn
apply(Process, :get, [x])
apply(x)
fn -> 1 end
Process.info(x, [1])
[a: 1]
%{a | b: 1}
"#{Process.get}"
\u00e9
\0
(
)
# overt: allow OVE101 -- x
""".splitlines()


def put(root: Path, text: str, name: str = "lib/shop/cart.ex") -> list[str]:
    """Write one file and return its name."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return [name]


def test_a_finding_has_place_scope_and_symbol(tmp_path: Path) -> None:
    """The scope is the module and the function."""
    (seen,) = check(tmp_path, put(tmp_path, BAD.format(same="")), PlainSettings()).findings
    finding = seen.finding
    assert (str(finding.location), finding.rule, finding.symbol) == ("lib/shop/cart.ex:4:5", "OVE101", "Process.put")
    assert finding.scope.endswith("Shop.Cart.enter")


def test_rules_that_are_off_apply_only_by_their_whole_code(tmp_path: Path) -> None:
    """A beginning of a code does not switch them on."""
    names = put(tmp_path, BAD.format(same=""))
    assert [s.finding.rule for s in check(tmp_path, names, PlainSettings(select=("OVE",))).findings] == ["OVE101"]
    assert [s.finding.rule for s in check(tmp_path, names, PlainSettings(select=("OVE602",))).findings] == ["OVE602"]
    assert {rule.code for rule in all_rules() if not rule.default} == OFF


@pytest.mark.parametrize(
    "text",
    [
        BAD.format(same="  # overt: allow OVE101 -- until the port is done"),
        BAD.replace("    Process", "    # overt: allow OVE101 -- until the port is done\n    Process").format(same=""),
    ],
)
def test_a_comment_allows(tmp_path: Path, text: str) -> None:
    """On the line or alone above it."""
    (seen,) = check(tmp_path, put(tmp_path, text), PlainSettings()).findings
    assert (seen.standing, seen.reason) == ("allowed", "until the port is done")


def test_a_file_that_is_not_elixir_is_unreadable(tmp_path: Path) -> None:
    """With the line."""
    report = check(tmp_path, put(tmp_path, "defmodule A do\n  def f( do\nend\n"), PlainSettings())
    assert (report.exit, report.unreadable[0].message) == (3, "cannot be parsed: invalid syntax")
    assert report.unreadable[0].line >= 1


def test_without_tree_sitter_the_file_is_unchecked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    monkeypatch.setitem(sys.modules, "tree_sitter", None)
    report = check(tmp_path, put(tmp_path, BAD.format(same="")), PlainSettings())
    assert (report.exit, report.unreadable[0].message) == (3, "needs tree-sitter: install overt[elixir]")


def test_templates_are_left_alone(tmp_path: Path) -> None:
    """`.heex` is not looked at."""
    report = check(tmp_path, put(tmp_path, "<%= Process.get(:a) %>", "lib/a.heex"), PlainSettings())
    assert (report.files, report.findings) == (0, ())


@given(
    st.lists(
        st.sampled_from(PIECES),
        max_size=10,
    )
)
@settings(max_examples=200, deadline=None)
def test_any_pieces_are_read_or_refused(pieces: list[str]) -> None:
    """Never a failure of the linter itself."""
    result = examine("\n".join(pieces).encode(), "lib/a.ex", Settings())
    assert result.problem in {"", "cannot be parsed: invalid syntax"}
