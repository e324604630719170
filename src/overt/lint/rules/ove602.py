"""OVE602: a message is sent with a raw send."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Every raw send is a finding; the rule is off unless it is selected by its whole code."""
    return Judgement(f"`{fact.scope or 'the file'}` sends with `{fact.symbol}`")


RULE = Rule(
    code="OVE602",
    title="A message is sent with a raw send",
    why=(
        "A raw send succeeds when nobody is there to receive it. The shape of the message is a protocol that is "
        "written down nowhere."
    ),
    bad="""\
defmodule Shop.Stock do
  def refresh(pid), do: send(pid, :refresh)
end
""",
    good="""\
defmodule Shop.Stock do
  def refresh(server), do: GenServer.call(server, :refresh)
end
""",
    instead="Call a function of the module that owns the process, which uses `GenServer.call` or `cast`.",
    judge=judge,
    kind="elixir",
    path="lib/example.ex",
    see=("OVE601",),
    default=False,
)
