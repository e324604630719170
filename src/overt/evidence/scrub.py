"""A record made fit to be written: plain, without secrets, no longer than its limits."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

import msgspec

from overt.evidence.ids import case_id
from overt.evidence.records import AnyRecord, TestCase
from overt.evidence.redact import Redactor
from overt.system.text import plain_text

LIMITS = {"message": 500, "detail": 65_536}
"""Longest texts of a record, in characters, by field; what is cut away is counted in its place."""

TEXT_LIMIT = 4_096
"""Longest text of every other field, in characters."""

BLOB_LIMIT = 8_000_000
"""Largest blob, in bytes; of a longer one the beginning and the end are kept."""

_FEW = 8
"""Records among which looking for the dirty ones costs more than to scrub them all."""

_OTHER_TEXTS = attrgetter(
    *(
        field.name
        for field in msgspec.structs.fields(TestCase)
        if field.type is not int and field.name not in {"id", "name", "detail"}
    )
)
"""Gives all of a test that may hold text, but for its names and its failure text."""

_PLAIN = b"\t\n" + bytes(range(0x20, 0x7F))
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def cut(text: str, limit: int) -> str:
    """Return text of at most `limit` characters, with what was left out said and named by a digest.

    The digest keeps two long names that begin alike apart.

    Example:
        >>> len(cut("x" * 600, 500))
        500
    """
    if len(text) <= limit:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    note = f" [... {len(text) - limit + 60} characters left out, {digest} ...]"
    return text[: limit - len(note)] + note


def cut_bytes(data: bytes, limit: int) -> bytes:
    """Return at most about `limit` bytes of UTF-8 text: its first and last half, with the gap said."""
    if len(data) <= limit:
        return data
    half = limit // 2
    head, tail = data[:half].decode("utf-8", "ignore"), data[-half:].decode("utf-8", "ignore")
    gap = len(data) - len(head.encode()) - len(tail.encode())
    return f"{head}\n[... {gap} bytes left out ...]\n{tail}".encode()


def scrub(record: AnyRecord, redactor: Redactor) -> AnyRecord:
    """Return a record whose every string is plain, redacted and within its limit."""
    strings: list[str] = []
    _collect(record, strings)
    named = type(record) is TestCase and record.id == case_id(record.suite, record.name, record.attempt)
    if named:
        # A suite that is called `token` and a name behind it are no secret: what the id is made of counts.
        strings.remove(record.id)
    joined = "\n".join(strings)
    # One look at all strings at once: nearly every record is clean and goes on as it is.
    short = len(joined) <= LIMITS["message"]
    if short and not _UNSAFE.search(joined) and redactor.text(joined) == joined:
        return record
    result = _clean(record, redactor, TEXT_LIMIT)
    assert isinstance(result, type(record))
    if named and isinstance(result, TestCase):
        name = cut(case_id(result.suite, result.name, result.attempt), TEXT_LIMIT)
        return msgspec.structs.replace(result, id=name)
    return result


def scrub_all(records: Sequence[AnyRecord], redactor: Redactor) -> Sequence[AnyRecord]:
    """Return records whose every string is plain, redacted and within its limit.

    Nearly all of very many are tests. The strings of these are looked at together, and those that they have in common,
    files and suites for instance, once.
    """
    cases = [record for record in records if type(record) is TestCase]
    if len(cases) == len(records):
        return records if _is_clean(cases, redactor) else _scrub_dirty(records, redactor)
    cleaned = iter(scrub_all(cases, redactor))
    return [next(cleaned) if type(record) is TestCase else scrub(record, redactor) for record in records]


def _scrub_dirty(records: Sequence[AnyRecord], redactor: Redactor) -> list[AnyRecord]:
    """Scrub records of which some need it: halves are looked at until few are left, since most of them do not."""
    half = len(records) // 2
    if half < _FEW:
        return [scrub(record, redactor) for record in records]
    return [*scrub_all(records[:half], redactor), *scrub_all(records[half:], redactor)]


def _is_clean(cases: list[TestCase], redactor: Redactor) -> bool:
    """Tell whether scrubbing would change none of some tests."""
    strings, ids = [case.name for case in cases], [case.id for case in cases]
    head = case_id(cases[0].suite, "") if cases else ""
    made = [head + name for name in strings]
    if ids != made:
        strings += [name for name, known in zip(ids, made, strict=True) if name != known]
    for value in {value for row in set(map(_OTHER_TEXTS, cases)) for value in row}:
        if isinstance(value, str):
            strings.append(value)
        else:
            _collect(value, strings)
    details = {case.detail for case in cases if case.detail}
    joined, long = "\n".join(strings), "\n".join(details)
    return (
        max(map(len, ids), default=0) <= LIMITS["message"]
        and max(map(len, strings), default=0) <= LIMITS["message"]
        and max(map(len, details), default=0) <= LIMITS["detail"]
        and _is_plain(joined)
        and _is_plain(long)
        and not redactor.changes(joined)
        and not redactor.changes(long)
    )


def _is_plain(text: str) -> bool:
    # The bytes of a text are looked through much faster than its characters.
    return (text.isascii() and not text.encode().translate(None, _PLAIN)) or not _UNSAFE.search(text)


def _fields(value: object) -> tuple[str, ...]:
    if isinstance(value, msgspec.Struct):
        return value.__struct_fields__
    if dataclasses.is_dataclass(value):
        return tuple(field.name for field in dataclasses.fields(value))
    return ()


def _collect(value: object, strings: list[str]) -> None:
    for part in value if isinstance(value, tuple) else map(partial(getattr, value), _fields(value)):
        if type(part) is str:
            strings.append(part)
        elif part is not None and not isinstance(part, (int, str)):
            _collect(part, strings)


def _clean(value: Any, redactor: Redactor, limit: int) -> Any:
    if type(value) is str:
        return cut(redactor.text(plain_text(value)), limit)
    if isinstance(value, tuple):
        return tuple(_clean(item, redactor, limit) for item in value)
    fields = _fields(value)
    if not fields:
        return value
    changes = {name: _clean(getattr(value, name), redactor, LIMITS.get(name, TEXT_LIMIT)) for name in fields}
    replace: Callable[..., Any] = msgspec.structs.replace if isinstance(value, msgspec.Struct) else dataclasses.replace
    return replace(value, **changes)
