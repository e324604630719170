"""The page of claims: each with its expression, what was seen, the evidence, and where documents state it."""

from __future__ import annotations

from collections.abc import Iterable

from overt.campaign.expression import ExpressionError, parse
from overt.model import Claim, Verdict
from overt.site.inputs import LinkSeen, SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, facts, fill, join, link, paragraphs, table
from overt.site.pages.common import URGENCY, evidence_links, front, lead, measured_on, method, sentence, tally
from overt.site.pages.status import headline
from overt.site.paths import CLAIMS, relative, slug
from overt.system.units import count, value_text


def _fact_names(expression: str) -> list[str]:
    try:
        return list(dict.fromkeys(name.name for name in parse(expression).names))
    except ExpressionError:
        return []


def _seen(claim: Claim, inputs: SiteInputs) -> Markup:
    """The values of the facts that an expression names."""
    if inputs.facts is None:
        return Markup("")
    known = [inputs.facts.get(name) for name in _fact_names(claim.expect)]
    return join(
        (
            fill(
                "{} is {}",
                code(fact.name),
                Markup("<strong>" + fill("{}", value_text(fact.value, fact.unit)) + "</strong>"),
            )
            for fact in known
        ),
        Markup("<br>"),
    )


def _place(seen: LinkSeen) -> Markup:
    text = f"{seen.path}:{seen.line}"
    return link(text, relative(CLAIMS, seen.page)) if seen.page else code(text)


def _claim(name: str, claim: Claim, verdict: Verdict, inputs: SiteInputs) -> Markup:
    places = [seen for seen in inputs.links if seen.target == f"claim:{name}"]
    rows: list[tuple[object, object]] = [
        ("Verdict", fill("{} {}", state_mark(verdict.state), sentence(verdict))),
        ("Must be true", code(claim.expect)),
    ]
    if seen := _seen(claim, inputs):
        rows.append(("Was measured", seen))
    rows += [
        ("Evidence", evidence_links(CLAIMS, verdict.evidence, inputs)),
        ("Declared in", code(claim.location)),
        ("Stated in", join(map(_place, places), ", ") if places else "no document"),
    ]
    return paragraphs(
        fill('<a id="claim-{}"></a>', Markup(slug(name))),
        fill("## {}", claim.text or name),
        facts(rows),
    )


def _evidence_links(links: Iterable[LinkSeen]) -> Markup:
    rows = [
        (state_mark(seen.state), code(seen.target.partition(":")[2]), _place(seen), seen.reason)
        for seen in sorted(links, key=lambda seen: (URGENCY.index(seen.state), seen.path, seen.line))
        if seen.target.startswith("evidence:")
    ]
    if not rows:
        return Markup("")
    return paragraphs(
        Markup("## Numbers in documents"),
        fill("{} held against the evidence.", count(len(rows), "number")),
        table(("State", "Fact", "Where", "What was seen"), rows),
    )


def _unknown(inputs: SiteInputs) -> Markup:
    """Links to claims that nobody declared: they stay visible instead of disappearing."""
    lost = [
        seen
        for seen in inputs.links
        if seen.target.startswith("claim:") and seen.target.removeprefix("claim:") not in inputs.claims
    ]
    if not lost:
        return Markup("")
    rows = [(state_mark(seen.state), code(seen.target), _place(seen), seen.reason) for seen in lost]
    return paragraphs(Markup("## Stated, but never declared"), table(("State", "Link", "Where", "Reason"), rows))


def claims(inputs: SiteInputs) -> Markup:
    """Return the page of claims."""
    ordered = sorted(inputs.claims.items(), key=lambda item: (URGENCY.index(item[1][1].state), item[0]))
    overall, text = headline(inputs)
    return paragraphs(
        front("Claims", f"What {inputs.project} states about itself, and the evidence for it."),
        Markup("# Claims"),
        lead(
            overall,
            f"{text}.",
            "Each claim is an expression over recorded evidence, judged when the site is built.",
            measured_on(CLAIMS, inputs.suites),
        ),
        tally(verdict.state for _, verdict in inputs.claims.values()),
        *[_claim(name, claim, verdict, inputs) for name, (claim, verdict) in ordered],
        Markup("") if ordered else Markup("No claim is declared in `overt.toml`."),
        _unknown(inputs),
        _evidence_links(inputs.links),
        method(
            "A claim is proved when its expression is true of facts that were measured on the files as they are; stale "
            "when they were measured on other files; unchecked when one of them was never measured. That an expression "
            "says what its sentence says is for readers to judge: both stand here."
        ),
    )
