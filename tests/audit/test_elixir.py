"""Elixir names: what files define, and what becomes of what documents write."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from overt.audit.project import Project
from overt.audit.references.elixir import count_given
from overt.audit.references.elixir_calls import calls_in, without_prompts
from overt.audit.references.elixir_index import ElixirIndex
from overt.audit.references.elixir_modules import modules_of, parser
from overt.audit.references.find import References
from overt.markdown import scan
from overt.system.files import project_files

FILES = {
    "mix.exs": """\
        defmodule Quay.MixProject do
          use Mix.Project
          def project, do: [app: :quay, aliases: aliases(), deps: deps()]
          defp deps, do: [{:jason, "~> 1.4"}, {:oban, "~> 2.0"}]
          defp aliases do
            [setup: ["deps.get"], "db.reset": ["run"]]
          end
        end
        """,
    "lib/quay.ex": """\
        defmodule Quay do
          alias Quay.Store
          @callback land(ship :: map(), opts) :: :ok when opts: keyword()
          @type ship(a) :: a
          @typep secret :: 1
          def open(name, opts \\\\ [], mode \\\\ :rw) when is_atom(name), do: {name, opts, mode}
          def state, do: :calm
          def a <~> b, do: {a, b}
          defp hidden(x), do: x
          defmacro each(list, do: block), do: {list, block}
          defguard is_quay(x) when is_map(x)
          defdelegate fetch(key), to: Store, as: :get
          if true do
            def maybe(x), do: x
          end
          for n <- 1..2 do
            def looped(unquote(n)), do: n
          end
          defmodule Inner do
            defstruct [:a, b?: false]
            defmodule Deepest do
              def here, do: 1
            end
          end
        end
        """,
    "lib/quay/store.ex": """\
        defmodule Quay.Store do
          use GenServer
          def start_link(opts), do: GenServer.start_link(__MODULE__, opts, name: Quay.Keeper)
          def get(key), do: :ets.lookup(:quay_store, key)
          def init(opts), do: {:ok, opts}
        end
        """,
    "lib/quay/made.ex": "defmodule Quay.Made do\n  use Quay.Template\nend\n",
    "lib/quay/macroed.ex": "defmodule Quay.Macroed do\n  import Quay.Words\n  generate :many\nend\n",
    "lib/quay/broken.ex": "defmodule Quay.Broken do\n  def fine(a), do: a\n  def half(\nend\n",
    "lib/mix/tasks/quay.check.ex": """\
        defmodule Mix.Tasks.Quay.CheckAll do
          use Mix.Task
          def run(args), do: OptionParser.parse(args, strict: [fast: :boolean])
        end
        """,
    "test/quay_test.exs": "defmodule QuayTest do\n  use ExUnit.Case\nend\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small project of Elixir."""
    root = tmp_path_factory.mktemp("quay")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(dedent(text))
    return Project(root, project_files(root))


def told(project: Project, text: str, path: str = "docs/page.md") -> list[tuple[str, str, str]]:
    """Return sort, state and hint of each reference of a text."""
    document = scan(text)
    found = References(project, {path: document}).of(document, path)
    return [(ref.sort, ref.verdict.state.value, ref.hint) for ref in found]


def test_every_arity_of_a_function_is_known() -> None:
    """Defaults, guards, operators, delegates, macros, callbacks and types."""
    root = parser().parse(dedent(FILES["lib/quay.ex"]).encode()).root_node
    quay, inner, deepest = modules_of(root, "lib/quay.ex")
    assert quay.functions["open"] == {1, 2, 3}
    others = ("state", "<~>", "hidden", "each", "is_quay", "fetch", "maybe")
    assert {name: quay.functions[name] for name in others} == {
        "state": {0},
        "<~>": {2},
        "hidden": {1},
        "each": {2},
        "is_quay": {1},
        "fetch": {1},
        "maybe": {1},
    }
    assert (quay.callbacks, quay.types, quay.private) == ({"land": {2}}, {"ship": {1}, "secret": {0}}, {"hidden"})
    assert (inner.name, inner.functions, deepest.name) == ("Quay.Inner", {"__struct__": {0, 1}}, "Quay.Inner.Deepest")
    assert quay.doubt == ""


