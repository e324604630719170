"""OV203: an attribute is set on an object of the module."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_an_attribute_set_while_the_module_is_imported(look: Look) -> None:
    """Should NOT report an attribute set while the module is imported."""
    source = """
        settings = make()
        settings.debug = True
    """
    assert [row for row in look(source) if row[0] == "OV203"] == []


def test_should_not_report_an_attribute_of_a_local_object_or_a_parameter(look: Look) -> None:
    """Should NOT report an attribute of a local object or a parameter."""
    source = """
        settings = make()

        def a(settings):
            settings.debug = True

        def b():
            settings = make()
            settings.debug = True
    """
    assert [row for row in look(source) if row[0] == "OV203"] == []


def test_should_not_report_an_attribute_of_what_a_call_returns(look: Look) -> None:
    """Should NOT report an attribute of what a call returns."""
    source = """
        settings = make()

        def a():
            settings.current().debug = True
    """
    assert [row for row in look(source) if row[0] == "OV203"] == []


def test_reports_attributes_set_by_functions_as_one_finding(look: Look) -> None:
    """Reports attributes set by functions, as one finding."""
    source = """
        settings = make()

        def enable():
            settings.debug = True

        def disable():
            settings.debug = False
            setattr(settings, "level", 3)
            del settings.trace
    """
    assert [row for row in look(source) if row[0] == "OV203"] == [
        ("OV203", "warning", "settings", 1),
    ]


def test_reports_a_counter_on_an_object_as_an_error(look: Look) -> None:
    """Reports a counter on an object as an error."""
    source = """
        stats = make()

        def hit():
            stats.hits += 1
    """
    assert [row for row in look(source) if row[0] == "OV203"] == [
        ("OV203", "error", "stats", 1),
    ]
