"""OV502: a method is cached."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_cached_property_a_static_method_and_a_class_method(look: Look) -> None:
    """Should NOT report a cached property, a static method and a class method."""
    source = """
        from functools import cached_property, lru_cache

        class Report:
            @cached_property
            def total(self):
                return 1

            @staticmethod
            @lru_cache
            def read(path):
                return path

            @classmethod
            @lru_cache
            def make(cls, path):
                return path
    """
    assert [row for row in look(source) if row[0] == "OV502"] == []


def test_reports_a_cached_method_bounded_or_not(look: Look) -> None:
    """Reports a cached method, bounded or not."""
    source = """
        from functools import cache, lru_cache

        class Report:
            @lru_cache(maxsize=3)
            def a(self, year):
                return year

            @cache
            def b(self):
                return 1
    """
    assert [row for row in look(source) if row[0] == "OV502"] == [
        ("OV502", "warning", "a", 4),
        ("OV502", "warning", "b", 8),
    ]
