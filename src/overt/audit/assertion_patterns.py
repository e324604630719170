"""The words by which prose asserts a measurement, and those by which it only speaks of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Grade = Literal["certain", "likely"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way of asserting.

    Args:
        kind: What sort of thing is asserted.
        grade: `certain` when readers can only take it for a measurement, else `likely`.
        words: The words.
        hint: What would back it.
    """

    kind: str
    grade: Grade
    words: re.Pattern[str]
    hint: str


def pattern(kind: str, grade: Grade, hint: str, *words: str) -> Pattern:
    """Return a pattern of words, whatever their case.

    Args:
        kind: What sort of thing is asserted.
        grade: How sure it is that it is.
        hint: What would back it.
        words: Regular expressions, any of which asserts.
    """
    return Pattern(kind, grade, re.compile("|".join(words), re.IGNORECASE), hint)


_LINK = "[text](claim:NAME)"
_KINDS = r"(?:unit |integration |regression |end-to-end |automated )?"
_TESTS = rf"{_KINDS}(?:tests?(?! coverage)|test cases?|specs?|suites?|checks?)"
_BAD = (
    r"(?:memory |resource |thread |connection )?(?:leaks?|regressions?|failures?|failing tests?|race conditions?|"
    r"deadlocks?|vulnerabilit(?:y|ies)|lint(?:er|ing)? (?:errors?|warnings?)|violations?)"
)
_KNOWN = r"(?:known |new |detected |measurable |open )?"
_FOUND = r"(?:found|detected|observed|reported|introduced|remain(?:s|ing)?)"
_PERCENT = r"\d{1,3}(?:\.\d+)? ?%"

_STATUS = (
    r"(?:pass(?:es|ed|ing)?|completed?|done|verified|tested|implemented|ready|fixed|zero|100 ?%|migrated|validated|"
    r"eliminated|removed|resolved|green|achieved|proven|confirmed|finished|working|successful(?:ly)?|clean)"
)

PATTERNS = (
    pattern(
        "tick",
        "certain",
        f"say what is done and link it: {_LINK}",
        rf"[✅✔✓☑🟢💯]\ufe0f?(?=.{{0,200}}\b{_STATUS}\b)",
        rf"\b{_STATUS}\b.{{0,60}}[✅✔✓☑🟢💯]",
    ),
    pattern("tick", "likely", f"say what is done and link it: {_LINK}", r"[✅✔✓☑🟢💯]\ufe0f?"),
    pattern(
        "tests",
        "certain",
        f"{_LINK} with expect = 'tests.failed == 0 and tests.total > 0'",
        rf"\b(?:all|every|100 ?%(?: of)?)(?: of)?(?: the| our| \d[\d,]*)? {_TESTS}(?: suites?)? "
        r"(?:now |currently |still )?(?:pass(?:es|ed|ing)?|(?:is|are) (?:green|passing))\b",
    ),
    pattern(
        "tests",
        "certain",
        "[…](evidence:tests.passed)",
        rf"\b\d[\d,]* (?:of \d[\d,]* )?{_TESTS} (?:pass(?:es|ed|ing)?|fail(?:s|ed|ing)?|run|ran)\b",
        rf"\b\d[\d,]* (?:passed|failed|passing|failing) {_TESTS}\b",
    ),
    pattern(
        "coverage",
        "certain",
        "[…](evidence:coverage.lines)",
        r"\b(?:code |test |line |branch )?coverage(?: is| of|:| at| stands at| reached| now){0,3} ?"
        rf"(?:over |about |> ?|≥ ?|~ ?)?{_PERCENT}",
        rf"\b{_PERCENT} (?:code |test |line |branch |statement )?coverage\b",
    ),
    pattern(
        "speed",
        "certain",
        f"a benchmark that records both sides, and {_LINK}",
        r"\b\d+(?:\.\d+)? ?(?:%|percent|x|×|times) (?:faster|slower|quicker|speed[- ]?up|less (?:memory|cpu|time)|"
        r"more (?:throughput|requests)|lower latency)\b",
    ),
    pattern(
        "absence",
        "certain",
        f"a suite that looks for it, and {_LINK}",
        rf"\b(?:no|zero|without(?: any)?|free of) {_KNOWN}{_BAD} "
        rf"(?:(?:were|was|are|is|have been|has been) )?{_FOUND}\b",
        rf"\b(?:there are|there is|has|have|shows?|with|found|detected|reports?) (?:no|zero|0) {_KNOWN}{_BAD}\b",
    ),
    pattern(
        "absence",
        "likely",
        f"a suite that looks for it, and {_LINK}",
        rf"(?:^|[.!:|,] )(?:no|zero|0) {_KNOWN}{_BAD}(?=[.!|,]|\s*$)",
    ),
    pattern(
        "readiness",
        "certain",
        f"name what was measured and link it: {_LINK}",
        r"\b(?:is|are|now) (?:production[- ]ready|fully (?:tested|covered|verified|validated|migrated|"
        r"implemented)|feature[- ]complete|battle[- ]tested)\b",
        r"\b100 ?% (?:complete|done|tested|covered|backwards?[- ]compatible|compatible|"
        r"type[- ]?(?:safe|checked|annotated))\b",
    ),
    pattern(
        "guarantee",
        "likely",
        f"a test that would fail if it did, and {_LINK}",
        r"\b(?:never|cannot|can not|can't) (?:fails?|leaks?|crash(?:es)?|deadlocks?|"
        r"loses? (?:any )?(?:data|events?|messages?))\b",
        r"\b(?:guaranteed|proven) (?:to|never)\b",
    ),
    pattern(
        "speed",
        "likely",
        f"a benchmark that records both sides, and {_LINK}",
        r"\b(?:blazing(?:ly)?[- ]fast|lightning[- ]fast|zero[- ]overhead)\b",
        r"\b(?:much|significantly|orders? of magnitude|considerably) (?:faster|slower|quicker)\b",
    ),
    pattern(
        "count",
        "likely",
        "[…](evidence:tests.total)",
        r"\b(?:has|have|with|contains?|includes?|over|more than) \d{2,}[\d,]* (?:unit |integration )?"
        r"(?:tests?|test cases|modules|endpoints|rules)\b",
    ),
)
"""The patterns, the surest of a kind first."""

HEDGED = re.compile(
    r"\b(?:if|when|whenever|unless|until|should|must|shall|would|could|may|might|ensures?|makes? sure|checks? that|"
    r"check whether|verify|verifies|whether|expects?|asserts?|require[sd]?|requires|wants?|goal|aim|target|once|before|"
    r"after|so that|to be|in order|let|lets|try|confirm|wait|e\.g\.|for example|such as|says?|claims?|claimed|example|"
    r"suppose|even though|not mean|nobody|how to|means|helps?|allows?)\b|\?\s*$|[\"“”]",
    re.IGNORECASE,
)
"""Words of a sentence that does not assert, but asks, wishes, warns or teaches."""

SAID = re.compile(rf"[\s*_]*{_STATUS}[\s*_.!]*", re.IGNORECASE)
"""A cell that says nothing but how things stand."""

STANDING = re.compile(
    r"\b(?:status|state|result|outcome|verified|passed|done|completed?|check(?:ed)?|ready)\b", re.IGNORECASE
)
"""Heads of columns in which a lone tick says that something is so."""
