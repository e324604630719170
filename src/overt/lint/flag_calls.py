"""What one Python file says about feature flags: calls with names in them, constants, and what is named beside them."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from overt.lint.examine import parse

Arg = tuple[str, str]
"""What an argument is: `text` and the string, `name` and the last part of a dotted name, `pattern` and an expression
that the strings it can be match."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call whose arguments may name a flag.

    Args:
        callee: Last part of the name of what is called.
        owner: What stands before that part; empty when nothing does.
        line: Line, from 1.
        args: Its positional arguments, as far as they can name one.
        named: Its named arguments.
        inside: Name of the function around it; empty at the top. Of a method, with its class.
    """

    callee: str
    owner: str
    line: int
    args: tuple[Arg | None, ...]
    named: dict[str, Arg]
    inside: str


@dataclass(slots=True)
class FlagFacts:
    """What one file says.

    Args:
        path: The file, relative to the root, POSIX.
        calls: Calls with arguments that may name a flag.
        constants: Strings that names stand for: `NEW_CART = "new-cart"`.
        strings: Every string that is said somewhere else than in a declaration, with its first line.
        parameters: Parameters of functions, in order, without `self`; of a class those of its `__init__`.
        makes_flags: Whether it makes flags of its own, so that a name in it may be one of those.
        declared: Names that the code itself declares as flags.
        attributes: By class and attribute, the parameter of `__init__` that it is set from.
    """

    path: str
    calls: list[Call] = field(default_factory=list)
    constants: dict[str, set[str]] = field(default_factory=dict)
    strings: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, list[str]] = field(default_factory=dict)
    makes_flags: bool = False
    declared: set[str] = field(default_factory=set)
    attributes: dict[tuple[str, str], str] = field(default_factory=dict)


DECLARING = frozenset({"Flag", "Stage"})
"""Calls whose strings declare a flag and read none."""


def read_file(path: str, source: bytes) -> FlagFacts:
    """Return what a file says.

    Args:
        path: The file, relative to the root, POSIX.
        source: Its content.

    Raises:
        SyntaxError: It is no Python.
        ValueError: It holds null bytes.
    """
    tree = parse(source, path)
    reader = _Reader(FlagFacts(path))
    reader.visit(tree)
    return reader.facts


class _Reader(ast.NodeVisitor):
    """Walks over a file once."""

    def __init__(self, facts: FlagFacts) -> None:
        self.facts = facts
        self._inside: list[str] = []
        self._classes: list[str] = []
        self._declaring = 0

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        in_class = bool(self._classes) and not self._inside
        names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        names = names[1:] if in_class and names and not _is_static(node) else names
        name = self._classes[-1] if in_class and node.name == "__init__" else node.name
        self.facts.parameters.setdefault(name, [*names, *(argument.arg for argument in node.args.kwonlyargs)])
        self._inside.append(name)
        self.generic_visit(node)
        self._inside.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._assigned(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._assigned(node.target, node.value)
        self.generic_visit(node)

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        said = _argument(value)
        if isinstance(value, ast.Call) and _last(value.func) == "Flag" and value.args:
            said = _argument(value.args[0])
        if said is None or not isinstance(target, ast.Name | ast.Attribute):
            return
        kind, text = said
        if kind == "text":
            self.facts.constants.setdefault(_last(target), set()).add(text)
        elif isinstance(target, ast.Attribute) and self._classes and isinstance(value, ast.Name):
            self.facts.attributes[self._classes[-1], target.attr] = text

    def visit_Call(self, node: ast.Call) -> None:
        callee = _last(node.func)
        args = tuple(_argument(argument) for argument in node.args)
        named = {word.arg: said for word in node.keywords if word.arg and (said := _argument(word.value))}
        if callee and (any(args) or named):
            owner = _last(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            inside = self._inside[-1] if self._inside else ""
            self.facts.calls.append(Call(callee, owner, node.lineno, args, named, inside))
        self.facts.makes_flags |= callee in {"Flag", "FeatureFlags"}
        if callee == "Flag":
            self.facts.declared |= {said[1] for said in (*args[:1], named.get("name")) if said and said[0] == "text"}
        self._declaring += callee in DECLARING
        self.generic_visit(node)
        self._declaring -= callee in DECLARING

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and not self._declaring:
            self.facts.strings.setdefault(node.value, node.lineno)


def _is_static(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(_last(decorator) == "staticmethod" for decorator in node.decorator_list)


def _last(node: ast.expr) -> str:
    """Return the last part of a dotted name; empty when there is none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _argument(node: ast.expr) -> Arg | None:
    match node:
        case ast.Constant(value=str(text)):
            return "text", text
        case ast.Name() | ast.Attribute():
            return "name", _last(node)
        case ast.JoinedStr():
            parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*" for part in node.values)
            return "pattern", "".join(parts)
    return None
