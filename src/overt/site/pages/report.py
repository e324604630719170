"""The validation report: the verdict first, then every suite, then what was not run and how it was measured."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from overt.evidence.manifest import Host
from overt.evidence.records import CommandRun, FindingSeen, TestCase
from overt.model import State
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.marks import outcome_mark, state_mark
from overt.site.markup import Markup, code, facts, fill, join, link, paragraphs, table
from overt.site.pages import controls, downloads, questions
from overt.site.pages.common import STATUS, commit_text, front, lead, measured_on, results, sentence
from overt.site.pages.flag_states import section as by_flag_state
from overt.site.pages.flakiness import section as flakiness
from overt.site.pages.gaps import Gap
from overt.site.pages.status import headline
from overt.site.paths import CASES, CLAIMS, CONTROLS, HIDDEN_STATE, NOT_CHECKED, REPORT, evidence_page, relative, slug
from overt.system.units import bytes_text, count, duration, moment

_FAILURES = 10
"""Failures named in the report itself; the explorer has them all."""


def _overview(inputs: SiteInputs) -> Markup:
    rows = [
        (
            state_mark(view.summary.verdict.state),
            fill(
                "{}{}",
                link(view.summary.title, f"#suite-{slug(view.name)}"),
                "" if view.summary.required else " (optional)",
            ),
            results(view.summary),
            duration(view.summary.duration_ns) if view.summary.run else Markup("&ndash;"),
        )
        for view in inputs.suites
    ]
    return table(("State", "Suite", "Result", "Time"), rows, align="lllr")


def _controls(inputs: SiteInputs) -> Markup:
    """Whether the checks can fail at all."""
    if not inputs.rooms.gates:
        return Markup("")
    state, text = controls.headline(inputs)
    question = link("Has each of these gates ever failed?", relative(REPORT, CONTROLS))
    return fill("{} {} {}.", question, state_mark(state), text[:1].upper() + text[1:])


def _not_run(inputs: SiteInputs) -> Markup:
    """What was not run, and why: suites, planned tests that are missing, files that could not be read, skips."""
    lines: list[Markup] = []
    for view in inputs.suites:
        summary = view.summary
        if not summary.run or summary.status not in {"completed", ""}:
            why = summary.reason or summary.verdict.reason
            lines.append(fill("- **{}** ({}): {}", summary.title, STATUS.get(summary.status, summary.status), why))
        if summary.counts.missing:
            planned = count(summary.counts.planned, "planned test")
            lines.append(fill("- **{}**: {} of {} have no result", summary.title, summary.counts.missing, planned))
        lines += _skips(view)
    if not lines:
        lines = [Markup("Every suite ran to its end, and every planned test has a result.")]
    more = fill("Everything that no evidence decides: {}.", link("not checked", relative(REPORT, NOT_CHECKED)))
    return paragraphs(Markup("## What was not run, and why"), join(lines, "\n"), more)


def _skips(view: SuiteView) -> list[Markup]:
    reasons: dict[str, int] = {}
    for test in view.of(TestCase):
        if test.outcome == "skipped":
            reasons[test.message or "no reason given"] = reasons.get(test.message or "no reason given", 0) + 1
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    shown = [
        fill("- **{}**: {} skipped: {}", view.summary.title, count(number, "test"), reason)
        for reason, number in ordered[:_FAILURES]
    ]
    if len(ordered) > _FAILURES:
        shown.append(fill("- **{}**: {} more reasons for skips", view.summary.title, len(ordered) - _FAILURES))
    return shown


def _failures(view: SuiteView) -> Markup:
    failed = [test for test in view.of(TestCase) if test.outcome in {"failed", "error"}]
    if not failed:
        return Markup("")
    lines = [
        fill("- {} {}{}", outcome_mark(test.outcome), code(test.name), f": {test.message}" if test.message else "")
        for test in failed[:_FAILURES]
    ]
    if len(failed) > _FAILURES:
        lines.append(
            fill("- and {} more in the {}", len(failed) - _FAILURES, link("case explorer", relative(REPORT, CASES)))
        )
    return join(lines, "\n")


def _more(view: SuiteView) -> Markup:
    links = [link("Evidence", relative(REPORT, evidence_page(view.name)))] if view.summary.run else []
    if view.of(TestCase):
        links.append(link("cases", relative(REPORT, CASES)))
    if view.of(FindingSeen):
        links.append(link("findings", relative(REPORT, HIDDEN_STATE)))
    return fill("{}.", join(links, ", ")) if links else Markup("")


def _suite(view: SuiteView) -> Markup:
    summary = view.summary
    rows: list[tuple[object, object]] = [
        ("Verdict", fill("{} {}", state_mark(summary.verdict.state), sentence(summary.verdict))),
    ]
    if summary.verdict.state is not State.PROVED:
        rows.append(("Result", results(summary)))
    if summary.run:
        rows += [
            ("Started", moment(summary.start_ns)),
            ("Took", duration(summary.duration_ns)),
            ("Measured on", commit_text(summary.commit, dirty=summary.dirty)),
        ]
    rows += [("Ran", code(" ".join(command.argv))) for command in view.of(CommandRun)[:1]]
    return paragraphs(
        fill('<a id="suite-{}"></a>', slug(view.name)),
        fill("### {}", summary.title),
        facts(rows),
        _failures(view),
        _more(view),
    )


def _host_rows(host: Host) -> list[tuple[object, object]]:
    rows: list[tuple[object, object]] = [
        ("System", f"{host.system}, {host.machine}"),
        ("Python", f"{host.implementation} {host.python}"),
        ("Processor cores", host.cores),
    ]
    if host.memory_bytes:
        rows.append(("Memory", bytes_text(host.memory_bytes)))
    rows.append(("Continuous integration", "yes" if host.ci else "no"))
    if host.packages_sha256:
        rows.append(("Installed packages, digest", code(host.packages_sha256[:16])))
    return rows


def _environment(inputs: SiteInputs) -> Markup:
    hosts: dict[Host, list[str]] = {}
    for view in inputs.suites:
        if view.manifest:
            hosts.setdefault(view.manifest.host, []).append(view.summary.title)
    parts: list[Markup] = []
    for host, titles in hosts.items():
        if len(hosts) > 1:
            parts.append(fill("{}:", ", ".join(titles)))
        parts.append(facts(_host_rows(host)))
    return paragraphs(Markup("## Environment"), *parts) if parts else Markup("")


def _method(inputs: SiteInputs) -> Markup:
    text = Markup(
        "Every number here is counted from recorded observations when the site is built; no verdict is stored. What "
        "was going to run was written down before it ran, so a missing result is counted as missing. A suite is stale "
        "once the files it was measured on change. Records are sealed with digests: an edited or cut file is named as "
        "damage. They are reported by the machine that made them, and no digest proves that machine honest."
    )
    damage = [fill("- {} {}", state_mark(State.CONFLICT, word="damaged"), problem) for problem in inputs.damage]
    return paragraphs(Markup("## Method and limits"), text, join(damage, "\n"))


def report(
    inputs: SiteInputs, pages: frozenset[str], found: list[Gap], files: Mapping[str, bytes] = MappingProxyType({})
) -> Markup:
    """Return the validation report.

    Args:
        inputs: What the site is made from.
        pages: Paths of the pages that were rendered.
        found: What was not checked.
        files: Files for other tools.
    """
    overall, text = headline(inputs)
    claims = f"{count(len(inputs.claims), 'claim')}" if inputs.claims else ""
    return paragraphs(
        front("Validation report", f"What was run to validate {inputs.project}, where, and with what result."),
        Markup("# Validation report"),
        lead(overall, f"{text}.", "", measured_on(REPORT, inputs.suites)),
        questions.section(inputs, pages, found),
        Markup("## What was run"),
        _overview(inputs) if inputs.suites else Markup("No suite is declared or could be detected."),
        fill("See the {}.", link(f"{claims} and their evidence", relative(REPORT, CLAIMS))) if claims else Markup(""),
        _controls(inputs),
        by_flag_state(inputs),
        flakiness(inputs),
        _not_run(inputs) if inputs.suites else Markup(""),
        Markup("## Suites") if inputs.suites else Markup(""),
        *map(_suite, inputs.suites),
        _environment(inputs),
        downloads.section(inputs, files),
        _method(inputs),
    )
