"""Tests of the plugin run pytest itself."""

pytest_plugins = ["pytester"]
