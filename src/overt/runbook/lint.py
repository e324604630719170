"""What a runbook lacks, told without running it."""

from __future__ import annotations

import re
from typing import Final

from overt.model import Finding, Severity
from overt.runbook.expect import cannot_fail
from overt.runbook.records import Block, Runbook

NAMES_NOTHING: Final = "RB108"
"""The code of what the audit of a runbook refutes; it is found by `overt rehearse --plan`, which asks the audit."""

RULES: Final[dict[str, tuple[str, str]]] = {
    "RB101": ("Step without check", "nobody can tell whether it worked"),
    "RB102": ("Step without undo", "when something goes wrong there is no way back"),
    "RB103": ("No time limit", "a step that hangs leaves people waiting in the dark"),
    "RB104": ("Runbook without owner", "nobody keeps it true"),
    "RB105": ("Destructive without confirmation", "one wrong Return key and it is gone"),
    "RB106": ("Expectation that matches anything", "a check that cannot fail proves nothing"),
    "RB107": ("Nothing in the block", "an empty block succeeds without doing anything"),
    NAMES_NOTHING: ("Reference that leads nowhere", "whoever follows it at night is on their own"),
}
"""The rules: code to title, and why it hurts."""

_DESTRUCTIVE = re.compile(
    r"\brm\s+(?:-\w+\s+)*-\w*[rf]|\bdrop\s+(?:table|database|schema)\b|\bdelete\s+from\b|\btruncate\b|\bmkfs"
    r"|\bdd\b.*\bof=|\bgit\s+push\b.*(?:\s-f\b|--force)|\bgit\s+reset\s+--hard|\bkubectl\s+delete\b|\bflush(?:all|db)\b"
    r"|\b(?:terraform|tofu)\s+destroy\b|\brmtree\(",
    re.IGNORECASE,
)


def is_destructive(block: Block) -> bool:
    """Tell whether a block takes something away that may not come back.

    Comments count too: better one question too many.
    """
    return _DESTRUCTIVE.search(block.body) is not None


def lint(runbook: Runbook) -> list[Finding]:
    """Return what a runbook lacks, in the order of its lines."""
    found = []
    if not runbook.owner:
        found.append(_finding("RB104", runbook.blocks[0], runbook.id, "write `owner: NAME` in the front matter"))
    for block in runbook.blocks:
        found += _of_step(runbook, block) if block.role == "step" else []
        found += _of_block(block)
    return sorted(found, key=lambda finding: (finding.location, finding.rule))


def _of_step(runbook: Runbook, step: Block) -> list[Finding]:
    found = []
    if not runbook.belonging("check", step.id) and not runbook.belonging("expect", step.id):
        found.append(_finding("RB101", step, step.id, f"add a fence {{ .check for={step.id} }}"))
    if not runbook.belonging("undo", step.id):
        found.append(_finding("RB102", step, step.id, f"add a fence {{ .undo for={step.id} }}"))
    return found


def _of_block(block: Block) -> list[Finding]:
    found: list[Finding] = []
    if block.role == "manual":
        return found
    if block.role != "expect" and block.timeout is None:
        found.append(_finding("RB103", block, block.id, f"write timeout=SECONDS; {block.seconds:g} s are assumed"))
    if block.role in {"step", "undo"} and is_destructive(block) and not block.confirm:
        found.append(_finding("RB105", block, block.id, 'write confirm="what is lost"'))
    if block.role == "expect" and cannot_fail(block):
        found.append(_finding("RB106", block, block.id, "say what the output must contain"))
    if not block.body.strip() and block.role != "expect":
        found.append(_finding("RB107", block, block.id, "write what it does, or take it away"))
    return found


def _finding(code: str, block: Block, symbol: str, remedy: str) -> Finding:
    title, why = RULES[code]
    message = f"{title} ({symbol}): {why}; {remedy}"
    return Finding(rule=code, message=message, location=block.location, severity=Severity.WARNING, symbol=symbol)
