"""What each kind of statement means to the collector."""

from __future__ import annotations

import ast
from collections.abc import Callable

from overt.lint.expressions import FIELDS, LEAVES, walk_expression
from overt.lint.frames import (
    CLASS,
    DROPPED,
    ENTRY,
    FINALLY,
    FUNCTION,
    LAZY,
    LOCK,
    LOOP,
    MODULE,
    RMW,
    SCOPED,
    ClassInfo,
    Frame,
    chain,
)
from overt.lint.names import DECORATORS, WATCHED
from overt.lint.places import asks_if_missing, is_lock, is_main_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.collect import Collector

ENTRY_FUNCTIONS = frozenset(
    {"main", "_main", "cli", "entry", "entrypoint", "run_from_command_line"}
    | {"pytest_cmdline_main", "pytest_configure", "pytest_load_initial_conftests", "pytest_sessionstart"}
)
"""Functions that a program begins with; pytest's hooks are those of a test run."""
CLASS_METHODS = frozenset({"__init_subclass__", "__class_getitem__", "__new__", "__prepare__"})
_METACLASS_FIRST = frozenset({"mcs", "mcls", "metacls", "metaclass"})
_METACLASS_ENDS = ("Meta", "MetaClass", "Metaclass", "EnumType")


def _assign(seen: Collector, node: ast.Assign) -> None:
    value = node.value
    if value.__class__ is ast.Call or (value.__class__ is ast.Lambda and node.targets[0].__class__ is ast.Name):
        seen.hold(node.targets[0], value)
    if value.__class__ is ast.Attribute and node.targets[0].__class__ is ast.Name:
        # Another name for it is followed to where it is used.
        seen.rename(node)
        walk_expression(seen, value.value)
    elif value.__class__ not in LEAVES:
        walk_expression(seen, value)
    for target in node.targets:
        if target.__class__ is ast.Name:
            seen.bind(target.id, value, target)
        else:
            seen.target(target, value)
    if len(node.targets) > 1 and any(target.__class__ is not ast.Name for target in node.targets):
        # `self._thread = thread = Thread(...)`: whoever has the name need not keep it.
        seen.kept.add(id(value))


def _annotated(seen: Collector, node: ast.AnnAssign) -> None:
    if node.value is None:
        if isinstance(node.target, ast.Name) and node.target.id not in seen.frame.globals:
            seen.frame.bound.setdefault(node.target.id, [])
        return
    if node.value.__class__ is ast.Call:
        seen.hold(node.target, node.value)
    walk_expression(seen, node.value)
    if seen.frame.kind == CLASS and isinstance(node.target, ast.Name) and seen.frame.klass is not None:
        seen.frame.klass.annotations[node.target.id] = node.annotation
    seen.target(node.target, node.value)


def _augmented(seen: Collector, node: ast.AugAssign) -> None:
    walk_expression(seen, node.value)
    if isinstance(node.target, ast.Name) and node.target.id not in seen.frame.globals and seen.frame.kind != FUNCTION:
        return
    seen.target(node.target, None, traits=RMW)


def _delete(seen: Collector, node: ast.Delete) -> None:
    for target in node.targets:
        if not isinstance(target, ast.Name) or target.id in seen.frame.globals:
            seen.target(target, None, op="delete")
        elif seen.frame.kind == MODULE:
            seen.deleted.add(target.id)


def _expression(seen: Collector, node: ast.Expr) -> None:
    if node.value.__class__ is not ast.Constant:
        walk_expression(seen, node.value, traits=DROPPED)


def _return(seen: Collector, node: ast.Return) -> None:
    if node.value.__class__ not in LEAVES:
        walk_expression(seen, node.value)  # type: ignore[arg-type]


def _value(seen: Collector, node: ast.Raise | ast.Assert) -> None:
    for field in FIELDS[node.__class__]:
        value = getattr(node, field)
        if value is not None:
            walk_expression(seen, value)


def _names_type_checking(test: ast.expr) -> bool:
    found = chain(test)
    return found is not None and "TYPE_CHECKING" in (found[0], *found[1][-1:])


def is_entry_function(name: str) -> bool:
    """Tell whether a function of the module is by its name what a program begins with."""
    return name in ENTRY_FUNCTIONS


