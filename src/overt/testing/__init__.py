"""Helpers and a pytest plugin for tests of code that shares state."""
