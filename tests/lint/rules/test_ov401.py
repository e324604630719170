"""OV401: the environment of the process is written."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_an_environment_that_is_read_or_copied(look: Look) -> None:
    """Should NOT report an environment that is read or copied."""
    source = """
        import os

        def a(env):
            copied = dict(os.environ)
            copied["A"] = "1"
            env["A"] = "1"
            mine = os.environ.copy()
            mine["A"] = "1"
            return os.environ.get("A"), os.environ["B"]
    """
    assert [row for row in look(source) if row[0] == "OV401"] == []


def test_should_not_report_another_mapping_called_environ(look: Look) -> None:
    """Should NOT report another mapping called environ."""
    source = """
        environ = load()

        def a(os):
            environ["A"] = "1"
            os.environ["A"] = "1"
    """
    assert [row for row in look(source) if row[0] == "OV401"] == []


def test_reports_each_of_its_calls(look: Look) -> None:
    """Reports each of its calls."""
    source = """
        import os
        from os import environ as env
        HOME = os.environ

        def a():
            os.environ["A"] = "1"
            del env["B"]
            os.environ.setdefault("C", "1")
            HOME.update(x=1)
            os.putenv("D", "1")
    """
    assert [row for row in look(source) if row[0] == "OV401"] == [
        ("OV401", "warning", "A", 6),
        ("OV401", "warning", "B", 7),
        ("OV401", "warning", "C", 8),
        ("OV401", "warning", "os.environ", 9),
        ("OV401", "warning", "os.putenv", 10),
    ]


def test_reports_an_entry_point_as_a_note(look: Look) -> None:
    """Reports an entry point as a note."""
    source = """
        import os

        if __name__ == "__main__":
            os.environ["A"] = "1"

        def main():
            os.environ["B"] = "1"
    """
    assert [row for row in look(source) if row[0] == "OV401"] == [
        ("OV401", "note", "A", 4),
        ("OV401", "note", "B", 7),
    ]


def test_reports_a_value_that_is_put_back_as_a_note(look: Look) -> None:
    """Reports a value that is put back as a note."""
    source = """
        import os

        def with_a():
            old = os.environ["A"]
            os.environ["A"] = "1"
            try:
                yield
            finally:
                os.environ["A"] = old
    """
    assert [row for row in look(source) if row[0] == "OV401"] == [
        ("OV401", "note", "A", 5),
    ]


def test_reports_a_write_at_import(look: Look) -> None:
    """Reports a write at import."""
    source = """
        import os
        os.environ["A"] = "1"
    """
    assert [row for row in look(source) if row[0] == "OV401"] == [
        ("OV401", "warning", "A", 2),
    ]
