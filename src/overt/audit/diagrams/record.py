"""A diagram as its source describes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """A box.

    Args:
        key: Its name within the diagram.
        label: What it says.
        line: Line of the source that makes it, from 1.
        cluster: Labels of the clusters that it stands in, the outermost first.
        sort: Class that makes it, for example `Node` or `Redis`; empty in Mermaid.
    """

    key: str
    label: str
    line: int
    cluster: tuple[str, ...] = ()
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow.

    Args:
        start: Key of the node that it comes from.
        to: Key of the node that it leads to.
        line: Line of the source that draws it, from 1.
        label: What it says.
        evidence: The claim or fact that it names, as `claim:NAME` or `evidence:NAME`; empty when it names none.
        directed: Whether it leads from one to the other.
        style: `solid`, `dashed`, `dotted` or `bold`.
    """

    start: str
    to: str
    line: int
    label: str = ""
    evidence: str = ""
    directed: bool = True
    style: str = "solid"


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram.

    Args:
        title: Its title.
        path: File of its source, relative to the root, POSIX.
        line: Line it begins on, from 1.
        nodes: Its boxes by key, in order.
        edges: Its arrows, in order.
        unread: Lines of the source that could not be followed, each with why.
        summary: What it shows, in one sentence; empty when its source does not say.
        direction: `TB`, `BT`, `LR` or `RL`.
        exact: Whether every box is taken for a part of the project when its name allows it; else only dotted names.
    """

    title: str
    path: str
    line: int
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    unread: tuple[tuple[int, str], ...] = ()
    summary: str = ""
    direction: str = "LR"
    exact: bool = True
