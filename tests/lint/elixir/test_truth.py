"""The truth about Elixir: every form that reaches the process dictionary or starts a process, and every look-alike.

A row is the body of a module and what is found in it, as `rule symbol`; most rows stand inside one function.
"""

from __future__ import annotations

import pytest

from overt.lint.examine import examine
from overt.lint.results import Settings

SILENT = {
    "another module that ends in Process": "WorkflowProcess.get(x)",
    "a module below another": "MyApp.Process.get(:a)",
    "another module that begins with Process": "Process.Registry.get(:a)",
    "a function that begins with get": "Process.get_thing(:a)",
    "a function that ends in put": "Process.input(:a)",
    "sending": "Process.send_after(x, :go, 10)",
    "monitoring": "Process.monitor(x)",
    "flags": "Process.flag(:trap_exit, true)",
    "exits": "Process.exit(x, :kill)",
    "names": "Process.register(x, :name)",
    "other facts about a process": "Process.info(x, [:links, :message_queue_len])",
    "all facts about a process": "Process.info(x)",
    "other facts in Erlang": ":erlang.process_info(x, :links)",
    "a map": "Map.put(x, :a, 1)",
    "an agent": "Agent.get(x, fn state -> state end)",
    "a keyword list": "Keyword.get(x, :a)",
    "another Erlang module": ":ets.insert(:t, {:a, 1})",
    "another apply": "apply(Map, :put, [x, :a, 1])",
    "an apply that only the program knows": "apply(x, :put, [:a, 1])",
    "atoms": "{:put, :get, :erase, :get_keys, :dictionary, :spawn}",
    "a quoted atom": ':"Process.get"',
    "a variable of the name": "process = x\n    process.get",
    "a field of the name": "x.process.put",
    "a key of the name": "%{put: 1, get: 2, spawn: 3}",
    "a comment": "x # Process.put(:a, 1)",
    "a string": '"Process.put(:a, 1)"',
    "a string with an escaped interpolation": '"\\#{Process.get(:a)}"',
    "a charlist": "'Process.get(:a)'",
    "a heredoc": '"""\n    Process.get(:a)\n    """',
    "a sigil without interpolation": "~S(Process.get(:a) #{Process.get(:b)})",
    "a sigil heredoc without interpolation": '~S"""\n    #{Process.get(:a)}\n    """',
    "a regular expression": "~r/Process.get/",
    "a list of words": "~w(Process.get spawn)",
    "a Kernel function that is no spawn": "self()",
    "a supervised task": "Task.Supervisor.start_child(Shop.Tasks, fn -> x end)",
    "a task": "Task.async(fn -> x end)",
    "a supervisor": "DynamicSupervisor.start_child(Shop.Sup, {Shop.Worker, x})",
    "a module that ends in Node": "MyNode.spawn(x, fn -> x end)",
    "another module's spawn": "Shop.spawn(x)",
    "a message, off by default": "send(x, :go)",
    "an alias that hides it": "alias MyApp.Process\n    Process.get(:a)",
    "an alias among others that hides it": "alias MyApp.{Other, Process}\n    Process.put(:a, x)",
    "an alias by name that hides it": "alias MyApp.Dictionary, as: Process\n    Process.put(:a, x)",
    "an import of other functions": "import Process, only: [monitor: 1]\n    get(:a)",
    "an import without them": "import Process, except: [get: 1, get: 2]\n    get(:a)",
    "an import of another module": "import Map\n    put(x, :a, 1)",
    "a bare name that nobody imported": "put(:a, 1) |> get()",
}

