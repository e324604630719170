"""Flow charts of Mermaid: boxes and arrows of `flowchart` and `graph` fences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overt.audit.diagrams.record import Diagram, Edge, Node

_HEAD = re.compile(r"\s*(?:flowchart|graph)(?:\s+(TB|TD|BT|LR|RL))?\s*;?\s*$")
_SHAPES = (
    *((r"\(\[", r"\]\)"), (r"\[\[", r"\]\]"), (r"\[\(", r"\)\]"), (r"\(\(\(", r"\)\)\)"), (r"\(\(", r"\)\)")),
    *((r"\{\{", r"\}\}"), (r"\[", r"\]"), (r"\(", r"\)"), (r"\{", r"\}"), (r">", r"\]")),
)
_LABEL = "|".join(rf"{opens}\s*(?:\"[^\"]*\"|[^\"\[\](){{}}]*?)\s*{closes}" for opens, closes in _SHAPES)
_NODE = re.compile(rf"\s*(?P<key>[A-Za-z_][\w./-]*?)(?=\s|$|[&;\[({{>]|-[-.]|==|:::)(?P<label>{_LABEL})?(?::::\w+)?")
_ARROW = re.compile(
    r"\s*(?:<?--\s+(?P<between>[^|>-][^|>]*?)\s+--[->ox]|<?==\s+(?P<thick>[^|>=]+?)\s+==>|-\.\s+(?P<dots>[^|>.]+?)\s+\.->"
    r"|(?P<line><?-{2,}[->ox]|-{3,}|-\.+->|-\.+-|={2,}>|~~~))(?:\|(?P<bar>[^|]*)\|)?"
)
_STRIP = re.compile(r"^[\[({>]+\s*\"?|\"?\s*[\])}]+$")
_SKIP = re.compile(r"\s*(?:%%|style\b|classDef\b|class\b|click\b|linkStyle\b|direction\b|end\b|accTitle|accDescr|$)")
_AND = re.compile(r"\s*&\s*")
_LONGEST = 2_000
_EVIDENCE = re.compile(r"\b(?:claim|evidence):[\w.*-]+")


def read_flowchart(code: str, path: str, first: int) -> Diagram | None:
    """Return the flow chart of a fence; None when it is another kind of diagram.

    Args:
        code: What is in the fence.
        path: File of the document, relative to the root, POSIX.
        first: Line of its first line of code, from 1.

    Example:
        >>> chart = read_flowchart("flowchart TD\\n  a[shop.cart] -->|asks| b[shop.prices]\\n", "a.md", 2)
        >>> [(edge.start, edge.to, edge.label) for edge in chart.edges]
        [('a', 'b', 'asks')]
    """
    lines = code.split("\n")
    head = next((number for number, line in enumerate(lines) if line.strip() and not line.strip().startswith("%%")), 0)
    found = _HEAD.match(lines[head]) if lines else None
    if found is None:
        return None
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    unread: list[tuple[int, str]] = []
    clusters: list[str] = []
    for number, line in enumerate(lines[head + 1 :], first + head + 1):
        if line.strip() == "end" and clusters:
            clusters.pop()
        elif line.strip().startswith("subgraph"):
            clusters.append(_STRIP.sub("", line.strip().removeprefix("subgraph").strip()))
        elif not _SKIP.match(line):
            unread += [
                (number, f"`{statement.strip()[:60]}` is not followed")
                for statement in line.split(";")
                if statement.strip() and not _statement(statement, number, tuple(clusters), nodes, edges)
            ]
    direction = (found[1] or "TB").replace("TD", "TB")
    title = f"flow chart of {path}:{first - 1}"
    return Diagram(
        title, path, first - 1, tuple(nodes.values()), tuple(edges), tuple(unread), "", direction, exact=False
    )


def _statement(line: str, number: int, cluster: tuple[str, ...], nodes: dict[str, Node], edges: list[Edge]) -> bool:
    """Read a statement; False when it could not be followed to its end."""
    if len(line) > _LONGEST:
        return False
    at, before, arrow = 0, list[str](), None
    while True:
        group: list[str] = []
        while True:
            match = _NODE.match(line, at)
            if match is None:
                return False
            group.append(_seen(match, number, cluster, nodes))
            at = match.end()
            joined = _AND.match(line, at)
            if joined is None:
                break
            at = joined.end()
        if arrow is not None:
            edges.extend(_edges(before, group, arrow, number))
        arrow = _ARROW.match(line, at)
        if arrow is None:
            return not line[at:].strip()
        before, at = group, arrow.end()


def _seen(match: re.Match[str], number: int, cluster: tuple[str, ...], nodes: dict[str, Node]) -> str:
    key = match["key"]
    label = _STRIP.sub("", match["label"]).replace("<br/>", "\n").replace("<br>", "\n") if match["label"] else ""
    if key not in nodes or (label and nodes[key].label == key):
        nodes[key] = Node(key, label or key, nodes[key].line if key in nodes else number, cluster)
    return key


def _edges(before: list[str], group: list[str], arrow: re.Match[str], number: int) -> Iterator[Edge]:
    label = next((arrow[name] for name in ("between", "thick", "dots", "bar") if arrow[name]), "").strip().strip('"')
    evidence = _EVIDENCE.search(label)
    drawn = arrow[0]
    for start in before:
        for to in group:
            yield Edge(
                start,
                to,
                number,
                label,
                evidence[0] if evidence else "",
                directed=">" in drawn,
                style="dashed" if "-." in drawn else "solid",
            )
