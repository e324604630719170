"""The reference page says what is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.cli.train import _parser
from overt.training import bounds, runner

PAGE = (Path(__file__).parents[2] / "docs/reference/training.md").read_text(encoding="utf-8")


def test_every_verb_and_option_is_there() -> None:
    """Taken from the parsers, so that none can be added without a line."""
    parsers = {"": _parser()}
    lacking = []
    while parsers:
        name, parser = parsers.popitem()
        for action in parser._actions:
            if isinstance(action.choices, dict):
                parsers |= {f"{name} {verb}".strip(): sub for verb, sub in action.choices.items()}
            lacking += [f"{name} {one}" for one in action.option_strings if one[:2] == "--" and f"`{one}" not in PAGE]
        if name not in {"", "dev"} and f"| `overt train {name}` |" not in PAGE:
            lacking.append(name)
    assert [one for one in lacking if not one.endswith(("--help", "--root"))] == []


@pytest.mark.parametrize(
    "told",
    [
        f"| time for one check | {runner.SECONDS:.0f} s,",
        f"| addresses (memory) | {runner.MEMORY // 2**20} MiB |",
        f"| output | {runner.OUTPUT:,} bytes",
        f"| one file | {bounds._FILE_BYTES:,} bytes |",
        f"| files and folders made | {bounds._FILES} |",
        f"| open files | {bounds._DESCRIPTORS} |",
    ],
)
def test_every_bound_is_as_it_says(told: str) -> None:
    """The figures are those of the code."""
    assert told in PAGE
