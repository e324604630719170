"""The hidden-state linter."""
