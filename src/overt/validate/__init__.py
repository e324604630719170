"""Runs suites and records what happened."""
