"""Lets `python -m overt` do what the `overt` command does."""

from overt.cli.main import entry

if __name__ == "__main__":
    entry()
