"""Comparisons that a service has written become records and facts, or are said to be none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.evidence.importers import guess_format, read_results
from overt.evidence.records import ComparisonSeen, Difference
from overt.runtime import Comparison


def test_what_a_program_writes_is_read(tmp_path: Path) -> None:
    """Counts and the first differences, from what comparisons themselves report."""
    compared = Comparison("new-cart")
    for number in range(3):
        compared.call(lambda n: n, lambda n: min(n, 1), (number,), chosen="legacy")
    path = tmp_path / "compared.json"
    path.write_text(json.dumps({"comparisons": [compared.report().document()]}))
    assert guess_format(path) == "comparison"
    found = read_results(path, suite="shadow", root=tmp_path)
    assert found.problems == ()
    assert found.records == (
        ComparisonSeen(
            id="comparison:shadow:new-cart:compared.json:1",
            suite="shadow",
            name="new-cart",
            legacy_calls=3,
            agreed=2,
            mismatches=1,
            samples=(Difference(chosen="legacy", call="(2)", new="returned 2", legacy="returned 1"),),
        ),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"comparisons": []}', "holds no comparison"),
        ('{"comparisons": [{"name": "a"}]}', "not of the expected shape"),
        ('{"comparisons": [{"name": "a", "counts": {"agreed": "many"}}]}', "not of the expected shape"),
        ('{"comparisons": [', "truncated"),
    ],
)
def test_what_compared_nothing_proves_nothing(tmp_path: Path, text: str, said: str) -> None:
    """Empty, cut or odd files are problems."""
    path = tmp_path / "compared.json"
    path.write_text(text)
    found = read_results(path, suite="shadow", root=tmp_path, result_format="comparison")
    assert found.records == ()
    assert said in str(found.problems[0])
