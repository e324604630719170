# overt: allow OVE101 -- a script of one process
Process.put(:started, System.monotonic_time())
{:ok, pid} = Agent.start_link(fn -> %{} end)
Agent.update(pid, &Map.put(&1, :a, [1, 2 | [3]]))
receive do
  {:msg, %{"key" => v}} when not is_nil(v) -> IO.puts("got #{v}")
after
  0 -> :timeout
end
cond do
  true && (1 <> 2 || nil) -> :ok
  :"quoted atom" == :foo -> ~S"""
  heredoc \#{no}
  """
end
x = if true do 1 else 2 end
IO.puts ~w[a b c]a |> Enum.join(", ")
