"""Findings by module, and whether they become fewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from overt.evidence.records import FindingSeen, Scan
from overt.model import Severity, State, worst
from overt.site.inputs import Past, SiteInputs, SuiteView
from overt.site.marks import outcome_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, prose, safe, table
from overt.site.pages.common import front, lead, measured_on, method, sentence
from overt.site.paths import HIDDEN_STATE, relative, rule_page
from overt.system.units import count, moment

_STANDINGS = ("new", "ratcheted", "allowed", "note")
_HEADS = ("New", "In the ratchet", "Allowed", "Notes")
_ROWS = 300


def standing_of(seen: FindingSeen) -> str:
    """Return how a finding stands; a new one of no weight, which fails nothing, is a note."""
    note = seen.standing == "new" and seen.finding.severity is Severity.NOTE
    return "note" if note else seen.standing


def scanned(inputs: SiteInputs) -> list[SuiteView]:
    """Return the suites that looked for findings, hidden state first."""
    views = [view for view in inputs.suites if any((view.of(Scan), view.of(FindingSeen)))]
    return sorted(views, key=lambda view: view.summary.kind != "hidden-state")


def _rule(code_text: str, inputs: SiteInputs) -> Markup:
    known = any(rule.code == code_text for rule in inputs.rules)
    return link(code_text, relative(HIDDEN_STATE, rule_page(code_text))) if known else code(code_text)


def _by_rule(findings: list[FindingSeen], inputs: SiteInputs) -> Markup:
    counted: dict[str, Counter[str]] = {}
    for seen in findings:
        counted.setdefault(seen.finding.rule, Counter())[standing_of(seen)] += 1
    titles = {rule.code: rule.title for rule in inputs.rules}
    rows = [
        (_rule(rule, inputs), titles.get(rule, ""), *(f"{numbers[standing]:,}" for standing in _STANDINGS))
        for rule, numbers in sorted(counted.items())
    ]
    return table(("Rule", "What it finds", *_HEADS), rows, align="llrrrr")


def _by_module(findings: list[FindingSeen], inputs: SiteInputs) -> Markup:
    by_path: dict[str, list[FindingSeen]] = {}
    for seen in findings:
        by_path.setdefault(seen.finding.location.path, []).append(seen)
    parts: list[Markup] = []
    shown = 0
    for path, inside in sorted(by_path.items(), key=lambda item: (-len(item[1]), item[0])):
        if shown >= _ROWS:
            parts.append(fill("{} more are in the ledger.", count(len(findings) - shown, "finding")))
            break
        shown += len(inside)
        rows = [
            (
                outcome_mark(standing_of(seen)),
                _rule(seen.finding.rule, inputs),
                seen.finding.location.line or "",
                fill("{}{}", prose(seen.finding.message), f" Allowed: {seen.reason}" if seen.reason else ""),
            )
            for seen in sorted(inside, key=lambda seen: (_STANDINGS.index(standing_of(seen)), seen.finding.location))
        ]
        # Not a heading: a path as an entry of the contents would drown the page.
        parts += [
            fill("**{}**, {}", code(path), count(len(inside), "finding")),
            table(("Standing", "Rule", "Line", "Finding"), rows, align="llrl"),
        ]
    return paragraphs(*parts)


def curve(past: tuple[Past, ...], *, label: str) -> Markup:
    """Return a small curve of totals over runs; empty when there are not two runs to compare.

    Args:
        past: Runs, the oldest first.
        label: What it shows, for those who cannot see it.
    """
    if len(past) < 2:
        return Markup("")
    top = max(1, *(point.total for point in past))
    step = 300 / (len(past) - 1)
    points = " ".join(f"{4 + index * step:.1f},{44 - 40 * point.total / top:.1f}" for index, point in enumerate(past))
    last = f"{4 + (len(past) - 1) * step:.1f}", f"{44 - 40 * past[-1].total / top:.1f}"
    return fill(
        '<svg class="ov-curve" viewBox="0 0 308 48" width="308" height="48" role="img" aria-label="{}">'
        '<path d="M4 44.5H304"/>'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="3"/></svg>',
        label,
        Markup(points),
        Markup(last[0]),
        Markup(last[1]),
    )


def _burn_down(view: SuiteView) -> Markup:
    past = view.past[-30:]
    if len(past) < 2:
        return Markup("")
    first, last = past[0], past[-1]
    began, ended = moment(first.created_ns), moment(last.created_ns)
    label = f"From {first.total} on {began} to {last.total} on {ended}, over {len(past)} runs"
    return paragraphs(Markup("### Over time"), curve(past, label=label), fill("{}.", label))


def _view(view: SuiteView, inputs: SiteInputs) -> Markup:
    findings = view.of(FindingSeen)
    unreadable = [path for scan in view.of(Scan) for path in scan.unreadable]
    counted = Counter(map(standing_of, findings))
    looked = [
        fill("{} {} read {} with {}.", scan.tool, scan.version, count(scan.files, "file"), count(scan.lines, "line"))
        for scan in view.of(Scan)
        if scan.files
    ]
    words = {"ratcheted": "in the ratchet", "note": "note" if counted["note"] == 1 else "notes"}
    numbers = ", ".join(
        f"{counted[standing]:,} {words.get(standing, standing)}"
        for standing in _STANDINGS
        if counted[standing] or standing != "note"
    )
    return paragraphs(
        fill("## {}", view.summary.title),
        lead(
            view.summary.verdict.state, f"{count(len(findings), 'finding')}: {numbers}", sentence(view.summary.verdict)
        ),
        join(looked, " "),
        fill("**Could not be read:** {}", join(map(code, unreadable), ", ")) if unreadable else Markup(""),
        _burn_down(view),
        paragraphs(Markup("### By rule"), _by_rule(findings, inputs)) if findings else Markup(""),
        paragraphs(Markup("### By module"), _by_module(findings, inputs))
        if findings and inputs.hidden_state_details
        else Markup(""),
    )


def _allowances(inputs: SiteInputs) -> Markup:
    """Return what the campaign allows, with who answers for it and when it ends."""
    if not inputs.allowed:
        return Markup("")
    rows = [
        (code(one.path or one.module), join(map(code, one.rules), ", ") or "all", one.reason, one.owner, one.until)
        for one in sorted(inputs.allowed, key=lambda one: (one.until, one.path, one.module))
    ]
    return paragraphs(
        Markup("## Allowed for now"),
        fill("Declared in {}. After its last day an entry allows nothing and is a finding itself.", code("overt.toml")),
        table(("Where", "Rules", "Why", "Owner", "Until"), rows),
    )


def hidden_state(inputs: SiteInputs) -> Markup:
    """Return the page of findings."""
    views = scanned(inputs)
    intro = (
        "A finding that is new fails its suite, unless the suite says how many there may be. One in the ratchet was "
        "there when the ratchet was written: their number may only fall. An allowed one has a reason, an owner and a "
        "date on which it ends. A note fails nothing."
    )
    return paragraphs(
        front("Findings", f"What linters found in {inputs.project}, by rule and module, and what is known about it."),
        Markup("# Findings"),
        lead(*_headline(views), "", measured_on(HIDDEN_STATE, views)),
        safe(intro),
        _allowances(inputs),
        *[_view(view, inputs) for view in views],
        Markup("") if views else Markup("No linter has looked at the code yet."),
        method(
            "A linter reads the text of a program and runs nothing: what is put together at run time, or comes from "
            "another package, it does not see. A file that it cannot read keeps its suite from being proved."
        ),
    )


def _headline(views: Sequence[SuiteView]) -> tuple[State, str]:
    """Return the worst state of the linters, and how much of what they found is new."""
    found = [finding for view in views for finding in view.of(FindingSeen)]
    new = sum(standing_of(finding) == "new" for finding in found)
    return (
        worst(view.summary.verdict.state for view in views),
        f"{count(len(found), 'finding')} of {count(len(views), 'linter')}, {new:,} of them new.",
    )
