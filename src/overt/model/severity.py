"""How much what was found matters; apart from findings, because who only counts them needs no data classes."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters; all of them count, and a note fails no run."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
