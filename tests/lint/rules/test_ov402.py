"""OV402: the working directory, umask or identity of the process is changed."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_folder_that_is_given_to_a_program(look: Look) -> None:
    """Should NOT report a folder that is given to a program."""
    source = """
        import os
        import subprocess

        def a(folder):
            os.getcwd()
            subprocess.run(["make"], cwd=folder, umask=0o22)
    """
    assert [row for row in look(source) if row[0] == "OV402"] == []


def test_should_not_report_a_method_called_chdir_of_something_else(look: Look) -> None:
    """Should NOT report a method called chdir of something else."""
    source = """
        def a(ftp, folder):
            ftp.chdir(folder)
    """
    assert [row for row in look(source) if row[0] == "OV402"] == []


def test_reports_each_of_its_calls(look: Look) -> None:
    """Reports each of its calls."""
    source = """
        import os
        from contextlib import chdir

        def a(folder):
            os.chdir(folder)
            os.umask(0o22)
            with chdir(folder):
                pass
    """
    assert [row for row in look(source) if row[0] == "OV402"] == [
        ("OV402", "warning", "os.chdir", 5),
        ("OV402", "warning", "os.umask", 6),
        ("OV402", "warning", "contextlib.chdir", 7),
    ]


def test_reports_an_entry_point_as_a_note(look: Look) -> None:
    """Reports an entry point as a note."""
    source = """
        import os

        def main():
            os.chdir("/")
    """
    assert [row for row in look(source) if row[0] == "OV402"] == [
        ("OV402", "note", "os.chdir", 4),
    ]