_CHAINS = frozenset({ast.Name, ast.Attribute, ast.Call, ast.Subscript})


def _if(seen: Collector, node: ast.If) -> None:
    # An `elif` is an `if` inside `else`: walked in a loop, so that a thousand of them are no deeper than one.
    current: ast.If | None = node
    while current is not None:
        test, extra = current.test, 0
        kind = test.__class__
        if kind is ast.Compare or kind is ast.UnaryOp:
            if is_main_guard(test):
                extra, seen.has_entry = ENTRY, True
            elif asks_if_missing(test):
                extra = LAZY
        if kind not in _CHAINS or not _names_type_checking(test):
            if kind not in LEAVES:
                walk_expression(seen, test)
            seen.inside(current.body, extra)
        rest = current.orelse
        if len(rest) == 1 and isinstance(rest[0], ast.If):
            current = rest[0]
        else:
            current = None
            seen.body(rest)


def _for(seen: Collector, node: ast.For | ast.AsyncFor) -> None:
    walk_expression(seen, node.iter)
    seen.target(node.target, None)
    seen.inside(node.body, LOOP)
    seen.body(node.orelse)


def _while(seen: Collector, node: ast.While) -> None:
    walk_expression(seen, node.test)
    seen.inside(node.body, LOOP)
    seen.body(node.orelse)


def _with(seen: Collector, node: ast.With | ast.AsyncWith) -> None:
    extra = 0
    for item in node.items:
        found = chain(item.context_expr)
        if found is not None:
            names = (found[0], *found[1])
            if any(is_lock(name) for name in names):
                extra |= LOCK
            if "catch_warnings" in names:
                extra |= SCOPED
        walk_expression(seen, item.context_expr)
        if item.optional_vars is not None:
            seen.target(item.optional_vars, item.context_expr)
    seen.inside(node.body, extra)


def _try(seen: Collector, node: ast.Try) -> None:
    seen.body(node.body)
    for handler in node.handlers:
        if handler.type is not None:
            walk_expression(seen, handler.type)
        if handler.name:
            seen.bind(handler.name, None, handler)
        seen.body(handler.body)
    seen.body(node.orelse)
    seen.inside(node.finalbody, FINALLY)


def _match(seen: Collector, node: ast.Match) -> None:
    walk_expression(seen, node.subject)
    for case in node.cases:
        stack: list[ast.AST] = [case.pattern]
        while stack:
            pattern = stack.pop()
            name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
            if isinstance(name, str):
                seen.bind(name, None, pattern)
            stack.extend(ast.iter_child_nodes(pattern))
        if case.guard is not None:
            walk_expression(seen, case.guard)
        seen.body(case.body)


def _import(seen: Collector, node: ast.Import) -> None:
    for name in node.names:
        bound = name.asname or name.name.partition(".")[0]
        seen.taken.append(name.name)
        seen.imported(bound, name.name if name.asname else bound, node)


def _import_from(seen: Collector, node: ast.ImportFrom) -> None:
    base = "." * node.level + (node.module or "")
    for name in node.names:
        if name.name == "*":
            seen.stars.append(base)
            seen.taken.append(f"{base}.*" if not base.endswith(".") else f"{base}*")
            continue
        bound = name.asname or name.name
        dotted = f"{base}.{name.name}" if not base.endswith(".") else base + name.name
        seen.taken.append(f"{dotted}={bound}" if bound != name.name else dotted)
        if name.asname and name.name in WATCHED:
            seen.alias(name.asname)
        seen.imported(bound, dotted, node)


def _global(seen: Collector, node: ast.Global) -> None:
    if seen.frame.kind != MODULE:
        seen.frame.globals = seen.frame.globals.union(node.names)


def _nonlocal(seen: Collector, node: ast.Nonlocal) -> None:
    seen.frame.nonlocals = seen.frame.nonlocals.union(node.names)


