defmodule ShelfTest do
  use ExUnit.Case, async: true

  test "a book is found by its signature" do
    assert %{"A 1" => %{signature: "A 1"}} = Shelf.place(%{}, %{signature: "A 1"})
  end

  test "a reader has a name" do
    assert Shelf.reader("ann") == "ann"
  end
end
