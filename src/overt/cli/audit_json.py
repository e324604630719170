"""An audit for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from overt.audit.report import Report
from overt.model import Location, Verdict


def as_json(report: Report, changed: Sequence[tuple[str, int]], *, strict: bool) -> str:
    """Return an audit as one JSON document.

    Args:
        report: What was found.
        changed: Files in which numbers were set right.
        strict: Whether certain assertions without evidence fail.
    """
    document = {
        "version": 1,
        "exit": int(report.exit(strict=strict)),
        "documents": [page.path for page in report.pages],
        "counts": report.counts(),
        "claims": [
            {"name": claim.name, "expect": claim.expect, "text": claim.text, **_place(claim.location), **_said(verdict)}
            for claim, verdict in report.claims
        ],
        "links": [
            {"kind": one.kind, "name": one.name, "text": one.text, "shown": one.shown, "hint": one.hint}
            | _place(one.location)
            | _said(one.verdict)
            for one in report.occurrences
        ],
        "references": [
            {"sort": one.sort, "text": one.text, "hint": one.hint} | _place(one.location) | _said(one.verdict)
            for one in report.references
        ],
        "held": [
            {"sort": one.sort, "text": one.text, "hint": one.hint} | _place(one.location) | _said(one.verdict)
            for one in report.held
        ],
        "diagrams": [
            {"title": seen.diagram.title, "undrawn": [list(edge) for edge in seen.undrawn]}
            | _place(Location(seen.diagram.path, seen.diagram.line))
            for seen in report.diagrams
        ],
        "unbacked": [
            {"grade": one.grade, "kind": one.kind, "text": one.text, "hint": one.hint} | _place(one.location)
            for one in report.unbacked
        ],
        "contradictions": [
            {"grade": one.grade, "against": one.against, "text": one.text, "reason": one.reason, "hint": one.hint}
            | _place(one.location)
            for one in report.contradictions
        ],
        "skipped": [
            {"message": one.message, "hint": one.hint} | _place(one.where or Location("")) for one in report.skipped
        ],
        "updated": [{"path": path, "numbers": count} for path, count in changed],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _place(location: Location) -> dict[str, Any]:
    return {"path": location.path, "line": location.line, "column": location.column}


def _said(verdict: Verdict) -> dict[str, Any]:
    return {"state": verdict.state.value, "reason": verdict.reason, "evidence": list(verdict.evidence)}