TRUE = [
    "`Quay.open/1`, `Quay.open/3` and `Quay.open(:a, [])`",
    "`Quay.hidden/1` `Quay.fetch/1` `Quay.state/0` `Quay.each/2` `Quay.is_quay/1`",
    "`Quay` `Quay.Inner.Deepest` `%Quay.Inner{}` `&Quay.open/2` `Elixir.Quay`",
    "`Store.get/1` `Inner.Deepest.here/0` `Quay.Store.child_spec/1` `Quay.Store.handle_call/3`",
    "`c:Quay.land/2` `t:Quay.ship/1` `t:ship/1` `open/2`",
    "[text](`Quay.open/2`)",
    "`Quay.Keeper` is the name of a process",
    "the table `:quay_store`",
    "`Quay.Inner.a` and `Inner.b?`, fields of a struct",
    "`ship/1` is a type",
    "`config :quay, :quay_store` sets it",
    "```elixir\nalias Quay.{Store, Inner}\nStore.get(:a)\n:a |> Store.get()\nQuay.open :a\n&Quay.open/3\n```",
    "```sh\nmix run -e 'Quay.state()'\n```",
]
FALSE = [
    ("`Quay.open/4`", "there is open/1, open/2, open/3"),
    ("`Quay.opne/1`", "did you mean 'open'?"),
    ("`Quay.open(:a, [], :rw, 1)`", "there is open/1, open/2, open/3"),
    ("`Quay.Stroe`", "did you mean 'Quay.Store'?"),
    ("`Quay.Cache.get/1`", "did you mean 'Quay.Made'?"),
    ("`Store.put/2`", ""),
    ("`c:Quay.land/3`", "there is land/2"),
    ("`t:Quay.ship/0`", "there is ship/1"),
    ("`Quay.Inner.c`", ""),
    ("`config :quay, :quay_stoer`", "did you mean 'quay_store'?"),
    ("`:quay, :nothing_of_it`", ""),
    ("`open/7`", "there is open/1, open/2, open/3"),
    ("the ETS table `:quay_stoer`", "did you mean 'quay_store'?"),
    ("| Flag | Use |\n|---|---|\n| `:quay_flag` | x |", ""),
    ("```elixir\nalias Quay.Store\nStore.get(:a, :b)\n```", "there is get/1"),
    ("```elixir\n:a |> Quay.Store.get(:b)\n```", "there is get/1"),
    ("```iex\niex> Quay.Store.gets(:a)\n:b\n```", "did you mean 'get'?"),
    ("```sh\niex -S mix\nmix run -e 'Quay.zzz()'\n```", ""),
    ("The old one was replaced by `Quay.Stroe`.", "did you mean 'Quay.Store'?"),
]
SILENT = [
    "`Enum.map/2` `GenServer.call/3` `Jason.encode!/1` `MyApp.Repo.get/2` `Oban.insert/1` `String`",
    "`start_link/3` `handle_call/9` `something_else/2`",
    "`:ok` `:error` `:whatever`",
    "`config :logger, :backends_of_it`",
    "a module is named in `CamelCase`, as `MyStore` is",
    "`MyApp.Store.get/9` of the reader",
    "the table takes `:named_table` and `:public`",
    "```elixir\ndefmodule Quay.New do\n  def x, do: 1\nend\nQuay.New.x(1)\n```",
    "```elixir\nEnum.map(list, &String.upcase/1)\n```",
]
UNCHECKED = [
    "`Quay.Made.anything/1`",
    "`Quay.Macroed.many/0`",
    "`Quay.Broken.half/2`",
    "`Quay.Store.__info__/1`",
    "`Quay.Cache` was removed.",
    "`Quay.MyScope.Store`",
    "`:ets.lookup/2`",
    "an ETS table of your own, such as `:my_own`",
]


@pytest.mark.parametrize("text", TRUE)
def test_what_is_there_is_proved(project: Project, text: str) -> None:
    """In every way of writing it."""
    found = told(project, text)
    assert found
    assert {state for sort, state, _ in found if sort in {"symbol", "atom", "key"}} == {"proved"}


@pytest.mark.parametrize(("text", "hint"), FALSE)
def test_what_is_not_there_is_refuted(project: Project, text: str, hint: str) -> None:
    """With what there is instead."""
    assert [(state, said) for sort, state, said in told(project, text) if sort in {"symbol", "atom", "key"}] == [
        ("refuted", hint)
    ]


@pytest.mark.parametrize("text", SILENT)
def test_what_belongs_to_others_is_left_alone(project: Project, text: str) -> None:
    """Elixir's own, other packages', placeholders and what the document defines itself."""
    assert [ref for ref in told(project, text) if ref[1] != "proved"] == []


@pytest.mark.parametrize("text", UNCHECKED)
def test_what_cannot_be_known_is_unchecked(project: Project, text: str) -> None:
    """Names that macros make, files that are not understood, and what is said to be gone."""
    assert [state for _, state, _ in told(project, text)] == ["unchecked"]


