"""What the tests of the linter share."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from overt.lint.examine import Examined, examine
from overt.lint.results import Settings

Look = Callable[..., list[tuple[str, str, str, int]]]


@pytest.fixture
def look() -> Look:
    """Return what the rules say about a source: code, severity, symbol and line of each finding."""

    def looked(
        source: str, *, path: str = "src/example.py", target: tuple[int, int] = (0, 0)
    ) -> list[tuple[str, str, str, int]]:
        result: Examined = examine(textwrap.dedent(source).lstrip("\n").encode(), path, Settings(target))
        assert result.problem == "", result.problem
        return [(hit.code, hit.severity, hit.symbol, hit.line) for hit in result.hits]

    return looked