MODULES_SILENT = {
    "documentation": '@moduledoc """\n  Process.put(:a, 1)\n  """\n'
    '  @doc ~S"""\n  Process.get(:a)\n  """\n  def f(x), do: x',
    "an alias of a module below its own": "alias __MODULE__.Process\n  def f(x), do: Process.get(x)",
    "aliases of modules below its own": "alias __MODULE__.{Other, Process}\n  def f(x), do: Process.get(x)",
    "a delegate to another module": "defdelegate put(map, key, value), to: Map",
    "a delegate to another function": "defdelegate get(pid), to: Process, as: :alive?",
    "documentation of one line": '@doc "Process.get(:a)"\n  def f(x), do: x',
    "a type": "@type t :: Process.t()\n  @spec get(pid()) :: Process.dest()\n  def get(x), do: x",
    "functions of its own": "def put(x, y), do: {x, y}\n  def get(x), do: x\n  def f(x), do: put(x, get(x))",
    "a spawn of its own": "def spawn(x), do: x\n  def f(x), do: spawn(x)",
    "a private spawn of its own": "defp spawn_link(x), do: x\n  def f(x), do: spawn_link(x)",
    "a nested module of the name": "defmodule Process do\n    def get(x), do: x\n  end\n  def f(x), do: Process.get(x)",
    "Kernel without spawn": "import Kernel, except: [spawn: 1]\n  import Shop.Tasks\n  def f(x), do: spawn(x)",
}

