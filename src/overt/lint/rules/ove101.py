"""OVE101: the process dictionary is used."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Every form of use is a finding: direct, piped, captured, aliased, imported, applied."""
    return Judgement(f"`{fact.scope or 'the file'}` uses the process dictionary (`{fact.symbol}`)")


RULE = Rule(
    code="OVE101",
    title="The process dictionary is used",
    why=(
        "The process dictionary is a hidden argument of every function of the process: no signature shows it, and "
        "what is put there is read by code far away. It is lost when the process ends and is not there in a task "
        "or another process."
    ),
    bad="""\
defmodule Shop.Request do
  def enter(user), do: Process.put(:user, user)
  def user, do: Process.get(:user)
end
""",
    good="""\
defmodule Shop.Request do
  def greet(user), do: "Hello #{user}"
end
""",
    instead=(
        "Pass the value as an argument, keep it in the state of a GenServer, or in an ETS table with an owner; "
        "for log context use Logger metadata."
    ),
    judge=judge,
    kind="elixir",
    path="lib/example.ex",
)
