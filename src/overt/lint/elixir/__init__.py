"""Elixir: the process dictionary and processes without a supervisor, found in the syntax tree."""
