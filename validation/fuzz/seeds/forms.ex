defmodule Shop.Cart do
  @moduledoc """
  Process.put(:a, 1) in a document is none.
  """
  use GenServer, restart: :temporary
  alias Shop.{Item, Order}
  alias Process, as: P
  import Process, only: [put: 2, get: 1]
  require Logger

  @timeout 5_000
  @type t :: %__MODULE__{rows: [Item.t()], total: non_neg_integer() | nil}
  defstruct rows: [], total: 0

  defguard is_big(x) when is_integer(x) and x > 1_000

  @spec add(t(), Item.t()) :: {:ok, t()} | {:error, term()}
  def add(%__MODULE__{rows: rows} = cart, %Item{price: price} = item) when is_big(price) do
    put(:last, item)
    P.get(:last) |> inspect() |> Logger.debug()
    {:ok, %{cart | rows: [item | rows], total: cart.total + price}}
  end

  def add(_cart, item), do: {:error, "no #{inspect(item)} of #{~s(kind "x")}"}

  defp sum(rows) do
    for %{price: p} <- rows, p > 0, reduce: 0 do
      total -> total + p
    end
  end

  def handle_call({:total, opts}, _from, state) do
    with {:ok, rows} <- Map.fetch(state, :rows),
         total when total >= 0 <- sum(rows) do
      {:reply, total, state, @timeout}
    else
      :error -> {:stop, :normal, state}
    end
  rescue
    e in [ArgumentError, RuntimeError] -> reraise e, __STACKTRACE__
  after
    :erlang.put(:done, true)
  end

  def many(pid) do
    1..10//2 |> Enum.map(&(&1 * 2)) |> Enum.each(&Process.put(:n, &1))
    apply(Process, :delete, [:n])
    :erlang.apply(:erlang, :get, [])
    spawn_link(fn -> send(pid, {:done, self()}) end)
    Process.info(pid, [:dictionary, :messages])
    f = &Process.get/1
    f.(:n)
    case <<1, 2::size(4), rest::binary>> do
      <<h::utf8, _::bits>> when h in ?a..?z -> 'charlist'
      _ -> ~r/put\((.*)\)/iu
    end
  end

  if Code.ensure_loaded?(Jason), do: @derive(Jason.Encoder)
end

quote do
  unquote(name)(1, unquote_splicing(args))
end
