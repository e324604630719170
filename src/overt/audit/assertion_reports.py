"""The words by which reports assert: that something is done, was measured, or is no longer there."""

from __future__ import annotations

from overt.audit.assertion_patterns import Pattern, pattern

_LINK = "[text](claim:NAME)"
_MEASURE = f"a suite that measures it, and {_LINK}"
_DONE = f"name what shows that it is done and link it: {_LINK}"
_UNIT = r"(?:ns|µs|μs|us|ms|s|seconds?|milliseconds?|microseconds?)"
_SHARE = r"\d+(?:\.\d+)? ?(?:%|percent\b|x\b|×)"
_ABOUT = r"(?:about |over |more than |nearly |almost |up to |~ ?|> ?|< ?|≤ ?|under |less than |below )?"
_WORK = (
    r"(?:migration|roll-?out|clean-?up|implementation|refactor(?:ing)?|integration|validation|transition|elimination|"
    r"(?:phase|stage|step|milestone) \d+|all (?:(?:\d+|of the|the|our|planned) )?(?:phases|stages|steps|tasks|goals|"
    r"objectives|requirements|components|milestones|acceptance criteria|success criteria|deliverables))"
)
_FINISHED = r"(?:complete(?:d)?|done|finished|implemented|delivered|achieved|met|validated|verified)"
_WELL = r"(?:now |fully |successfully |completely |all |100 ?% )*"

REPORTED: tuple[Pattern, ...] = (
    pattern(
        "readiness",
        "certain",
        _DONE,
        r"\b(?:status|result|outcome|verdict)\b[\s*_:|-]{1,8}(?:is )?"
        r"(?-i:PASS(?:ED)?|COMPLETED?|DONE|SUCCESS(?:FUL)?|READY|VERIFIED|VALIDATED|APPROVED|GREEN)\b",
        r"\bready for (?:production|deployment|release|roll-?out|go-live)\b",
        rf"\b{_WORK} (?:is|are|was|were|has been|have been) {_WELL}{_FINISHED}\b"
        r"(?! (?:by|when|if|with|before|after)\b)",
    ),
    pattern(
        "readiness",
        "likely",
        _DONE,
        r"(?-i:\b(?:COMPLETED?|PASSED|VERIFIED|VALIDATED|PRODUCTION READY)\b)",
        rf"^\W*{_WORK} {_WELL}{_FINISHED}\W*$",
    ),
    pattern(
        "tests",
        "certain",
        "[…](evidence:tests.passed)",
        r"\b\d[\d,]* tests?, \d[\d,]* (?:failures?|failed|passed)\b",
        r"\btests?: ?\d[\d,]* (?:passed|passing|failed|failures?)\b",
        r"\ball (?:tests|checks|suites) green\b",
    ),
    pattern(
        "tested",
        "certain",
        f"the run in which it was, and {_LINK}",
        r"\b(?:has|have) been (?:thoroughly |fully |extensively |successfully |rigorously |carefully )?"
        r"(?:tested|validated|verified|benchmarked|audited|load[- ]tested|stress[- ]tested|proven)\b",
    ),
    pattern(
        "change",
        "certain",
        f"a benchmark that records both sides, and {_LINK}",
        r"\b(?:reduced|improved|increased|decreased|dropped|cut|lowered|reduces|improves|cuts)(?: [\w-]+){0,4}? by "
        rf"{_ABOUT}{_SHARE}",
        r"\b\d+(?:\.\d+)? ?% (?:[\w-]+ ){0,2}(?:reduction|improvement|speed-?up|savings?|decrease)\b",
        rf"\boverhead(?: is| of|:| was){{0,2}} {_ABOUT}\d+(?:\.\d+)? ?%",
        r"(?:[<≤~] ?|\b)\d+(?:\.\d+)? ?% (?:[\w-]+ )?overhead\b",
    ),
    pattern(
        "measure",
        "certain",
        _MEASURE,
        r"\b\d[\d.,]* ?[kKmM]? ?ops ?(?:/|per) ?s(?:ec(?:ond)?)?\b",
        rf"\bp(?:50|90|95|99|999)\b[^.!?|\n]{{0,20}}?\d[\d.,]* ?{_UNIT}\b",
        r"\b(?:success|pass|hit) rate(?: is| of|:| was| at){0,2} \d+(?:\.\d+)? ?%",
        r"\b(?:uptime|availability)(?: is| of|:| was| at){0,2} \d+(?:\.\d+)? ?%",
    ),
    pattern(
        "measure",
        "likely",
        _MEASURE,
        rf"\b(?:average|mean|median) (?:[\w-]+ )?(?:latency|time|duration)\b[^.!?|\n]{{0,20}}?\d[\d.,]* ?{_UNIT}\b",
        r"\bperformance [^.!?|\n]{0,30}within \d+(?:\.\d+)? ?%",
    ),
    pattern(
        "absence",
        "certain",
        f"a suite that looks for it, and {_LINK}",
        r"\b(?:no|zero) (?:(?!will\b|to\b)[\w./-]+ ){1,5}(?:remains?|are left|is left)\b"
        r"(?! (?:to|for|open|valid|the same)\b)",
        r"\b(?:no|zero) (?:performance )?(?:degradation|breaking changes|data loss|downtime) (?:(?:was|were|is|are) )?"
        r"(?:found|observed|detected|measured|introduced|reported)\b",
        r"\b(?:all|100 ?%(?: of)?(?: the)?) [^.!?|\n]{3,60}? (?:has|have) been "
        + _WELL
        + r"(?:eliminated|removed|migrated|"
        r"replaced|converted|fixed|resolved|addressed)\b",
        r"\b100 ?% of (?:the |all |our )?[^.!?|\n]{3,40} (?:was|were|is|are) "
        + _WELL
        + r"(?:eliminated|migrated|converted)\b",
    ),
    pattern(
        "absence",
        "likely",
        f"a suite that looks for it, and {_LINK}",
        r"(?:^|[!|,] |[*] ?)(?:no|zero) (?:performance degradation|breaking changes|data loss|downtime)"
        r"(?=[.!|,*]|\s*$)",
    ),
)
"""The patterns, the surest of a kind first."""
