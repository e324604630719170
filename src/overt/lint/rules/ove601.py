"""OVE601: a process is started without a supervisor."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """Every raw spawn is a finding."""
    return Judgement(f"`{fact.scope or 'the file'}` starts a process with `{fact.symbol}`")


RULE = Rule(
    code="OVE601",
    title="A process is started without a supervisor",
    why=(
        "Nobody restarts such a process, nobody stops it, and nobody learns that it died. It outlives the test or "
        "the request that started it."
    ),
    bad="""\
defmodule Shop.Mail do
  def send_later(mail), do: spawn(fn -> deliver(mail) end)
  defp deliver(mail), do: mail
end
""",
    good="""\
defmodule Shop.Mail do
  def send_later(mail), do: Task.Supervisor.start_child(Shop.Tasks, fn -> deliver(mail) end)
  defp deliver(mail), do: mail
end
""",
    instead=("Start it under a supervisor: `Task.Supervisor`, `DynamicSupervisor`, or a child of the application."),
    judge=judge,
    kind="elixir",
    path="lib/example.ex",
    see=("OVE602",),
)