FOUND = {
    "put": ("Process.put(:a, x)", "OVE101 Process.put"),
    "get": ("Process.get(:a)", "OVE101 Process.get"),
    "get with a default": ("Process.get(:a, x)", "OVE101 Process.get"),
    "get without arguments": ("Process.get()", "OVE101 Process.get"),
    "get without anything": ("Process.get", "OVE101 Process.get"),
    "delete": ("Process.delete(:a)", "OVE101 Process.delete"),
    "erase": ("Process.erase(:a)", "OVE101 Process.erase"),
    "get_keys": ("Process.get_keys()", "OVE101 Process.get_keys"),
    "get_keys of a value": ("Process.get_keys(x)", "OVE101 Process.get_keys"),
    "without parentheses": ("Process.put :a, x", "OVE101 Process.put"),
    "over lines": ("Process.put(\n      :a,\n      x\n    )", "OVE101 Process.put"),
    "by the whole name": ("Elixir.Process.put(:a, x)", "OVE101 Process.put"),
    "by the atom": (':"Elixir.Process".put(:a, x)', "OVE101 Process.put"),
    "piped": ("x |> Process.put(1)", "OVE101 Process.put"),
    "piped without parentheses": (":a |> Process.get", "OVE101 Process.get"),
    "piped on": ("Process.get(:a) |> Map.get(:b)", "OVE101 Process.get"),
    "piped over lines": ("x\n    |> to_string()\n    |> Process.put(1)", "OVE101 Process.put"),
    "captured": ("&Process.put/2", "OVE101 Process.put"),
    "captured with an argument": ("&Process.get(&1)", "OVE101 Process.get"),
    "captured in a call": ("Enum.each(x, &Process.delete/1)", "OVE101 Process.delete"),
    "captured by a function": ("Function.capture(Process, :put, 2)", "OVE101 Process.put"),
    "aliased": ("alias Process, as: P\n    P.put(:a, x)", "OVE101 Process.put"),
    "aliased by the whole name": ("alias Elixir.Process, as: P\n    P.get(:a)", "OVE101 Process.get"),
    "required": ("require Process, as: P\n    P.get(:a)", "OVE101 Process.get"),
    "imported": ("import Process, only: [put: 2]\n    put(:a, x)", "OVE101 Process.put"),
    "imported whole": ("import Process\n    get(:a)", "OVE101 Process.get"),
    "imported but for others": ("import Process, except: [put: 2]\n    get(:a)", "OVE101 Process.get"),
    "imported and piped": ("import Process, only: [get: 1]\n    :a |> get()", "OVE101 Process.get"),
    "imported and captured": ("import Process, only: [get: 1]\n    &get/1", "OVE101 Process.get"),
    "applied": ("apply(Process, :put, [:a, x])", "OVE101 Process.put"),
    "applied with arguments that only the program knows": ("apply(Process, :put, x)", "OVE101 Process.put"),
    "applied by Kernel": ("Kernel.apply(Process, :get, [:a])", "OVE101 Process.get"),
    "applied by Erlang": (":erlang.apply(Process, :get, [:a])", "OVE101 Process.get"),
    "applied, piped": ("Process |> apply(:put, [:a, x])", "OVE101 Process.put"),
    "applied, piped on": ("apply(Process, :get, [:a]) |> to_string()", "OVE101 Process.get"),
    "applied to Erlang": ("apply(:erlang, :put, [:a, x])", "OVE101 :erlang.put"),
    "Erlang's put": (":erlang.put(:a, x)", "OVE101 :erlang.put"),
    "Erlang's get": (":erlang.get(:a)", "OVE101 :erlang.get"),
    "Erlang's erase": (":erlang.erase()", "OVE101 :erlang.erase"),
    "Erlang's get_keys": (":erlang.get_keys()", "OVE101 :erlang.get_keys"),
    "Erlang's, captured": ("&:erlang.put/2", "OVE101 :erlang.put"),
    "Erlang's, aliased": ("alias :erlang, as: E\n    E.put(:a, x)", "OVE101 :erlang.put"),
    "the dictionary of a process": ("Process.info(x, :dictionary)", "OVE101 Process.info(:dictionary)"),
    "the dictionary among facts": ("Process.info(x, [:links, :dictionary])", "OVE101 Process.info(:dictionary)"),
    "the dictionary, piped": ("x |> Process.info(:dictionary)", "OVE101 Process.info(:dictionary)"),
    "the dictionary in Erlang": (
        ":erlang.process_info(x, :dictionary)",
        "OVE101 :erlang.process_info(:dictionary)",
    ),
    "the dictionary, applied": ("apply(Process, :info, [x, :dictionary])", "OVE101 Process.info(:dictionary)"),
    "the dictionary, imported": (
        "import Process, only: [info: 2]\n    info(x, :dictionary)",
        "OVE101 Process.info(:dictionary)",
    ),
    "interpolation": ('"a #{Process.get(:a)} b"', "OVE101 Process.get"),
    "interpolation in a heredoc": ('"""\n    #{Process.get(:a)}\n    """', "OVE101 Process.get"),
    "interpolation in a sigil": ("~s(a #{Process.get(:a)})", "OVE101 Process.get"),
    "interpolation in an atom": (':"a#{Process.get(:a)}"', "OVE101 Process.get"),
    "an anonymous function": ("fn key -> Process.get(key) end", "OVE101 Process.get"),
    "with": ("with {:ok, y} <- Process.get(:a), do: y", "OVE101 Process.get"),
    "with and else": ("with :ok <- x do\n      x\n    else\n      _ -> Process.get(:a)\n    end", "OVE101 Process.get"),
    "a guard of a case": ("case x do\n      y when is_nil(y) -> Process.get(:a)\n    end", "OVE101 Process.get"),
    "try": ("try do\n      x\n    after\n      Process.delete(:a)\n    end", "OVE101 Process.delete"),
    "receive": ("receive do\n      y -> Process.put(:a, y)\n    end", "OVE101 Process.put"),
    "a comprehension": ("for y <- Process.get(:a), do: y", "OVE101 Process.get"),
    "quote": ("quote do\n      Process.get(:a)\n    end", "OVE101 Process.get"),
    "unquote": ("quote do\n      unquote(Process.get(:a))\n    end", "OVE101 Process.get"),
    "a map": ("%{a: Process.get(:a)}", "OVE101 Process.get"),
    "an argument": ("IO.inspect(Process.get(:a))", "OVE101 Process.get"),
    "an operator": ("Process.get(:a) || x", "OVE101 Process.get"),
    "spawn": ("spawn(fn -> x end)", "OVE601 Kernel.spawn"),
    "spawn without parentheses": ("spawn fn -> x end", "OVE601 Kernel.spawn"),
    "spawn of a function": ("spawn(Shop, :run, [x])", "OVE601 Kernel.spawn"),
    "spawn by Kernel": ("Kernel.spawn(fn -> x end)", "OVE601 Kernel.spawn"),
    "spawn_link": ("spawn_link(fn -> x end)", "OVE601 Kernel.spawn_link"),
    "spawn_monitor": ("spawn_monitor(fn -> x end)", "OVE601 Kernel.spawn_monitor"),
    "spawn, piped": ("fn -> x end |> spawn()", "OVE601 Kernel.spawn"),
    "spawn, captured": ("Enum.map(x, &spawn/1)", "OVE601 Kernel.spawn"),
    "Process.spawn": ("Process.spawn(fn -> x end, [:link])", "OVE601 Process.spawn"),
    "Erlang's spawn": (":erlang.spawn(fn -> x end)", "OVE601 :erlang.spawn"),
    "Node.spawn": ("Node.spawn(x, fn -> x end)", "OVE601 Node.spawn"),
    "Node.spawn_link": ("Node.spawn_link(x, fn -> x end)", "OVE601 Node.spawn_link"),
}

