"""A checklist as SARIF 2.1.0, which code-scanning services and editors read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from overt import __version__
from overt.model import Location
from overt.review.checklist import Checklist
from overt.review.escape import clipped, one_line
from overt.review.records import Item, ReviewRule

_LEVELS: Final = {"refuted": "error", "unchecked": "warning", "open": "note"}


def to_sarif(checklist: Checklist, rules: Sequence[ReviewRule]) -> str:
    """Return a checklist as a SARIF log with one run; what is proved or does not apply is no result.

    Args:
        checklist: What the review came to.
        rules: The rules it was held to.
    """
    ids = [rule.id for rule in rules]
    driver = {
        "name": "overt-review",
        "version": __version__,
        "rules": [
            {
                "id": rule.id,
                "shortDescription": {"text": one_line(rule.title)},
                "fullDescription": {"text": one_line(rule.why)},
                "help": {"text": one_line(rule.remedy)},
            }
            for rule in rules
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": int(checklist.exit)}],
        "results": [result for item in checklist.items for result in _results(item, ids.index(item.id))],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _results(item: Item, index: int) -> Iterator[dict[str, Any]]:
    level = _LEVELS.get(item.group)
    if level is None or item.ticked:
        return
    for place in item.places[:5] or (None,):
        key = f"{item.id}|{place.path if place else ''}"
        result = {
            "ruleId": item.id,
            "ruleIndex": index,
            "level": level,
            "message": {"text": one_line(clipped(f"{item.title}: {item.reason}"))},
            "partialFingerprints": {"overtKey/v1": hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()},
        }
        yield {**result, "locations": [_where(place)]} if place else result


def _where(place: Location) -> dict[str, Any]:
    uri = quote(place.path.encode("utf-8", "surrogateescape"))
    where: dict[str, Any] = {"artifactLocation": {"uri": uri, "uriBaseId": "SRCROOT"}}
    return {"physicalLocation": where | ({"region": {"startLine": place.line}} if place.line else {})}
