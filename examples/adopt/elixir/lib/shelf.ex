defmodule Shelf do
  @moduledoc "Where books stand."

  def place(shelf, book), do: Map.put(shelf, book.signature, book)

  def reader(name) do
    Process.put(:reader, name)
    name
  end
end
