"""OV304: state is kept on a function."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_attributes_that_describe_a_function_set_at_import(look: Look) -> None:
    """Should NOT report attributes that describe a function, set at import."""
    source = """
        def total(rows):
            return sum(rows)

        total.short_description = "Total"
    """
    assert [row for row in look(source) if row[0] == "OV304"] == []


def test_should_not_report_attributes_of_a_wrapper_that_a_decorator_returns(look: Look) -> None:
    """Should NOT report attributes of a wrapper that a decorator returns."""
    source = """
        def decorate(function):
            def wrapper():
                return function()
            wrapper.original = function
            return wrapper
    """
    assert [row for row in look(source) if row[0] == "OV304"] == []


def test_should_not_report_a_mutable_default_that_nobody_changes_and_one_that_is_replaced(look: Look) -> None:
    """Should NOT report a mutable default that nobody changes, and one that is replaced."""
    source = """
        def a(rows=[]):
            return len(rows)

        def b(rows=[]):
            rows = list(rows)
            rows.append(1)
            return rows
    """
    assert [row for row in look(source) if row[0] == "OV304"] == []


def test_reports_a_counter_on_a_function(look: Look) -> None:
    """Reports a counter on a function."""
    source = """
        def step():
            step.count += 1

        step.count = 0
    """
    assert [row for row in look(source) if row[0] == "OV304"] == [
        ("OV304", "error", "step.count", 1),
    ]


def test_reports_a_container_on_a_function(look: Look) -> None:
    """Reports a container on a function."""
    source = """
        def seen(key):
            seen.keys.add(key)

        seen.keys = set()
    """
    assert [row for row in look(source) if row[0] == "OV304"] == [
        ("OV304", "warning", "seen.keys", 1),
    ]


def test_reports_a_default_argument_that_the_function_changes(look: Look) -> None:
    """Reports a default argument that the function changes."""
    source = """
        def fib(n, memo={}):
            memo[n] = n
            return memo[n]
    """
    assert [row for row in look(source) if row[0] == "OV304"] == [
        ("OV304", "warning", "memo", 1),
    ]
