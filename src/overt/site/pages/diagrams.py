"""The page of diagrams: each drawn as its source describes it, with what is known of every arrow."""

from __future__ import annotations

from overt.audit.diagrams.check import DiagramSeen
from overt.model import State, worst
from overt.site.diagram import DARK, LIGHT
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, paragraphs, table
from overt.site.pages.common import details, front, lead, method, short, tally
from overt.site.paths import DIAGRAMS, PICTURES, relative, slug
from overt.site.sketch import describe_diagram
from overt.site.trust import Trust
from overt.system.units import count


def _file(seen: DiagramSeen, number: int, palette: str) -> str:
    return f"{PICTURES}/{slug(seen.diagram.title)}-{number}-{palette}.svg"


def pictures(inputs: SiteInputs) -> dict[str, bytes]:
    """Return the pictures of all diagrams, for light and for dark pages; none when nothing draws."""
    if inputs.draw is None or inputs.trust is None:
        return {}
    return {
        _file(seen, number, name): inputs.draw(describe_diagram(seen, palette))
        for number, seen in enumerate(inputs.trust.diagrams, 1)
        if seen.diagram.nodes
        for name, palette in (("light", LIGHT), ("dark", DARK))
    }


def diagrams(inputs: SiteInputs) -> Markup:
    """Return the page of diagrams."""
    found = (inputs.trust or Trust()).diagrams
    states = [edge.verdict.state for seen in found for edge in seen.edges]
    held = sum(state is State.PROVED for state in states)
    return paragraphs(
        front("Diagrams", f"What the diagrams of {inputs.project} draw, held against what its code imports."),
        Markup("# Diagrams"),
        lead(
            worst(states),
            f"{held:,} of {count(len(states), 'arrow')} {'holds' if len(states) == 1 else 'hold'}.",
            "An arrow holds when the code imports what it leads to, or when the claim or fact that it names is proved.",
            "Read from the files that this site is built from.",
        ),
        tally(states),
        *(_diagram(seen, number, inputs) for number, seen in enumerate(found, 1)),
        method(
            "Arrows between parts of the code are held against its imports, at whatever depth; an arrow that stands "
            "for something else holds only through a claim or a fact that it names. What no arrow shows is counted "
            "under each diagram."
        ),
    )


def _diagram(seen: DiagramSeen, number: int, inputs: SiteInputs) -> Markup:
    diagram = seen.diagram
    rows = [
        (state_mark(edge.verdict.state), edge.text, edge.location.line, short(edge.verdict.reason, 160))
        for edge in seen.edges
    ]
    doubtful = [
        fill("- {} {}: {}", state_mark(one.verdict.state), code(one.location), one.verdict.reason)
        for one in (*seen.nodes, *seen.unread)
        if one.verdict.state is not State.PROVED
    ]
    undrawn = join((fill("{} → {}", *edge) for edge in seen.undrawn), "<br>")
    return paragraphs(
        fill("## {}", diagram.title),
        fill("{}", diagram.summary) if diagram.summary else Markup(""),
        _pictures(seen, number, inputs),
        fill("Drawn from {}.", code(f"{diagram.path}:{diagram.line}")),
        table(("State", "Arrow", "Line", "Why"), rows, align="llrl") if rows else Markup("It has no arrow."),
        paragraphs(Markup("Of its boxes and lines:"), join(doubtful, "\n")) if doubtful else Markup(""),
        details(f"{count(len(seen.undrawn), 'import')} between these parts without an arrow", undrawn)
        if seen.undrawn
        else Markup(""),
    )


def _pictures(seen: DiagramSeen, number: int, inputs: SiteInputs) -> Markup:
    if inputs.draw is None or not seen.diagram.nodes:
        return Markup("")
    boxes, arrows = count(len(seen.diagram.nodes), "box", "boxes"), count(len(seen.diagram.edges), "arrow")
    said = f"{seen.diagram.title}: {boxes} and {arrows}; the table below says the same"
    images = [
        fill("![{}]({})", said, Markup(f"{relative(DIAGRAMS, _file(seen, number, name))}#only-{name}"))
        for name in ("light", "dark")
    ]
    return join(images, "\n")
