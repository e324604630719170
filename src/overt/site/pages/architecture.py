"""The architecture page: what the packages are and what imports what, measured in the files."""

from __future__ import annotations

from collections.abc import Mapping

from overt.model import State
from overt.site.diagram import DARK, LIGHT, describe
from overt.site.graph import Graph, collapse, connected, cycles, essential, largest, without_ways_back
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.common import front, lead, method
from overt.site.pages.reference import dotted, purpose
from overt.site.paths import ARCHITECTURE, PICTURES, REFERENCE, relative
from overt.system.units import count

_PICTURE = "imports"
_LEGEND = (
    "An arrow leads from a part to what it imports; thicker means from more modules, dashed means only in functions or "
    "for types."
)
_LEFT_OUT = "a path of arrows implies them, they lead back, or their parts are too small"
_ONE_LEFT_OUT = (
    "1 import is in the table only: a path of arrows implies it, it leads back, or one of its parts is too small."
)


def picture_graph(inputs: SiteInputs) -> Graph:
    """Return what the picture shows: the largest parts, without arrows that others imply."""
    return essential(without_ways_back(largest(connected(collapse(inputs.modules)))))


def pictures(inputs: SiteInputs) -> dict[str, bytes]:
    """Return the picture for light and for dark pages; none when there is nothing to draw or nothing draws."""
    graph = picture_graph(inputs)
    if inputs.draw is None or len(graph.parts) < 2:
        return {}
    return {
        f"{PICTURES}/{_PICTURE}-{name}.svg": inputs.draw(describe(graph, palette))
        for name, palette in (("light", LIGHT), ("dark", DARK))
    }


def _alternative(graph: Graph) -> str:
    parts, imports = count(len(graph.parts), "part"), count(len(graph.imports), "import")
    return f"{parts} and {imports} between them; the table below says the same"


def _picture(inputs: SiteInputs, graph: Graph, whole: Graph) -> Markup:
    if inputs.draw is None or len(graph.parts) < 2:
        return Markup("")
    alternative = _alternative(graph)
    images = [
        fill(
            "![{}]({})",
            f"Packages and their imports: {alternative}",
            Markup(f"{relative(ARCHITECTURE, f'{PICTURES}/{_PICTURE}-{name}.svg')}#only-{name}"),
        )
        for name in ("light", "dark")
    ]
    left_out = len(whole.imports) - len(graph.imports)
    notes = [_LEGEND]
    if left_out:
        notes.append(_ONE_LEFT_OUT if left_out == 1 else f"{left_out:,} imports are in the table only: {_LEFT_OUT}.")
    return paragraphs(join(images, "\n"), fill("*{}*", " ".join(notes)))


def _names(names: list[str], linked: Mapping[str, str]) -> Markup:
    return join((_name(name, linked) for name in names), ", ") if names else Markup("&ndash;")


def _name(name: str, linked: Mapping[str, str]) -> Markup:
    shown = dotted(name)
    return link(shown, relative(ARCHITECTURE, linked[name])) if name in linked else shown


def _headline(graph: Graph) -> tuple[State, str]:
    circles = cycles(graph)
    if not graph.parts:
        return State.UNCHECKED, "No package was found."
    if circles:
        return State.REFUTED, f"{count(len(circles), 'circle')} of parts that import each other when they are loaded."
    return State.PROVED, "No parts import each other in a circle when they are loaded."


def _cycles(graph: Graph) -> Markup:
    lines = [
        fill("- {} {}", state_mark(State.REFUTED, word="circle"), join(map(code, circle), ", "))
        for circle in cycles(graph)
    ]
    if not lines:
        return Markup("")
    return paragraphs(Markup("These parts import each other in a circle when they are loaded:"), join(lines, "\n"))


def architecture(inputs: SiteInputs) -> Markup:
    """Return the architecture page."""
    graph = collapse(inputs.modules)
    linked = {module.name: module.page for module in inputs.modules if module.public} if inputs.reference else {}
    modules = {module.name: module for module in inputs.modules}
    rows = [
        (
            _name(part.name, linked),
            purpose(modules[part.name], inputs) if part.name in modules else part.summary,
            len(part.modules),
            f"{part.lines:,}",
            *(_names(names, linked) for names in graph.of(part.name)),
        )
        for part in graph.parts
    ]
    unread = [fill("- {}: {}", code(module.path), module.failure) for module in inputs.modules if module.failure]
    more = (
        fill("Every module is in the {}.", link("API reference", relative(ARCHITECTURE, REFERENCE)))
        if inputs.reference
        else Markup("")
    )
    return paragraphs(
        front("Architecture", f"The packages of {inputs.project} and what they import, measured in the source."),
        Markup("# Architecture"),
        lead(
            *_headline(graph),
            f"{count(len(inputs.modules), 'module')} in {count(len(graph.parts), 'part')}.",
            "Read from the files that this site is built from.",
        ),
        _picture(inputs, picture_graph(inputs), graph),
        _cycles(graph) if graph.imports else Markup(""),
        Markup("## Parts"),
        table(("Part", "What it is for", "Modules", "Lines", "Imports", "Imported by"), rows, align="llrrll")
        if rows
        else Markup("No package was found."),
        paragraphs(Markup("## Could not be read"), join(unread, "\n")) if unread else Markup(""),
        more,
        method(
            "Imports are read from the source, those inside of functions and those for types alone too; a circle is "
            "one of imports that happen when modules are loaded. What a program imports by a name that it puts "
            "together while it runs is not seen."
        ),
    )
