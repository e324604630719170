"""Pictures of graphs, described with `diagrams`, the same every time they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from overt.site.graph import Graph

Draw = Callable[[str], bytes]
"""Turns a description in the DOT language into an SVG picture."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a picture, chosen for a light or a dark page."""

    ink: str
    line: str
    fill: str
    border: str
    quiet: str
    wrong: str


LIGHT = Palette(ink="#1f2733", line="#7a8699", fill="#f4f6f9", border="#9aa5b5", quiet="#5b6675", wrong="#b3261e")
DARK = Palette(ink="#e6e9ef", line="#8d98a9", fill="#2a303c", border="#5d6879", quiet="#aab3c0", wrong="#ff9a90")

_FONT = "Helvetica,Arial,sans-serif"


def _escaped(text: str) -> str:
    """Text of a label: a backslash or a quote must not end or change it."""
    return text.replace("\\", "\\\\")


def describe(graph: Graph, palette: Palette) -> str:
    """Return a graph of parts in the DOT language.

    Args:
        graph: What to draw.
        palette: Its colours.
    """
    from diagrams import Diagram, Edge, Node, setdiagram

    # `with Diagram()` would write files into the current folder and number its nodes at random.
    diagram = Diagram(
        filename="overt",
        direction="TB",
        show=False,
        graph_attr={
            "pad": "0.3",
            "bgcolor": "transparent",
            "splines": "spline",
            "nodesep": "0.35",
            "ranksep": "0.55",
            "fontname": _FONT,
        },
        node_attr={
            "style": "rounded,filled",
            "fixedsize": "false",
            "width": "1.3",
            "height": "0.5",
            "margin": "0.18,0.1",
            "labelloc": "c",
            "fontname": _FONT,
            "fontcolor": palette.ink,
            "fillcolor": palette.fill,
            "color": palette.border,
        },
        edge_attr={"color": palette.line, "arrowsize": "0.7"},
    )
    setdiagram(diagram)
    try:
        nodes = {
            part.name: Node(_escaped(part.name), nodeid=f"part{number}") for number, part in enumerate(graph.parts)
        }
        for (start, to), modules in graph.imports.items():
            style = "dashed" if (start, to) in graph.deferred else "solid"
            weight = 1.0 + min(modules, 12) / 8
            nodes[start].connect(nodes[to], Edge(nodes[start], forward=True, style=style, penwidth=f"{weight:.2f}"))
    finally:
        setdiagram(None)
    return str(diagram.dot.source)
