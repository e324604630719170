"""What a guard comes to in a test is told to whoever records the test."""

from __future__ import annotations

import json

import pytest

from overt.runtime import Comparison
from overt.testing.comparisons import Following

pytest_plugins = ["pytester"]


def test_only_what_comes_after_is_told() -> None:
    """A guard that lives longer than a test is not counted twice."""
    comparison = Comparison("cart")
    ask = lambda n: comparison.call(lambda: n, lambda: 1, chosen="new")  # noqa: E731
    ask(2)
    followed = Following(comparison, "test_it")
    ask(1)
    ask(3)
    told = json.loads(followed.property_text())
    assert (told["name"], told["test"]) == ("cart", "test_it")
    assert {name: number for name, number in told["counts"].items() if number} == {
        "new_calls": 2,
        "agreed": 1,
        "mismatches": 1,
    }
    assert [kept["new"] for kept in told["mismatches"]] == ["returned 3"]


def test_the_fixture_tells_it_with_the_call_of_the_test(pytester: pytest.Pytester) -> None:
    """Also of a test that fails, and nothing for a test that does not ask."""
    pytester.makeconftest(
        """
        def pytest_runtest_logreport(report):
            if report.when == "call":
                for name, value in report.user_properties:
                    print("TOLD", report.nodeid, name, value)
        """
    )
    pytester.makepyfile(
        test_it="""
        import pytest
        from overt.runtime import Comparison

        @pytest.mark.parametrize("wanted", [1, 2])
        def test_both(record_comparison, wanted):
            comparison = Comparison("cart")
            record_comparison(comparison)
            assert comparison.call(lambda: 1, lambda: 1, chosen="new") == wanted

        def test_nothing():
            pass
        """
    )
    result = pytester.runpytest_subprocess("-q", "-s", "-p", "no:randomly", "-W", "error")
    result.assert_outcomes(passed=2, failed=1)
    told = [line for line in result.outlines if "TOLD" in line]
    assert len(told) == 2
    assert all('overt.comparison {"name":"cart"' in line and '"agreed":1' in line for line in told)
