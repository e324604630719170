"""Diagrams of documents in the DOT language: the boxes, clusters and arrows that their sources describe."""

from __future__ import annotations

import re

from overt.audit.diagrams.check import DiagramSeen
from overt.audit.diagrams.record import Edge, Node
from overt.model import State
from overt.site.diagram import Palette

_FONT = "Helvetica,Arial,sans-serif"
_UNPLAIN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def describe_diagram(seen: DiagramSeen, palette: Palette) -> str:
    """Return a diagram in the DOT language; arrows that do not hold are marked as such.

    Args:
        seen: The diagram with what is known of it.
        palette: Its colours.
    """
    diagram = seen.diagram
    keys = {node.key: f"n{number}" for number, node in enumerate(diagram.nodes)}
    text = f'fontname="{_FONT}"'
    graph = f"rankdir={diagram.direction}, bgcolor=transparent, pad=0.3, nodesep=0.3, ranksep=0.6, {text}"
    box = f'shape=box, style="rounded,filled", {text}, fontsize=13, margin="0.16,0.08", height=0.4'
    lines = [
        "digraph {",
        f'graph [{graph}, fontsize=12, fontcolor="{palette.quiet}"]',
        f'node [{box}, fontcolor="{palette.ink}", fillcolor="{palette.fill}", color="{palette.border}"]',
        f'edge [color="{palette.line}", fontcolor="{palette.quiet}", {text}, fontsize=11, arrowsize=0.7]',
    ]
    lines += _inside((), list(diagram.nodes), keys, seen, palette)
    lines += [
        _edge(edge, held.verdict.state, keys, palette) for edge, held in zip(diagram.edges, seen.edges, strict=True)
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _inside(
    cluster: tuple[str, ...], nodes: list[Node], keys: dict[str, str], seen: DiagramSeen, palette: Palette
) -> list[str]:
    """Return the boxes of a cluster and, in blocks of their own, the clusters in it."""
    lines = [_node(node, keys[node.key], seen, palette) for node in nodes if node.cluster == cluster]
    deeper = dict.fromkeys(node.cluster[: len(cluster) + 1] for node in nodes if len(node.cluster) > len(cluster))
    for inner in deeper:
        own = [node for node in nodes if node.cluster[: len(inner)] == inner]
        lines += [
            f'subgraph "cluster_{keys[own[0].key]}_{len(inner)}" {{',
            f'label={_quoted(inner[-1])}; labeljust=l; style="rounded"; color="{palette.border}"; margin=12',
            *_inside(inner, own, keys, seen, palette),
            "}",
        ]
    return lines


def _node(node: Node, key: str, seen: DiagramSeen, palette: Palette) -> str:
    known = node.key in dict(seen.modules)
    # What is no part of the code is only outlined.
    style = "" if known else f', style="rounded,dashed", fontcolor="{palette.quiet}"'
    return f"{key} [label={_quoted(node.label or node.sort)}{style}]"


def _edge(edge: Edge, state: State, keys: dict[str, str], palette: Palette) -> str:
    style = edge.style if edge.style in {"solid", "dashed", "dotted", "bold"} else "solid"
    said = [f"style={style}", f"label={_quoted(edge.label)}" if edge.label else "", "" if edge.directed else "dir=none"]
    if state is State.REFUTED:
        said.append(f'color="{palette.wrong}", fontcolor="{palette.wrong}", penwidth=2')
    return f"{keys[edge.start]} -> {keys[edge.to]} [{', '.join(filter(None, said))}]"


def _quoted(text: str) -> str:
    r"""Return text as a label: nothing in it ends the label or means something to Graphviz.

    Example:
        >>> print(_quoted('say "a"\n\\b'))
        "say \"a\"\n\\b"
    """
    plain = _UNPLAIN.sub("", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{plain}"'
