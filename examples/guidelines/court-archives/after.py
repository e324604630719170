"""A court files its records, each case in a folder of its own."""

from collections.abc import Callable
from pathlib import Path


def file_record(folder: str, text: str, seal: Callable[[], object]) -> None:
    """Seal a record and file it."""
    seal()
    (Path(folder) / "record.txt").write_text(text, encoding="utf-8")
