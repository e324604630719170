"""OVE602: a message is sent with a raw send."""

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
    return [symbol for code, _, symbol, _ in look(MODULE.format(body), path=path) if code == "OVE602"]


@pytest.mark.parametrize(
    "body",
    [
        "  def f(x) do\n    GenServer.call(x, :a)\n  end",
        "  def f(x) do\n    Mail.send(x)\n  end",
        "  def f(x) do\n    # send(x, 1)\n  end",
        '  def f(x) do\n    "send(x, 1)"\n  end',
        "  def send(x, y), do: {x, y}\n\n  def f(x), do: send(x, 1)",
    ],
)
def test_should_not_report_what_only_looks_like_it(look: Look, body: str) -> None:
    """Should NOT report look-alikes, other modules, text and comments."""
    assert found(look, body) == []


@pytest.mark.parametrize(
    ("body", "symbol"),
    [
        ("  def f(x) do\n    send(x, :a)\n  end", "Kernel.send"),
        ("  def f(x) do\n    x |> send(:a)\n  end", "Kernel.send"),
        ("  def f(x) do\n    Kernel.send(x, :a)\n  end", "Kernel.send"),
        ("  def f(x) do\n    Process.send(x, :a, [])\n  end", "Process.send"),
        ("  def f(x) do\n    :erlang.send(x, :a)\n  end", ":erlang.send"),
    ],
)
def test_reports_every_form(look: Look, body: str, symbol: str) -> None:
    """Reports each way of writing it, once."""
    assert found(look, body) == [symbol]
