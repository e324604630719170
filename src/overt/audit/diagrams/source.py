"""Sources of `diagrams` followed with the eye: names, clusters and arrows, without running a line of them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from overt.audit.diagrams.record import Diagram, Edge, Node

_OURS = frozenset({"Diagram", "Cluster", "Edge"})
_LINKS = ("href", "URL", "comment")
_FORWARD: dict[type[ast.operator], str] = {ast.RShift: ">>", ast.LShift: "<<", ast.Sub: "-"}


class NotFollowed(Exception):
    """A piece of source that is beyond what is followed."""


@dataclass(frozen=True, slots=True)
class _Arrow:
    """What `Edge(...)` makes, and the nodes that it was joined to so far."""

    label: str = ""
    evidence: str = ""
    style: str = "solid"
    tail: tuple[str, ...] = ()
    way: str = ""


_Value = str | _Arrow | list[str]


def read_source(text: str, path: str) -> list[Diagram]:
    """Return the diagrams of a source; none when it imports nothing of `diagrams`.

    Args:
        text: The source.
        path: Its file, relative to the root, POSIX.

    Example:
        >>> source = 'from diagrams import Diagram, Node\\nwith Diagram("d"):\\n    Node("a") >> Node("b")\\n'
        >>> [(edge.start, edge.to) for edge in read_source(source, "d.py")[0].edges]
        [('a', 'b')]
    """
    if "diagrams" not in text:
        return []
    try:
        tree = ast.parse(text, filename=path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [Diagram(path, path, 1, unread=((getattr(error, "lineno", 1) or 1, f"it is no Python: {error}"),))]
    names = _imported(tree)
    if not names:
        return []
    summary = (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ")
    texts = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    opened = ((node, _opens(node, names, "Diagram")) for node in ast.walk(tree) if isinstance(node, ast.With))
    return [_Reader(path, names, texts, summary).diagram(node, call) for node, call in opened if call is not None]


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return the names that come from `diagrams`, each with what it is there."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "diagrams"
        for alias in node.names
    }


def _opens(node: ast.With, names: dict[str, str], wanted: str) -> ast.Call | None:
    """Return the call of a `with` that opens a diagram or a cluster."""
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and names.get(call.func.id) == wanted:
            return call
    return None


@dataclass(slots=True)
class _Reader:
    path: str
    names: dict[str, str]
    texts: dict[str, str]
    summary: str
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    known: dict[str, _Value] = field(default_factory=dict)
    cluster: tuple[str, ...] = ()

    def diagram(self, node: ast.With, call: ast.Call) -> Diagram:
        """Follow the body of a diagram."""
        title, direction = self._text(call, "name"), self._word(call, "direction")
        self._body(node.body)
        return Diagram(
            title or self.path.rpartition("/")[2].removesuffix(".py"),
            self.path,
            node.lineno,
            tuple(self.nodes.values()),
            tuple(self.edges),
            tuple(self.unread),
            self.summary,
            direction if direction in {"TB", "BT", "LR", "RL"} else "LR",
        )

    def _body(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            try:
                self._statement(statement)
            except (NotFollowed, RecursionError) as error:
                self.unread.append((statement.lineno, str(error) or "it is nested too deeply"))

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.With():
                call = _opens(node, self.names, "Cluster")
                if call is None:
                    raise NotFollowed("a block that is no cluster is not followed")
                outer, self.cluster = self.cluster, (*self.cluster, self._text(call, "label"))
                self._body(node.body)
                self.cluster = outer
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.known[name] = self._value(value)
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(
                values
            ):
                for target, value in zip(targets, values, strict=True):
                    if isinstance(target, ast.Name):
                        self.known[target.id] = self._value(value)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.Expr(value=value):
                self._value(value)
            case _:
                raise NotFollowed(f"`{type(node).__name__.lower()}` is not followed: write each box and arrow out")

    def _value(self, node: ast.expr) -> _Value:
        match node:
            case ast.Name(id=name) if name in self.known:
                return self.known[name]
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return [key for part in parts for key in self._keys(self._value(part))]
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _FORWARD:
                return self._join(self._value(left), _FORWARD[type(op)], self._value(right), node.lineno)
            case ast.Call(func=ast.Name(id=name)) if self.names.get(name) == "Edge":
                return self._arrow(node)
            case ast.Call(func=ast.Name(id=name)) if name in self.names and self.names[name] not in _OURS:
                return self._node(node, self.names[name])
            case _:
                raise NotFollowed(f"`{ast.unparse(node)[:60]}` is not followed: write each box and arrow out")

    def _node(self, call: ast.Call, sort: str) -> str:
        label = self._text(call, "label")
        key, number = label or sort, 2
        while key in self.nodes:
            key, number = f"{label or sort} ({number})", number + 1
        self.nodes[key] = Node(key, label, call.lineno, self.cluster, sort)
        return key

    def _arrow(self, call: ast.Call) -> _Arrow:
        links = (self._word(call, name) for name in _LINKS)
        evidence = next((link for link in links if link.startswith(("claim:", "evidence:"))), "")
        return _Arrow(self._word(call, "label"), evidence, self._word(call, "style") or "solid")

    def _join(self, left: _Value, way: str, right: _Value, line: int) -> _Value:
        if isinstance(right, _Arrow):
            return replace(right, tail=tuple(self._keys(left)), way=way)
        arrow = left if isinstance(left, _Arrow) else _Arrow(tail=tuple(self._keys(left)), way=way)
        backward = "<<" in {arrow.way, way}
        for start in arrow.tail:
            for to in self._keys(right):
                ends = (to, start) if backward else (start, to)
                directed = arrow.way != "-" or way != "-"
                self.edges.append(Edge(*ends, line, arrow.label, arrow.evidence, directed, arrow.style))
        return right

    def _keys(self, value: _Value) -> list[str]:
        if isinstance(value, _Arrow):
            raise NotFollowed("an arrow leads nowhere")
        return value if isinstance(value, list) else [value]

    def _text(self, call: ast.Call, name: str) -> str:
        """Return the first argument of a call, or the one of a name."""
        given = call.args[0] if call.args else next((one.value for one in call.keywords if one.arg == name), None)
        return self._constant(given) if given is not None else ""

    def _word(self, call: ast.Call, name: str) -> str:
        given = next((one.value for one in call.keywords if one.arg == name), None)
        try:
            return self._constant(given) if given is not None else ""
        except NotFollowed:
            return ""

    def _constant(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id=name) if name in self.texts:
                return self.texts[name]
            case _:
                raise NotFollowed(f"`{ast.unparse(node)[:60]}` is no text that stands there")
