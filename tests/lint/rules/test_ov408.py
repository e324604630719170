"""OV408: the import path or the table of modules is changed."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_path_that_is_read_or_copied(look: Look) -> None:
    """Should NOT report a path that is read or copied."""
    source = """
        import sys

        def a(name):
            copied = list(sys.path)
            copied.append("x")
            part = sys.path[1:]
            part.append("x")
            return sys.modules.get(name), sys.path.index(name)
    """
    assert [row for row in look(source) if row[0] == "OV408"] == []


def test_reports_each_of_its_calls(look: Look) -> None:
    """Reports each of its calls."""
    source = """
        import sys
        from sys import modules

        def a(folder):
            sys.path.insert(0, folder)
            modules["x"] = None

        def b():
            sys.meta_path.append(None)
            sys.path = []
    """
    assert [row for row in look(source) if row[0] == "OV408"] == [
        ("OV408", "warning", "sys.path", 5),
        ("OV408", "warning", "sys.modules", 6),
        ("OV408", "warning", "sys.meta_path", 9),
        ("OV408", "warning", "sys.path", 10),
    ]


def test_reports_an_entry_point_as_a_note(look: Look) -> None:
    """Reports an entry point as a note."""
    source = """
        import sys

        def main():
            sys.path.insert(0, ".")
    """
    assert [row for row in look(source) if row[0] == "OV408"] == [
        ("OV408", "note", "sys.path", 4),
    ]


def test_reports_a_path_that_is_put_back_as_a_note(look: Look) -> None:
    """Reports a path that is put back as a note."""
    source = """
        import sys

        def a(folder):
            sys.path.insert(0, folder)
            try:
                pass
            finally:
                sys.path.remove(folder)
    """
    assert [row for row in look(source) if row[0] == "OV408"] == [
        ("OV408", "note", "sys.path", 4),
    ]