def _decorators(seen: Collector, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    names: set[str] = set()
    for decorator in node.decorator_list:
        found = chain(decorator)
        walk_expression(seen, decorator)
        if found is None:
            continue
        root, steps = found
        name = next((step for step in reversed((root, *steps)) if step != "()"), root)
        names.add(name)
        if name in DECORATORS or name in seen.aliases:
            event = seen.event("decorate", root, steps, decorator)
            event.value, event.holder = node, "" if seen.frame.kind != CLASS else "method"
    return names


def _function(seen: Collector, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    decorators = _decorators(seen, node) if node.decorator_list else ()
    arguments, outer = node.args, seen.frame
    frame = Frame(FUNCTION, node.name, outer, node)
    if arguments.defaults or arguments.kw_defaults:
        _defaults(seen, frame, arguments)
    seen.bind(node.name, None, node)
    first = arguments.posonlyargs or arguments.args
    if first and outer.kind is CLASS and outer.klass is not None and "staticmethod" not in decorators:
        frame.first, frame.klass = first[0].arg, outer.klass
        outer.klass.is_metaclass = outer.klass.is_metaclass or frame.first in _METACLASS_FIRST
        frame.via_class = (
            "classmethod" in decorators
            or node.name in CLASS_METHODS
            or outer.klass.is_metaclass
            or frame.first == "cls"
        )
    seen.enter_function(frame, arguments)
    if is_entry_function(node.name) and outer.kind == MODULE:
        seen.traits |= ENTRY
    seen.body(node.body)
    seen.leave_function()


def _is_inside_function(frame: Frame | None) -> bool:
    """Tell whether a scope is made anew with every call of a function around it."""
    while frame is not None:
        if frame.kind == FUNCTION:
            return True
        frame = frame.parent
    return False


def _defaults(seen: Collector, frame: Frame, arguments: ast.arguments) -> None:
    """Walk the defaults of parameters, and note those that every call of a function shares."""
    telling = False
    for value in (*arguments.defaults, *arguments.kw_defaults):
        if value is not None and value.__class__ not in LEAVES:
            walk_expression(seen, value)
            telling = telling or value.__class__ in _SHARED
    if telling and not _is_inside_function(frame.parent):
        _note_defaults(frame, arguments)


_SHARED = frozenset({ast.List, ast.Dict, ast.Set, ast.Call})


def _note_defaults(frame: Frame, arguments: ast.arguments) -> None:
    positional = (*arguments.posonlyargs, *arguments.args)
    given = [*zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)]
    given += [(a, v) for a, v in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if v is not None]
    for argument, value in given:
        if value.__class__ in _SHARED:
            frame.defaults[argument.arg] = value


def _class(seen: Collector, node: ast.ClassDef) -> None:
    if node.decorator_list:
        _decorators(seen, node)
    seen.bind(node.name, None, node)
    frame = Frame(CLASS, node.name, seen.frame, node)
    info = ClassInfo(frame, node)
    for base in node.bases:
        found = chain(base)
        walk_expression(seen, base)
        if found is not None:
            info.bases.append(found)
            last = found[1][-1] if found[1] else found[0]
            if last in WATCHED or last in seen.aliases:
                seen.event("base", *found, node).holder = node.name
    for keyword in node.keywords:
        walk_expression(seen, keyword.value)
    info.is_metaclass = any(
        (steps[-1:] or (root,))[0].endswith(_METACLASS_ENDS) or (root, steps) == ("type", ())
        for root, steps in info.bases
    )
    seen.classes.append(info)
    frame.klass = info
    saved = seen.traits
    seen.frame = frame
    seen.body(node.body)
    seen.traits = saved
    seen.close()


def _nothing(seen: Collector, node: ast.stmt) -> None:
    """Take note of nothing: the statement neither binds nor changes anything."""


Handler = Callable[..., None]

STATEMENTS: dict[type, Handler] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.Return: _return,
    ast.Raise: _value,
    ast.Assert: _value,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Pass: _nothing,
    ast.Break: _nothing,
    ast.Continue: _nothing,
}


def _type_alias(seen: Collector, node: ast.AST) -> None:
    """Take note of the name that a `type` statement (Python 3.12) binds."""
    name = getattr(node, "name", None)
    if isinstance(name, ast.Name):
        seen.bind(name.id, None, node)


def table() -> dict[type, Handler]:
    """Return what to do for each kind of statement of this Python."""
    alias = getattr(ast, "TypeAlias", None)
    return {**STATEMENTS, alias: _type_alias} if alias is not None else STATEMENTS
