"""What the program can say when something fails: templates of messages, read from its source; nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_DEPTH = 4
_SAYS = {"OvertError": "message", "Problem": "message", "ExpressionError": "what", "_complain": "text"}
"""What an error is made with, to the name of its first argument."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Template:
    """A message with names in braces where the program puts values.

    Args:
        message: What happened.
        hint: What to do; empty when none is given.
        exit: Name of the exit status; empty when it is not said where the message is.
        module: Dotted name of the module that says it.
    """

    message: str
    hint: str
    exit: str
    module: str


@dataclass(frozen=True, slots=True)
class Collected:
    """What was found in a source tree.

    Args:
        found: The templates, in the order of files and lines.
        passed_on: Places that say what another part has said: `module: expression`, sorted.
    """

    found: tuple[Template, ...]
    passed_on: tuple[str, ...]


def _name(node: ast.expr) -> str:
    """A word for what stands between the braces of a template."""
    if isinstance(node, ast.Name):
        return node.id.strip("_")
    if isinstance(node, ast.Attribute):
        return node.attr.strip("_")
    if isinstance(node, ast.Call):
        inside = [_name(one) for one in node.args if isinstance(one, ast.Name | ast.Attribute)]
        return inside[0] if inside else _name(node.func)
    if isinstance(node, ast.Subscript | ast.Starred):
        return _name(node.value)
    if isinstance(node, ast.BinOp):
        return _name(node.left)
    return "value"


def _joined(node: ast.JoinedStr) -> str:
    parts = []
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value).replace("{", "{{").replace("}", "}}"))
        elif isinstance(value, ast.FormattedValue):
            parts.append(f"{{{_name(value.value)}}}")
    return "".join(parts)


@dataclass(slots=True)
class _Module:
    """One module while it is read."""

    name: str
    tree: ast.Module
    says: dict[str, str]
    functions: dict[str, Function] = field(default_factory=dict)
    found: list[Template] = field(default_factory=list)
    passed_on: set[str] = field(default_factory=set)

    def read(self) -> None:
        self.functions = {one.name: one for one in ast.walk(self.tree) if isinstance(one, Function)}
        before = -1
        # A function that hands its own argument on says what its callers give it; that may go through several.
        while before != len(self.says):
            before = len(self.says)
            for function in self.functions.values():
                self._forwards(function)
        for scope, call in _calls(self.tree, None):
            self._said(scope, call)

    def _forwards(self, function: Function) -> None:
        taken = {one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
        for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
            given = self._message(call)
            if isinstance(given, ast.Name) and given.id in taken and not _assigned(function, given.id):
                self.says.setdefault(function.name, given.id)

    def _message(self, call: ast.Call) -> ast.expr | None:
        name = _last(call.func)
        if name not in self.says:
            return None
        wanted = self.says[name]
        named = next((one.value for one in call.keywords if one.arg == wanted), None)
        if named is not None or not call.args:
            return named
        return call.args[min(self._position(name, wanted), len(call.args) - 1)]

    def _position(self, name: str, wanted: str) -> int:
        function = self.functions.get(name)
        if function is None:
            return 0
        taken = [one.arg for one in (*function.args.posonlyargs, *function.args.args) if one.arg not in {"self", "cls"}]
        return taken.index(wanted) if wanted in taken else 0

    def _said(self, scope: Function | None, call: ast.Call) -> None:
        given = self._message(call)
        if given is None or (scope and scope.name in self.says and _is_argument(scope, given)):
            return
        texts = list(self._texts(given, scope, 0))
        if not texts:
            self.passed_on.add(f"{self.name}: {ast.unparse(given)}")
        named = {one.arg: one.value for one in call.keywords}
        hints = list(self._texts(named["hint"], scope, 0)) if "hint" in named else []
        status = named.get("exit")
        exit_name = status.attr if isinstance(status, ast.Attribute) else ""
        suffix = ", at column {column}" if _last(call.func) == "ExpressionError" else ""
        self.found += [Template(text + suffix, hints[0] if hints else "", exit_name, self.name) for text in texts]

    def _texts(self, node: ast.expr, scope: Function | None, depth: int) -> Iterator[str]:
        """Yield what an expression can be, as far as it is written in this module."""
        if depth > _DEPTH:
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.replace("{", "{{").replace("}", "}}")
        elif isinstance(node, ast.JoinedStr):
            yield _joined(node)
        elif isinstance(node, ast.IfExp):
            yield from self._texts(node.body, scope, depth)
            yield from self._texts(node.orelse, scope, depth)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            ends = list(self._texts(node.right, scope, depth + 1)) or [f"{{{_name(node.right)}}}"]
            yield from (start + end for start in self._texts(node.left, scope, depth + 1) for end in ends)
        elif isinstance(node, ast.Name):
            for value in _assigned(scope, node.id) if scope else ():
                yield from self._texts(value, scope, depth + 1)
        elif isinstance(node, ast.Call) and (function := self.functions.get(_last(node.func))):
            for one in ast.walk(function):
                if isinstance(one, ast.Return) and one.value is not None:
                    yield from self._texts(one.value, function, depth + 1)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_argument(function: Function, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and not _assigned(function, node.id)


def _assigned(function: Function | None, name: str) -> list[ast.expr]:
    """What is assigned to a name in a function."""
    values: list[ast.expr] = []
    for node in ast.walk(function) if function else ():
        if isinstance(node, ast.Assign):
            for target in node.targets:
                values += _paired(target, node.value, name)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            values += _paired(node.target, node.value, name)
    return values


def _paired(target: ast.expr, value: ast.expr, name: str) -> list[ast.expr]:
    if isinstance(target, ast.Name):
        return [value] if target.id == name else []
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [one for left, right in zip(target.elts, value.elts, strict=False) for one in _paired(left, right, name)]
    return []


def _calls(node: ast.AST, scope: Function | None) -> Iterator[tuple[Function | None, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield scope, child
        yield from _calls(child, child if isinstance(child, Function) else scope)


def read_templates(source: bytes, module: str) -> Collected:
    r"""Return what one module can say.

    Args:
        source: Its text.
        module: Its dotted name.

    Example:
        >>> read_templates(b"def f(n):\n    raise OvertError(f'no suite named {n!r}')", "shop").found[0].message
        'no suite named {n}'
    """
    reading = _Module(module, ast.parse(source), dict(_SAYS))
    reading.read()
    return Collected(tuple(reading.found), tuple(sorted(reading.passed_on)))


def collected(package: Path, leave_out: Sequence[str] = ("training/track",)) -> Collected:
    """Return what every module of a package can say.

    Args:
        package: Folder of the package.
        leave_out: Folders below it that are not read.
    """
    found: list[Template] = []
    passed_on: list[str] = []
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if name.startswith(tuple(leave_out)):
            continue
        module = ".".join((package.name, *name.removesuffix(".py").removesuffix("/__init__").split("/")))
        one = read_templates(path.read_bytes(), module)
        found += one.found
        passed_on += one.passed_on
    return Collected(tuple(found), tuple(passed_on))
