"""What the names of a module and the attributes of its classes stand for."""

from __future__ import annotations

import ast

from overt.lint.collect import Collector
from overt.lint.frames import Binding, ClassInfo, chain
from overt.lint.names import CONTAINERS, CONTEXT_VARIABLES, FRAMEWORK_LOCALS, THREAD_LOCALS, WEAK_CONTAINERS

THREAD_LOCAL, CONTEXT, CONTAINER, WEAK = "thread-local", "context variable", "container", "weak container"
CLASS, FUNCTION, IMPORT, INSTANCE, OTHER = "class", "function", "import", "instance", "other"
_FRAMEWORK = "framework local"
_ORDER = (THREAD_LOCAL, _FRAMEWORK, CONTEXT, WEAK, CONTAINER, CLASS, FUNCTION, IMPORT, INSTANCE, OTHER)
_LITERALS = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
}

Kind = tuple[str, str]
_ALIAS_DEPTH = 5


class Kinds:
    """Answers what a value is, from how it is made.

    Answers about names are kept: a name may be bound a thousand times and asked about as often.

    Args:
        seen: The walked module, to its end.
    """

    def __init__(self, seen: Collector) -> None:
        self._module = seen.module
        self._names: dict[str, Kind] = {}
        self._definitions: dict[str, ast.AST | None] = {}
        self._local_classes = {info.node.name: info for info in seen.classes if info.frame.parent is seen.module}

    def dotted(self, root: str, steps: tuple[str, ...]) -> tuple[str, ...]:
        """Return a name with its import resolved, part by part."""
        imported = self._module.imports.get(root)
        return (*(imported.split(".") if imported else (root,)), *steps)

    def followed(self, root: str, steps: tuple[str, ...]) -> tuple[str, ...]:
        """Return a name with what it is another name for: `TL = threading.local`, then its import."""
        for _ in range(_ALIAS_DEPTH):
            bindings = self._module.bound.get(root, ())
            found = chain(bindings[0][0]) if len(bindings) == 1 and root not in self._module.imports else None
            if found is None or found[0] == root or "()" in found[1]:
                break
            root, steps = found[0], (*found[1], *steps)
        return self.dotted(root, steps)

    def of_name(self, name: str) -> Kind:
        """Return what a name of the module stands for and how it was made; the most telling of its bindings."""
        known = self._names.get(name)
        if known is None:
            found = [self._of_binding(binding) for binding in self._module.bound.get(name, ())]
            if name in self._module.imports:
                found.append((IMPORT, self._module.imports[name]))
            known = self._names[name] = min(found, key=lambda kind: _ORDER.index(kind[0]), default=(OTHER, ""))
        return known

    def definition(self, name: str) -> ast.AST | None:
        """Return where a name of the module is bound: where it is made into what it is."""
        if name not in self._definitions:
            kind = self.of_name(name)
            bindings = self._module.bound.get(name, [])
            best = next((node for value, node in bindings if self._of_binding((value, node)) == kind), None)
            self._definitions[name] = best or next((node for _, node in bindings), None)
        return self._definitions[name]

    def _of_binding(self, binding: Binding) -> Kind:
        value, node = binding
        if value is not None:
            return self.of_value(value)
        if isinstance(node, ast.ClassDef):
            return CLASS, node.name
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return FUNCTION, node.name
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return IMPORT, ""
        return OTHER, ""

    def of_value(self, value: ast.AST | None, depth: int = 0) -> Kind:
        """Return what an expression makes."""
        if value is None or depth > 8:
            return OTHER, ""
        literal = _LITERALS.get(value.__class__)
        if literal:
            return CONTAINER, literal
        if isinstance(value, ast.Call):
            return self._of_call(value)
        parts: tuple[ast.expr, ...] = ()
        if isinstance(value, ast.IfExp):
            parts = (value.body, value.orelse)
        elif isinstance(value, ast.BoolOp):
            parts = tuple(value.values[-1:])
        elif isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Mult, ast.Add, ast.BitOr)):
            parts = (value.left, value.right)
        elif isinstance(value, ast.NamedExpr):
            parts = (value.value,)
        found = [self.of_value(part, depth + 1) for part in parts]
        return min(found, key=lambda kind: _ORDER.index(kind[0]), default=(OTHER, ""))

    def _of_call(self, value: ast.Call) -> Kind:
        found = chain(value.func)
        if found is None:
            return INSTANCE, ""
        steps = found[1][:-1] if found[1][-1:] == ("[]",) else found[1]
        name = ".".join(self.followed(found[0], steps))
        own = self._local_classes.get(name)
        if own is not None:
            return self.of_class(own)
        for names, kind in _MADE_BY:
            if name in names:
                return kind, name
        return INSTANCE, name

    def of_class(self, info: ClassInfo, depth: int = 0) -> Kind:
        """Return what the instances of a class of the module are, by its bases and theirs."""
        for root, steps in info.bases:
            base = self._local_classes.get(root) if not steps and depth < _ALIAS_DEPTH else None
            inherited = self.of_class(base, depth + 1)[0] if base is not None and base is not info else INSTANCE
            if inherited != INSTANCE:
                return inherited, info.node.name
            name = ".".join(self.followed(root, steps[:-1] if steps[-1:] == ("[]",) else steps))
            for names, kind in _MADE_BY:
                if name in names:
                    return kind, info.node.name
        return INSTANCE, info.node.name


_MADE_BY = (
    (THREAD_LOCALS, THREAD_LOCAL),
    (FRAMEWORK_LOCALS, _FRAMEWORK),
    (CONTEXT_VARIABLES, CONTEXT),
    (WEAK_CONTAINERS, WEAK),
    (CONTAINERS, CONTAINER),
)
