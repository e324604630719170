"""What the pictures of the architecture draw is also said in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
SOURCES = sorted((ROOT / "docs/architecture").glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_each_picture_is_linked(source: Path) -> None:
    """A picture that no page leads to is not looked at."""
    assert f"](../architecture/{source.name})" in PAGE


def test_the_text_names_each_box_of_a_validation_run() -> None:
    """Who does not see the picture reads of the same modules, in the same groups and the same order."""
    source = (ROOT / "docs/architecture/validation_run.py").read_text("utf-8")
    boxes = re.findall(r'Node\("(overt[\w.]+)"\)', source)
    told = PAGE.partition("### A validation run")[2].partition("\n## ")[0]
    assert len(boxes) > 10
    assert [box for box in boxes if f"`{box}`" not in told] == []
    assert re.findall(r'Cluster\("(\w+)"\)', source) == re.findall(r"^\d\. \*\*(\w+)\.\*\*", told, re.MULTILINE)


def test_the_table_of_rooms_is_that_of_the_contract() -> None:
    """Every room stands in the table, in the order that import-linter holds, ground floor first."""
    contract = (ROOT / "pyproject.toml").read_text("utf-8").partition("[tool.importlinter]")[2]
    layers = re.findall(r'"(?:overt\.)?(\w+)"', re.search(r"layers = \[(.*?)\]", contract, re.DOTALL)[1])  # type: ignore[index]
    rooms = re.findall(r"^\| `(\w+)` \|", PAGE.partition("## The rooms")[2], re.MULTILINE)
    assert rooms == list(reversed(layers))
