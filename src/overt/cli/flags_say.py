"""How what is known about flags is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from overt.model import Exit


def print_json(document: Any) -> int:
    """Print one JSON document."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")
    return Exit.PROVED


def print_rows(rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a table, the first as its head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")


def print_checks(checks: Iterable[Any]) -> None:
    """Print the conditions of a stage."""
    print_rows([(f"  {'ok' if check.ok else 'no'}", check.name, check.why) for check in checks])
