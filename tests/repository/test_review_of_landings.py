"""What CI tolerates of the review of a submission is written down, item by item."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from overt.review.rules import IDS

ROOT = Path(__file__).parents[2]
SCRIPT = (ROOT / "scripts" / "test.py").read_text()
DECISION = (ROOT / "docs" / "decisions" / "0009-review-in-ci.md").read_text()


def _tolerated() -> list[str]:
    module = ast.parse(SCRIPT)
    [value] = [
        node.value
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TOLERATED"
    ]
    return [node.value for node in ast.walk(value) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_every_tolerated_item_is_one_and_has_its_reason() -> None:
    """An item that nobody explains would be tolerated for good."""
    tolerated = _tolerated()
    assert set(tolerated) <= set(IDS)
    explained = re.findall(r"^\| `([a-z-]+)` \| (\S.+?) \|", DECISION, re.MULTILINE)
    assert sorted(name for name, _ in explained) == sorted(tolerated)


def test_the_test_command_fails_when_the_review_does() -> None:
    """What is measured and refuted fails; what could not be reviewed is told."""
    assert '"--fail-on", "refuted"' in SCRIPT
    assert "return status in {0, 3}" in SCRIPT
    assert "        review(),\n" in SCRIPT
