"""OVE601: a process is started without a supervisor."""

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
    return [symbol for code, _, symbol, _ in look(MODULE.format(body), path=path) if code == "OVE601"]


@pytest.mark.parametrize(
    "body",
    [
        "  def f(x) do\n    Task.Supervisor.start_child(S, fn -> x end)\n  end",
        "  def f(x) do\n    Shop.spawn(x)\n  end",
        "  def f(x) do\n    GenServer.start_link(M, x)\n  end",
        "  def f(x) do\n    # spawn(fn -> x end)\n  end",
        '  def f(x) do\n    "spawn(fn -> x end)"\n  end',
        "  def f(x) do\n    x.spawn\n  end",
        "  def f(x) do\n    spawner(x)\n  end",
        "  def spawn(x), do: x\n\n  def f(x), do: spawn(x)",
        "  import Kernel, except: [spawn: 1]\n  import Shop.Own\n\n  def f(x), do: spawn(x)",
    ],
)
def test_should_not_report_what_only_looks_like_it(look: Look, body: str) -> None:
    """Should NOT report look-alikes, other modules, text and comments."""
    assert found(look, body) == []


@pytest.mark.parametrize(
    ("body", "symbol"),
    [
        ("  def f(x) do\n    spawn(fn -> x end)\n  end", "Kernel.spawn"),
        ("  def f(x) do\n    spawn fn -> x end\n  end", "Kernel.spawn"),
        ("  def f(x) do\n    spawn_link(fn -> x end)\n  end", "Kernel.spawn_link"),
        ("  def f(x) do\n    spawn_monitor(M, :f, [])\n  end", "Kernel.spawn_monitor"),
        ("  def f(x) do\n    Process.spawn(x, [])\n  end", "Process.spawn"),
        ("  def f(x) do\n    Kernel.spawn(x)\n  end", "Kernel.spawn"),
        ("  def f(x) do\n    :erlang.spawn_link(x)\n  end", ":erlang.spawn_link"),
        ("  def f(x) do\n    x |> spawn()\n  end", "Kernel.spawn"),
        ("  def f(x) do\n    x |> spawn\n  end", "Kernel.spawn"),
        ("  def f(x) do\n    &spawn/1\n  end", "Kernel.spawn"),
        ("  def f(x) do\n    apply(Process, :spawn, [x, []])\n  end", "Process.spawn"),
        ("  def f(x) do\n    Node.spawn(:n, x)\n  end", "Node.spawn"),
    ],
)
def test_reports_every_form(look: Look, body: str, symbol: str) -> None:
    """Reports each way of writing it, once."""
    assert found(look, body) == [symbol]
