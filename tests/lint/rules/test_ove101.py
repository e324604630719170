"""OVE101: the process dictionary is used."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Look = Callable[..., list[tuple[str, str, str, int]]]

MODULE = """
defmodule Shop.Cart do
{}
end
"""


def found(look: Look, body: str, path: str = "lib/shop/cart.ex") -> list[str]:
    """Return the symbols of the findings of this rule in the body of a module."""
    return [symbol for code, _, symbol, _ in look(MODULE.format(body), path=path) if code == "OVE101"]


@pytest.mark.parametrize(
    "body",
    [
        "  def f(x) do\n    WorkflowProcess.get(x)\n  end",
        "  def f(x) do\n    Workflow.Process.get(x)\n  end",
        "  def f(x) do\n    MyProcess.put(x, 1)\n  end",
        "  def f(x) do\n    Process.alive?(x)\n  end",
        "  def f(x) do\n    Process.monitor(x)\n  end",
        "  def f(x) do\n    Process.info(x)\n  end",
        "  def f(x) do\n    Process.info(x, :links)\n  end",
        "  def f(x) do\n    Process.info(x, [:links, :messages])\n  end",
        "  def f(x) do\n    Map.put(x, :a, 1)\n  end",
        "  def f(x) do\n    x |> Map.get(:a)\n  end",
        "  def f(x) do\n    &Map.get/2\n  end",
        "  def f(x) do\n    apply(Map, :get, [x, :a])\n  end",
        "  def f(x) do\n    :ets.insert(:t, x)\n  end",
        "  def f(x) do\n    :erlang.now()\n  end",
        "  def f(x) do\n    :erlang.process_info(x, :links)\n  end",
        '  def f(x) do\n    "Process.get(:a)"\n  end',
        "  def f(x) do\n    # Process.put(:a, 1)\n  end",
        "  def f(x) do\n    ~S[Process.get(:a)]\n  end",
        '  def f(x) do\n    """\n    iex> Process.get(:a)\n    """\n  end',
        "  def f(x) do\n    'Process.get'\n  end",
        '  def f(x) do\n    :"Process.get"\n  end',
        "  def f(x) do\n    process.get(:a)\n  end",
        "  def f(x) do\n    get(x)\n  end",
        "  def f(x) do\n    put(x, 1)\n  end",
        "  def f(x) do\n    Process.whereis(x)\n  end",
        "  def f(x) do\n    x.process.get\n  end",
        '  @doc """\n  Uses Process.put(:a, 1)\n  """\n  def f(x), do: x',
        '  @moduledoc "Process.get"',
        "  alias Shop.Process\n\n  def f(x), do: Process.get(x)",
        "  alias Shop.{Process, Other}\n\n  def f(x), do: Process.get(x)",
        "  alias Shop.Registry, as: Process\n\n  def f(x), do: Process.get(x)",
        "  import Process, only: [alive?: 1]\n\n  def f(x), do: get(x)",
        "  import Process, except: [get: 1, get: 2]\n\n  def f(x), do: get(x)",
        "  defmodule Process do\n    def get(x), do: x\n  end\n\n  def f(x), do: Process.get(x)",
        "  import Map\n\n  def f(x), do: get(x, :a)",
        "  @spec get(Process.t()) :: term\n  def f(x), do: x",
    ],
)
def test_should_not_report_what_only_looks_like_it(look: Look, body: str) -> None:
    """Should NOT report look-alikes, other modules, text and comments."""
    assert found(look, body) == []


@pytest.mark.parametrize(
    ("body", "symbol"),
    [
        ("  def f(x) do\n    Process.put(:a, x)\n  end", "Process.put"),
        ("  def f(x) do\n    Process.get(:a)\n  end", "Process.get"),
        ("  def f(x) do\n    Process.get()\n  end", "Process.get"),
        ("  def f(x) do\n    Process.get(:a, x)\n  end", "Process.get"),
        ("  def f(x) do\n    Process.delete(:a)\n  end", "Process.delete"),
        ("  def f(x) do\n    Process.get_keys()\n  end", "Process.get_keys"),
        ("  def f(x) do\n    Process.get_keys(x)\n  end", "Process.get_keys"),
        ("  def f(x) do\n    Process.put :a, x\n  end", "Process.put"),
        ("  def f(x) do\n    Elixir.Process.get(:a)\n  end", "Process.get"),
        ("  def f(x) do\n    x |> Process.put(1)\n  end", "Process.put"),
        ("  def f(x) do\n    :a |> Process.get\n  end", "Process.get"),
        ("  def f(x) do\n    :a |> Process.get()\n  end", "Process.get"),
        ("  def f(x) do\n    x |> Map.get(:a) |> Process.put(1)\n  end", "Process.put"),
        ("  def f(x) do\n    &Process.get/1\n  end", "Process.get"),
        ("  def f(x) do\n    &Process.put(:a, &1)\n  end", "Process.put"),
        ("  def f(x) do\n    Enum.each(x, &Process.delete/1)\n  end", "Process.delete"),
        ("  def f(x) do\n    apply(Process, :put, [:a, x])\n  end", "Process.put"),
        ("  def f(x) do\n    Kernel.apply(Process, :get, [:a])\n  end", "Process.get"),
        ("  def f(x) do\n    Process |> apply(:get, [:a])\n  end", "Process.get"),
        ("  def f(x) do\n    :erlang.apply(Process, :get, [:a])\n  end", "Process.get"),
        ("  def f(x) do\n    apply(:erlang, :put, [:a, x])\n  end", ":erlang.put"),
        ("  def f(x) do\n    :erlang.put(:a, x)\n  end", ":erlang.put"),
        ("  def f(x) do\n    :erlang.get(:a)\n  end", ":erlang.get"),
        ("  def f(x) do\n    :erlang.get()\n  end", ":erlang.get"),
        ("  def f(x) do\n    :erlang.erase(:a)\n  end", ":erlang.erase"),
        ("  def f(x) do\n    :erlang.get_keys()\n  end", ":erlang.get_keys"),
        ("  def f(x) do\n    x |> :erlang.put(1)\n  end", ":erlang.put"),
        ("  def f(x) do\n    &:erlang.get/1\n  end", ":erlang.get"),
        ("  def f(x) do\n    Process.info(x, :dictionary)\n  end", "Process.info(:dictionary)"),
        ("  def f(x) do\n    Process.info(self(), [:links, :dictionary])\n  end", "Process.info(:dictionary)"),
        ("  def f(x) do\n    x |> Process.info(:dictionary)\n  end", "Process.info(:dictionary)"),
        ("  def f(x) do\n    :erlang.process_info(x, :dictionary)\n  end", ":erlang.process_info(:dictionary)"),
        ("  def f(x) do\n    if x, do: Process.get(:a)\n  end", "Process.get"),
        ("  def f(x) do\n    case x do\n      1 -> Process.get(:a)\n      _ -> x\n    end\n  end", "Process.get"),
        ("  def f(x) do\n    fn -> Process.get(:a) end\n  end", "Process.get"),
        ('  def f(x) do\n    "#{Process.get(:a)}"\n  end', "Process.get"),
        ("  def f(x) do\n    with {:ok, y} <- Process.get(:a), do: y\n  end", "Process.get"),
        ("  def f(x) do\n    quote do\n      Process.get(:a)\n    end\n  end", "Process.get"),
        ("  def f(x) do\n    alias Process, as: P\n    P.get(:a)\n  end", "Process.get"),
        ("  def f(x) do\n    import Process\n    put(:a, x)\n  end", "Process.put"),
        ("  def f(x) do\n    Function.capture(Process, :get, 1)\n  end", "Process.get"),
        ("  alias Process, as: P\n\n  def f(x), do: P.put(:a, x)", "Process.put"),
        ("  require Process, as: P\n\n  def f(x), do: P.put(:a, x)", "Process.put"),
        ("  alias Elixir.Process\n\n  def f(x), do: Process.get(x)", "Process.get"),
        ("  import Process\n\n  def f(x), do: put(:a, x)", "Process.put"),
        ("  import Process, only: [get: 1]\n\n  def f(x), do: get(x)", "Process.get"),
        ("  import Process, only: [get: 1]\n\n  def f, do: &get/1", "Process.get"),
        ("  import Process, only: [get: 1]\n\n  def f(x), do: x |> get", "Process.get"),
        ("  import :erlang, only: [put: 2]\n\n  def f(x), do: put(:a, x)", ":erlang.put"),
        ("  @user Process.get(:a)", "Process.get"),
        (
            "  def a(x) do\n    alias Shop.Process\n    Process.get(x)\n  end\n\n  def b(x), do: Process.get(x)",
            "Process.get",
        ),
    ],
)
def test_reports_every_form(look: Look, body: str, symbol: str) -> None:
    """Reports each way of writing it, once."""
    assert found(look, body) == [symbol]


@pytest.mark.parametrize("path", ["lib/shop/cart.ex", "config/runtime.exs"])
def test_reports_in_modules_and_scripts(look: Look, path: str) -> None:
    """Reports in `.ex` and `.exs`."""
    assert found(look, "  def f, do: Process.get(:a)", path) == ["Process.get"]
