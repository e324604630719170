"""What every exported format has in common: text that no reader can refuse, and the attempts at one test together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from overt.evidence.records import TestCase

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FAILING = frozenset({"failed", "error"})


def xml_text(text: str) -> str:
    r"""Return text of which every character may stand in an XML document; the others become `�`.

    Example:
        >>> xml_text("a\x1b\r\nb\ud800 ]]>")
        'a�\nb� ]]>'
    """
    return _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def whole_text(text: str) -> str:
    """Return text without surrogates that lack their other half, which no file can hold."""
    return _SURROGATE.sub("\ufffd", text)


def json_bytes(document: object) -> bytes:
    r"""Return a JSON document, indented; surrogates without their other half become `�`.

    Example:
        >>> json_bytes({"a": ["\udfff", 1]}) == '{\n  "a": [\n    "\ufffd",\n    1\n  ]\n}\n'.encode()
        True
    """
    try:
        data = msgspec.json.encode(document)
    except UnicodeEncodeError:
        data = msgspec.json.encode(_encodable(document))
    return msgspec.json.format(data, indent=2) + b"\n"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, dict):
        return {_encodable(key): _encodable(one) for key, one in value.items()}
    return [_encodable(one) for one in value] if isinstance(value, (list, tuple)) else value


def attempts_of(tests: Iterable[TestCase]) -> list[list[TestCase]]:
    """Return the attempts at each test, in their order; records that contradict each other stay apart.

    Args:
        tests: The records of one suite.
    """
    groups: dict[str, list[list[TestCase]]] = {}
    for test in sorted(tests, key=lambda test: test.attempt):
        stem = test.id.removesuffix(f"#{test.attempt}")
        known = groups.setdefault(stem, [[]])
        # Only a test that failed is tried again: anything else of the same name is another result of it.
        goes_on = not known[-1] or (known[-1][-1].outcome in _FAILING and known[-1][-1].attempt < test.attempt)
        known[-1].append(test) if goes_on else known.append([test])
    return [group for known in groups.values() for group in known]


def is_flaky(attempts: list[TestCase]) -> bool:
    """Tell whether a test passed only after it had failed."""
    return len(attempts) > 1 and attempts[-1].outcome in {"passed", "xpassed"}
