"""Whether an output is what a runbook expects, and whether an expectation can fail at all."""

from __future__ import annotations

import json
import re
from typing import Final

from overt.runbook.records import Block, Match

NONSENSE: Final = ("zqxj wvk\n", "§§ ~~ ¤\n", "70461 38\n", '{"zqxj": "wvk"}\n', '["¤", 70461]\n')
"""Outputs that no command of a runbook has a reason to print."""


def flaw(match: Match, expected: str) -> str:
    """Return why an expectation cannot be read; empty when it can.

    Example:
        >>> flaw("regex", "(")
        'no regular expression: missing ), unterminated subpattern'
    """
    try:
        if match == "regex":
            re.compile(expected.strip())
        elif match == "json":
            json.loads(expected)
    except re.error as error:
        return f"no regular expression: {error.msg}"
    except ValueError as error:
        return f"no JSON: {error}"
    return ""


def _within(expected: object, actual: object) -> bool:
    """Tell whether a JSON value holds another: of an object the named keys, of anything else the whole."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(key in actual and _within(value, actual[key]) for key, value in expected.items())
    return type(expected) is type(actual) and expected == actual


def meets(block: Block, output: str) -> bool:
    """Tell whether an output is what an expectation says; space at the ends does not count.

    Args:
        block: The expectation.
        output: What was printed.
    """
    expected, actual = block.body.strip(), output.strip()
    if block.match == "contains":
        return expected in actual
    if block.match == "regex":
        return re.search(expected, actual) is not None
    if block.match == "json":
        try:
            return _within(json.loads(expected), json.loads(actual))
        except ValueError:
            return False
    return expected == actual


def cannot_fail(block: Block) -> bool:
    """Tell whether an expectation holds for nearly anything: for two outputs that are plain nonsense."""
    return sum(meets(block, output) for output in NONSENSE) > 1
