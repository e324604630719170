"""OV404: the global random generator is seeded."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_generator_of_ones_own(look: Look) -> None:
    """Should NOT report a generator of ones own."""
    source = """
        import random

        def a():
            generator = random.Random(1)
            generator.seed(2)
            return random.random()
    """
    assert [row for row in look(source) if row[0] == "OV404"] == []


def test_reports_each_of_its_calls(look: Look) -> None:
    """Reports each of its calls."""
    source = """
        import random
        import numpy as np

        def a():
            random.seed(1)
            np.random.seed(1)
    """
    assert [row for row in look(source) if row[0] == "OV404"] == [
        ("OV404", "warning", "random.seed", 5),
        ("OV404", "warning", "numpy.random.seed", 6),
    ]
