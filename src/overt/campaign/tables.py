"""Configuration files of other tools, read without ever failing: what cannot be read says nothing."""

from __future__ import annotations

import configparser
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LIMIT = 4_000_000
"""Bytes above which a configuration file is not read."""


def read_text(path: Path) -> str:
    """Return the text of a regular file; empty when it cannot be read, is not UTF-8 or is larger than `LIMIT`."""
    try:
        if not path.is_file() or path.stat().st_size > LIMIT:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; empty when there are none to be read."""
    try:
        return tomllib.loads(read_text(path))
    except (ValueError, RecursionError):
        return {}


def read_ini(path: Path) -> dict[str, dict[str, str]]:
    """Return the sections of an INI file; empty when there are none to be read."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(read_text(path))
    except configparser.Error:
        return {}
    return {section: dict(parser[section]) for section in parser.sections()}


def table(document: Mapping[str, Any], dotted: str) -> dict[str, Any]:
    """Return a table inside a document; empty when it is not there or is no table.

    Example:
        >>> table({"tool": {"flit": {"module": {"name": "svcs"}}}}, "tool.flit.module")
        {'name': 'svcs'}
    """
    found: Any = document
    for key in dotted.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return dict(found) if isinstance(found, Mapping) else {}


def texts(value: object) -> list[str]:
    """Return the texts in a value that may be one text, a list, or something else altogether."""
    if isinstance(value, str):
        return value.split()
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []
