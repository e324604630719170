"""A report in the words of whoever reads it: one module for each format."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from overt.lint.report import Report

FORMATS = ("text", "github", "sarif", "json", "junit", "gitlab")
"""The formats, in the order of the help."""


def render(name: str, report: Report, root: Path) -> str:
    """Return a report in one format.

    Args:
        name: One of the formats.
        report: The report.
        root: The project's folder, for excerpts and fingerprints.
    """
    write: Callable[[Report, Path], str] = import_module(f"overt.lint.formats.{name}").render
    return write(report, root)