MODULES_FOUND = {
    "an attribute": ("@user Process.get(:a)", ["OVE101 Process.get"]),
    "a macro": ("defmacro f(x) do\n    Process.put(:a, x)\n  end", ["OVE101 Process.put"]),
    "a private function of one line": ("defp f(x), do: Process.put(:a, x)", ["OVE101 Process.put"]),
    "a default argument": ("def f(x \\\\ Process.get(:a)), do: x", ["OVE101 Process.get"]),
    "a function with a guard": ("def f(x) when is_atom(x), do: Process.get(x)", ["OVE101 Process.get"]),
    "a callback": ("@impl true\n  def init(x) do\n    Process.put(:a, x)\n    {:ok, x}\n  end", ["OVE101 Process.put"]),
    "a test": ('test "it", %{x: x} do\n    Process.put(:a, x)\n  end', ["OVE101 Process.put"]),
    "an alias for the module": ("alias Process, as: P\n  def f(x), do: P.put(:a, x)", ["OVE101 Process.put"]),
    "an alias that ends with its function": (
        "def a(x) do\n    alias Shop.Process\n    Process.get(x)\n  end\n  def b(x), do: Process.get(x)",
        ["OVE101 Process.get"],
    ),
    "an alias of another name below": (
        "alias Shop.Process, as: Mine\n  def f(x), do: {Mine.get(x), Process.get(x)}",
        ["OVE101 Process.get"],
    ),
    "a delegate by another name": ("defdelegate put(key, value), to: Process, as: :put", ["OVE101 Process.put"]),
    "a module below its own by another name": (
        "alias __MODULE__.Process, as: Mine\n  def f(x), do: {Mine.get(x), Process.get(x)}",
        ["OVE101 Process.get"],
    ),
    "a delegate": ("defdelegate put(key, value), to: Process", ["OVE101 Process.put"]),
    "several functions": (
        "def a(x), do: Process.put(:a, x)\n  def b, do: spawn(fn -> Process.get(:a) end)",
        ["OVE101 Process.put", "OVE601 Kernel.spawn", "OVE101 Process.get"],
    ),
}


def found(body: str, *, name: str = "lib/shop.ex") -> list[str]:
    """Return what is found in a module, in order."""
    source = f"defmodule Shop do\n  {body}\nend\n"
    result = examine(source.encode(), name, Settings())
    assert result.problem == ""
    return [f"{hit.code} {hit.symbol}" for hit in result.hits if hit.code != "OVE602"]


def function(body: str) -> str:
    """Return a body as that of a function."""
    return f"def f(x) do\n    {body}\n  end"


@pytest.mark.parametrize("name", SILENT)
def test_should_not_report_a_look_alike(name: str) -> None:
    """Should NOT report what only looks like it, in modules and in scripts."""
    assert found(function(SILENT[name])) == []
    assert found(function(SILENT[name]), name="test/shop_test.exs") == []


@pytest.mark.parametrize("name", MODULES_SILENT)
def test_should_not_report_a_look_alike_of_a_module(name: str) -> None:
    """Should NOT report documentation, types, and functions of its own."""
    assert found(MODULES_SILENT[name]) == []


@pytest.mark.parametrize("name", FOUND)
def test_reports_every_form_once(name: str) -> None:
    """Each form in a function, once, in modules and in scripts."""
    body, expected = FOUND[name]
    assert found(function(body)) == [expected]
    assert found(function(body), name="config/runtime.exs") == [expected]


@pytest.mark.parametrize("name", MODULES_FOUND)
def test_reports_every_place_of_a_module(name: str) -> None:
    """Attributes, macros, one-liners, callbacks, tests."""
    body, expected = MODULES_FOUND[name]
    assert found(body) == expected
