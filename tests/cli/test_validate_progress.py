"""Plain lines while suites run."""

from __future__ import annotations

import io

import pytest

from overt.cli.validate_progress import Lines
from overt.evidence.records import TestCase


@pytest.mark.parametrize(("verbose", "told"), [(False, 22), (True, 50)])
def test_very_many_failures_are_not_all_told(verbose: bool, told: int) -> None:
    """Twenty, then that there are more, beside the beginning; with --verbose every test."""
    stream = io.StringIO()
    lines = Lines(stream, ["unit"], verbose=verbose)
    lines.started("unit")
    for number in range(49):
        outcome = "failed" if number % 2 or number > 20 else "error"
        lines.seen("unit", TestCase(id=f"t{number}", suite="unit", name=f"t.py::test_{number}", outcome=outcome))
    written = stream.getvalue().splitlines()
    assert len(written) == told
    assert written[1] == "  unit  error   t.py::test_0"
    assert ("more tests fail; --verbose tells each" in written[-1]) is not verbose
