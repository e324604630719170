defmodule Shelf.MixProject do
  use Mix.Project

  def project do
    [app: :shelf, version: "1.0.0", elixir: "~> 1.17", deps: deps()]
  end

  defp deps do
    [
      {:junit_formatter, "~> 3.4", only: :test},
      {:credo, "~> 1.7", only: :dev, runtime: false}
    ]
  end
end
