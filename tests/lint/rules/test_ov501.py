"""OV501: a module-level function has an unbounded cache."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_bounded_cache(look: Look) -> None:
    """Should NOT report a bounded cache."""
    source = """
        from functools import lru_cache

        @lru_cache
        def a(x):
            return x

        @lru_cache(maxsize=10)
        def b(x):
            return x
    """
    assert [row for row in look(source) if row[0] == "OV501"] == []


def test_should_not_report_a_function_without_parameters_which_has_one_entry_at_most(look: Look) -> None:
    """Should NOT report a function without parameters, which has one entry at most."""
    source = """
        from functools import cache

        @cache
        def settings():
            return {}
    """
    assert [row for row in look(source) if row[0] == "OV501"] == []


def test_should_not_report_a_function_that_is_made_inside_a_function(look: Look) -> None:
    """Should NOT report a function that is made inside a function."""
    source = """
        from functools import cache

        def make():
            @cache
            def inner(x):
                return x
            return inner
    """
    assert [row for row in look(source) if row[0] == "OV501"] == []


def test_reports_cache_and_lru_cache_none(look: Look) -> None:
    """Reports cache and lru_cache(None)."""
    source = """
        import functools
        from functools import cache as keep

        @keep
        def a(x):
            return x

        @functools.lru_cache(maxsize=None)
        def b(x):
            return x

        @functools.lru_cache(None)
        def c(*rows):
            return rows
    """
    assert [row for row in look(source) if row[0] == "OV501"] == [
        ("OV501", "warning", "a", 4),
        ("OV501", "warning", "b", 8),
        ("OV501", "warning", "c", 12),
    ]


def test_reports_a_cache_that_is_made_by_a_call(look: Look) -> None:
    """Reports `load = functools.cache(f)` and `lru_cache(maxsize=None)(f)` like the decorators."""
    source = """
        import functools
        from functools import lru_cache

        def _load(name):
            return name

        load = functools.cache(_load)
        again = lru_cache(maxsize=None)(_load)
        foreign = functools.cache(_load.__call__)
    """
    assert [row[2:] for row in look(source) if row[0] == "OV501"] == [("load", 7), ("again", 8), ("foreign", 9)]


def test_should_not_report_calls_that_make_bounded_caches(look: Look) -> None:
    """Should NOT report a bounded cache, one of a function without parameters, and one made by another `cache`."""
    source = """
        import functools
        from shop import cache

        def _load(name):
            return name

        def _once():
            return 1

        bounded = functools.lru_cache(maxsize=8)(_load)
        plain = functools.lru_cache(_load)
        decorator = functools.lru_cache(maxsize=None)
        once = functools.cache(_once)
        lazy = functools.cache(lambda: 1)
        other = cache(_load)
    """
    assert [row for row in look(source) if row[0] == "OV501"] == []


def test_reports_a_cache_known_by_another_name(look: Look) -> None:
    """Reports a cache whose decorator was given another name first."""
    source = """
        import functools
        from functools import lru_cache

        memo = functools.cache
        keep = lru_cache(maxsize=None)
        few = lru_cache(maxsize=8)

        @memo
        def a(x):
            return x

        @keep
        def b(x):
            return x

        @few
        def c(x):
            return x
    """
    assert [row[2] for row in look(source) if row[0] == "OV501"] == ["a", "b"]