def test_without_tree_sitter_nothing_is_refuted(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing extra is said of what is surely the project's, and nothing else is judged."""
    monkeypatch.setitem(sys.modules, "tree_sitter_elixir", None)
    fresh = Project(project.root, sorted(project.files))
    assert "the extra `elixir`" in ElixirIndex(fresh).missing
    assert {state for _, state, _ in told(fresh, "`Quay.nothing/9`\n```sh\nmix no\n```")} <= {"unchecked"}


def test_arguments_are_counted() -> None:
    """Strings and brackets hide commas; keywords at the end are one argument; what is left out is not counted."""
    assert [
        count_given(text) for text in ("(1, 2)", '("a, b", [1, 2])', "(x, a: 1, b: 2)", "(...)", "()", "(<x>)")
    ] == [
        2,
        2,
        2,
        None,
        None,
        None,
    ]


def test_calls_of_a_piece_are_found() -> None:
    """Aliases are followed, pipes count as an argument, prompts and answers are taken away."""
    calls, defined = calls_in("alias A.B, as: C\nC.go(1)\n1 |> A.x()\ndefmodule N do\nend\n&C.stay/2\nA.y")
    assert [(call.line, call.module, call.name, call.arity) for call in calls] == [
        (1, "A.B", "go", 1),
        (2, "A", "x", 1),
        (5, "A.B", "stay", 2),
        (6, "A", "y", None),
    ]
    assert defined == {"N"}
    assert without_prompts("iex(1)> a\n1\n...> b") == "a\n\nb"


@pytest.mark.parametrize(
    ("command", "state"),
    [
        ("mix setup", "proved"),
        ("mix db.reset", "proved"),
        ("mix test", "proved"),
        ("mix quay.check_all --fast --no-fast", "proved"),
        ("mix quay.check_all --slow", "refuted"),
        ("mix quay.chek_all", "refuted"),
        ("mix credo --strict", "refuted"),
        ("mix oban.install", "unchecked"),
        ("mix phx.new shop", "unchecked"),
        ("mix ecto.migrate", "unchecked"),
        ("mix do deps.get, nothing_such", "proved refuted"),
        ("MIX_ENV=test mix nothing_such", "refuted"),
        ("mix test test/quay_test.exs:3", "proved proved"),
        ("mix test test/other_test.exs", "proved refuted"),
        ("mix run scripts/none.exs", "proved refuted"),
        ("elixir scripts/none.exs", "refuted"),
        ("iex -S mix nothing_such", "refuted"),
    ],
)
def test_tasks_of_mix(project: Project, command: str, state: str) -> None:
    """Of the project, of Elixir, of its packages, of archives, and of nobody; with options and files."""
    assert " ".join(found for _, found, _ in told(project, f"```sh\n{command}\n```")) == state


def test_fences_without_a_language_may_hold_commands(project: Project) -> None:
    """When they hold nothing else, and one of them is surely of a repository."""
    assert [state for _, state, _ in told(project, "```\n# check\nmix nothing_such\ncd x\n```")] == ["refuted"]
    assert told(project, "```\nmix nothing_such\nsome output of it\n```") == []


def test_modules_in_running_text(project: Project) -> None:
    """Those that begin as the application does are looked up; others are words."""
    assert [state for _, state, _ in told(project, "Quay.Store and Quay.Stroe, Plug.Conn and Node.Js")] == [
        "proved",
        "refuted",
    ]


def test_a_function_that_no_source_knows(project: Project) -> None:
    """In a report it is missing; elsewhere it may be anybody's."""
    assert told(project, "`roll_it_all_back/0`") == []
    assert [state for _, state, _ in told(project, "`roll_it_all_back/0`", "REPORT.md")] == ["refuted"]


def test_reports_may_name_no_folder_that_is_not_there(project: Project) -> None:
    """A guide may speak of the reader's project; a report speaks of this one."""
    assert [state for _, state, _ in told(project, "`test/more/x_test.exs`")] == ["unchecked"]
    assert [state for _, state, _ in told(project, "`test/more/x_test.exs`", "FINAL_REPORT.md")] == ["refuted"]


def test_links_as_exdoc_follows_them(project: Project) -> None:
    """A name between backticks is looked up and is no file; pages are known by their last names."""
    assert told(project, "[text](`Quay.open/9`)") == [("symbol", "refuted", "there is open/1, open/2, open/3")]
    made = Project(project.root, [*sorted(project.files), "guides/deep/start.md"])
    assert [state for _, state, _ in told(made, "[a](start.html) [b](start.md) [c](Quay.html#open/1)")] == [
        "proved",
        "proved",
        "unchecked",
    ]
    assert [state for _, state, _ in told(made, "[a](other.html) [b](none/start.md)")] == ["refuted", "refuted"]


def test_erlang_beside_elixir_is_left_alone(tmp_path: Path) -> None:
    """What the project's Erlang has a word for is not refuted, and nothing of it is proved."""
    (tmp_path / "mix.exs").write_text("defmodule A.MixProject do\n  def project, do: [app: :a]\nend\n")
    (tmp_path / "a.ex").write_text("defmodule A do\n  def walk(x), do: x\n  def swim(x), do: x\nend\n")
    (tmp_path / "b.erl").write_text("-module(b).\nwalk(X, Y) -> {X, Y}.\n")
    found = told(Project(tmp_path, ["mix.exs", "a.ex", "b.erl"]), "`walk/2`, `swim/2`, `:b.walk/2`")
    assert [state for _, state, _ in found] == ["refuted", "unchecked"]


def test_pages_of_deprecations_tell_of_the_past(project: Project) -> None:
    """As a changelog does."""
    told_of = told(project, "`Quay.open/9`", "docs/compatibility-and-deprecations.md")
    assert [state for _, state, _ in told_of] == ["unchecked"]
