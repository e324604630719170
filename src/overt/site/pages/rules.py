"""One page for each rule of the linter, made from the rule itself."""

from __future__ import annotations

from collections import Counter

from overt.evidence.records import FindingSeen, Scan
from overt.lint.pages import rule_page as explained
from overt.lint.records import Rule
from overt.model import State
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.common import front
from overt.site.paths import HIDDEN_STATE, RULES, relative, rule_page
from overt.system.units import count


def _here(rule: Rule, inputs: SiteInputs) -> Markup:
    """What the rule found in this project."""
    seen = [record for view in inputs.suites for record in view.of(FindingSeen) if record.finding.rule == rule.code]
    looked = any(rule.code in scan.rules for view in inputs.suites for scan in view.of(Scan))
    if not seen and not looked:
        return fill("{} This rule has not been applied to {} yet.", state_mark(State.UNCHECKED), inputs.project)
    if not seen:
        return fill("{} It finds nothing in {}.", state_mark(State.PROVED), inputs.project)
    numbers = Counter(record.standing for record in seen)
    state = State.REFUTED if numbers["new"] else State.PROVED
    words = ", ".join(f"{number} {standing}" for standing, number in sorted(numbers.items()))
    more = link(count(len(seen), "finding"), relative(rule_page(rule.code), HIDDEN_STATE))
    return fill("{} {} in {}: {}.", state_mark(state), more, inputs.project, words)


def rule(found: Rule, inputs: SiteInputs) -> Markup:
    """Return the page of a rule.

    Args:
        found: The rule.
        inputs: What the site is made from.
    """
    page = rule_page(found.code)
    known = {other.code for other in inputs.rules}
    near = [link(other, relative(page, rule_page(other))) for other in found.see if other in known]
    # The text of `overt explain`: it comes with the program, nothing foreign is in it.
    heading, _, body = explained(found).partition("\n\n")
    plain = f"See also: {', '.join(found.see)}."
    if near:
        body = body.replace(plain, str(fill("See also: {}.", join(near, ", "))))
    return paragraphs(
        front(f"{found.code}: {found.title}", found.why.split(". ")[0].rstrip(".") + "."),
        Markup(heading),
        _here(found, inputs),
        Markup(body.rstrip("\n")),
        fill("On the command line: {}.", code(f"overt explain {found.code}")),
    )


def index(inputs: SiteInputs) -> Markup:
    """Return the list of all rules."""
    rows = [
        (
            link(found.code, relative(RULES, rule_page(found.code))),
            found.title,
            found.kind,
            "yes" if found.default else "no",
        )
        for found in inputs.rules
    ]
    return paragraphs(
        front("Rules", "What the hidden-state linter looks for, why, and what to use instead."),
        Markup("# Rules"),
        Markup("What the hidden-state linter looks for. Each page says why it hurts and what to use instead."),
        table(("Rule", "What it finds", "Kind", "On by default"), rows),
    )
