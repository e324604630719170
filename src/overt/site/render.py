"""From inputs to pages: pure, so that it can be cached, repeated byte for byte and trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from overt.site.badge import badge, badge_path
from overt.site.inputs import SiteInputs
from overt.site.markup import Markup
from overt.site.pages import (
    architecture,
    cases,
    claims,
    controls,
    diagrams,
    documents,
    downloads,
    evidence,
    flag_states,
    flags,
    hidden_state,
    leaks,
    migration,
    not_checked,
    reference,
    report,
    review,
    rules,
    runbooks,
    slowest,
    speed,
    status,
    training,
    trends,
)
from overt.site.pages.gaps import gaps
from overt.site.paths import (
    ARCHITECTURE,
    CLAIMS,
    CONTROLS,
    DIAGRAMS,
    DOCUMENTS,
    EVIDENCE,
    FLAG_STATES,
    FLAGS,
    HIDDEN_STATE,
    LEAKS,
    MIGRATION,
    NOT_CHECKED,
    REFERENCE,
    REPORT,
    REVIEW,
    RULES,
    RUNBOOKS,
    SLOWEST,
    SPEED,
    TRENDS,
    evidence_page,
    rule_page,
)

Section = Callable[[SiteInputs], Mapping[str, Markup | bytes]]


def _validation(inputs: SiteInputs) -> dict[str, Markup | bytes]:
    found: dict[str, Markup | bytes] = {
        inputs.home: status.status(inputs),
        CLAIMS: claims.claims(inputs),
        HIDDEN_STATE: hidden_state.hidden_state(inputs),
        EVIDENCE: evidence.index(inputs),
    }
    found.update({evidence_page(view.name): evidence.evidence(view, inputs) for view in inputs.suites})
    told = cases.listed(inputs)
    found.update(cases.pages(inputs, told))
    if told.tests:
        found[SLOWEST] = slowest.slowest(inputs, told)
    if inputs.rooms.gates:
        found[CONTROLS] = controls.controls(inputs)
    if trends.found(inputs):
        found[TRENDS] = trends.trends(inputs)
    if flag_states.ran(inputs):
        found[FLAG_STATES] = flag_states.flag_states(inputs)
        found.update({evidence_page(view.name): evidence.evidence(view, inputs) for view in flag_states.ran(inputs)})
    if speed.any_measured(inputs):
        found[SPEED] = speed.speed(inputs)
    if leaks.found(inputs):
        found[LEAKS] = leaks.leaks(inputs)
    return found


def _summary(inputs: SiteInputs, pages: frozenset[str]) -> dict[str, Markup | bytes]:
    """The pages that lead to the others: only to those that are there."""
    known = pages | {REPORT, NOT_CHECKED}
    found, files = gaps(inputs), downloads.downloads(inputs)
    summary = report.report(inputs, known, found, files)
    return {REPORT: summary, NOT_CHECKED: not_checked.not_checked(inputs, known, found), **files}


def _code(inputs: SiteInputs) -> dict[str, Markup | bytes]:
    if not inputs.modules:
        return {}
    found: dict[str, Markup | bytes] = {ARCHITECTURE: architecture.architecture(inputs)}
    found.update(architecture.pictures(inputs))
    if inputs.reference:
        found[REFERENCE] = reference.index(inputs)
        found.update({one.page: reference.module(one, inputs) for one in reference.documented(inputs)})
    return found


def _rules(inputs: SiteInputs) -> dict[str, Markup | bytes]:
    if not inputs.rules:
        return {}
    found: dict[str, Markup | bytes] = {RULES: rules.index(inputs)}
    found.update({rule_page(rule.code): rules.rule(rule, inputs) for rule in inputs.rules})
    return found


def _rooms(inputs: SiteInputs) -> dict[str, Markup | bytes]:
    rooms, found = inputs.rooms, dict[str, Markup | bytes]()
    if rooms.runbooks:
        found[RUNBOOKS] = runbooks.runbooks(inputs)
    if rooms.review.rules:
        found[REVIEW] = review.review(inputs)
    if rooms.flags:
        found[FLAGS] = flags.flags(inputs)
    if rooms.migration is not None:
        found[MIGRATION] = migration.migration(inputs)
    found.update(training.pages(inputs))
    return found


def _documents(inputs: SiteInputs) -> dict[str, Markup | bytes]:
    if inputs.trust is None:
        return {}
    found: dict[str, Markup | bytes] = {DOCUMENTS: documents.documents(inputs)}
    found[badge_path("")] = badge("documents", inputs.trust.tally)
    found.update({badge_path(one.path): badge("evidence", one.tally) for one in inputs.trust.documents})
    if inputs.trust.diagrams:
        found[DIAGRAMS] = diagrams.diagrams(inputs)
        found.update(diagrams.pictures(inputs))
    return found


SECTIONS: tuple[Section, ...] = (_validation, _code, _rules, _rooms, _documents)
"""Every maker of pages; each sees all inputs and touches nothing else."""


def render(inputs: SiteInputs) -> dict[str, bytes]:
    """Return every generated page and the data it needs.

    Args:
        inputs: What was read from files and ledger.

    Returns:
        Path relative to the documentation folder, POSIX, to content: Markdown, scripts with data, pictures.
    """
    found: dict[str, bytes] = {}
    for section in SECTIONS:
        found.update(_encoded(section(inputs)))
    found.update(_encoded(_summary(inputs, frozenset(found))))
    return dict(sorted(found.items()))


def _encoded(pages: Mapping[str, Markup | bytes]) -> dict[str, bytes]:
    return {path: content if isinstance(content, bytes) else content.encode() for path, content in pages.items()}
