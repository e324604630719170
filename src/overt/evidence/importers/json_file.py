"""JSON from strangers, read into typed structs, errors with their line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import msgspec

from overt.model import Exit, Location, OvertError

_T = TypeVar("_T")
_BYTE = re.compile(r" \(byte (\d+)\)$")
_NO_JSON = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b', re.DOTALL)
"""Strings, which stay as they are, and numbers that Python writes and JSON has no word for."""


def parse_json(path: Path, name: str, sort: type[_T]) -> _T:
    """Read a document into a struct.

    Args:
        path: The file.
        name: How it is named in messages.
        sort: The struct.

    Raises:
        OvertError: It is empty, truncated, not JSON, or not of this shape.
        OSError: It cannot be read.
    """
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise OvertError("is empty", where=Location(name), hint="the tool wrote nothing", exit=Exit.UNCHECKED)
    try:
        return msgspec.json.decode(_plain(data), type=sort, strict=False)
    except msgspec.ValidationError as error:
        raise OvertError(f"is not of the expected shape: {error}", where=Location(name), exit=Exit.UNCHECKED) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = str(error)
        at = _BYTE.search(message)
        offset = int(at[1]) if at else len(data)
        line = data.count(b"\n", 0, offset) + 1
        torn = "truncated" in message or not at
        text = "is truncated" if torn else f"is not JSON: {_BYTE.sub('', message)}"
        raise OvertError(text, where=Location(name, line), exit=Exit.UNCHECKED) from error


def _plain(data: bytes) -> bytes:
    """Return a document with infinite numbers, and those that are none, as strings, which are read as numbers."""
    if b"NaN" not in data and b"Infinity" not in data:
        return data
    return _NO_JSON.sub(lambda found: found[0] if found[0][:1] == b'"' else b'"%b"' % found[0], data)
