"""Walks expressions without recursion, so that a thousand concatenated strings are no deeper than one."""

from __future__ import annotations

import ast
from collections.abc import Callable
from operator import attrgetter

from overt.lint.frames import COMPREHENSION, DROPPED, FUNCTION, Event, Frame, chain
from overt.lint.names import ARGUMENT_MUTATORS, MUTATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from overt.lint.collect import Collector

FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in {"ctx", "op", "ops", "kind", "conversion", "attr", "id"})
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
} | {ast.Constant: ()}
HANDED_ON = frozenset(MUTATORS) | {"local", "_local"}
"""Attributes that matter where they stand for themselves, neither called nor changed."""
LEAVES = frozenset({ast.Name, ast.Constant, type(None), str, int})
"""What has nothing in it that could be done: names, constants, and what stands in a field instead of a node."""

_TYPES = frozenset({"dict", "list", "set", "OrderedDict", "deque"})
"""Types whose methods may be called with the container as first argument: `dict.update(rows, ...)`."""
_VALUE = attrgetter("value")
_EMPTY = frozenset({ast.Constant, type(None), str, int})
PLAIN_VALUES = frozenset(
    {ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Constant, ast.JoinedStr}
)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def parts(node: ast.AST) -> list[Any]:
    """Return what stands in a node, constants left out."""
    found: list[Any] = []
    for field in FIELDS[node.__class__]:
        value = getattr(node, field, None)
        if value.__class__ is list:
            for child in value:
                if child.__class__ not in _EMPTY:
                    found.append(child)  # noqa: PERF401  # most lists are short or empty: a comprehension costs more
        elif value.__class__ not in _EMPTY:
            found.append(value)
    return found


def walk_expression(seen: Collector, root: ast.AST, *, traits: int = 0) -> None:
    """Collect what an expression does.

    This is the innermost loop of a check: it asks for the kind of a node once, and puts only what may do something
    on the stack.

    Args:
        seen: What is collected.
        root: The expression.
        traits: Circumstances of the outermost call only, for example that its result is dropped.
    """
    leaves, watched = LEAVES, seen.watched
    if root.__class__ in leaves:
        return
    stack: list[Any] = [root]
    push = stack.append
    while stack:
        node = stack.pop()
        kind = node.__class__
        if kind is ast.Attribute:
            if node.attr in HANDED_ON:
                _handed_on(seen, node)
            if node.value.__class__ not in leaves:
                push(node.value)
        elif kind is ast.Call:
            called = node.func
            if called.__class__ is ast.Attribute:
                name, called = called.attr, called.value
            else:
                name = getattr(called, "id", "")
            if name in watched:
                _call(seen, node, root, traits)
            for part in (called, *node.args, *map(_VALUE, node.keywords)):
                if part.__class__ not in leaves:
                    push(part)
        elif kind in _SPECIAL:
            _SPECIAL[kind](seen, node, stack, traits)
        else:
            _parts(node, kind, push)


def _parts(node: Any, kind: type, push: Callable[[Any], None]) -> None:
    """Put what stands in a node on the stack."""
    leaves = LEAVES
    for field in FIELDS[kind]:
        value = getattr(node, field, None)
        if value.__class__ is list:
            for part in value:
                if part.__class__ not in leaves:
                    push(part)
        elif value.__class__ not in leaves:
            push(value)


def _await(seen: Collector, node: ast.Await, _stack: list[ast.AST], traits: int) -> None:
    walk_expression(seen, node.value, traits=traits & ~DROPPED)


def _walrus(seen: Collector, node: ast.NamedExpr, stack: list[ast.AST], _traits: int) -> None:
    frame = seen.frame
    while frame.kind == COMPREHENSION and frame.parent is not None:
        frame = frame.parent
    seen.bind(node.target.id, node.value, node.target, frame=frame)
    stack.append(node.value)


def _lambda(seen: Collector, node: ast.Lambda, stack: list[ast.AST], _traits: int) -> None:
    stack.extend(value for value in (*node.args.defaults, *node.args.kw_defaults) if value is not None)
    frame = Frame(FUNCTION, seen.holder if node is seen.held else "<lambda>", seen.frame, node)
    seen.enter_function(frame, node.args)
    walk_expression(seen, node.body)
    seen.leave_function()


def _comprehension(
    seen: Collector,
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
    stack: list[ast.AST],
    _traits: int,
) -> None:
    stack.append(node.generators[0].iter)
    frame = Frame(COMPREHENSION, "<comprehension>", seen.frame, node)
    seen.frame = frame
    for index, generator in enumerate(node.generators):
        seen.target(generator.target, None)
        if index:
            walk_expression(seen, generator.iter)
        for condition in generator.ifs:
            walk_expression(seen, condition)
    parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    for part in parts:
        walk_expression(seen, part)
    seen.close()


_SPECIAL: dict[type, Callable[..., None]] = {
    ast.Await: _await,
    ast.NamedExpr: _walrus,
    ast.Lambda: _lambda,
    **dict.fromkeys(_COMPREHENSIONS, _comprehension),
}


def _call(seen: Collector, node: ast.Call, outermost: ast.AST, traits: int) -> None:
    """Take note of a call of a name that is watched."""
    if node is not outermost:
        traits = 0
    called = node.func
    if isinstance(called, ast.Attribute):
        name, owner = called.attr, called.value
        if name == "acquire":
            seen.acquired(str(getattr(owner, "attr", None) or getattr(owner, "id", "")))
        if isinstance(owner, ast.Name) and name in MUTATORS and is_plain_local(seen.frame, owner.id):
            return
    found = chain(called)
    if found is None:
        return
    root, steps = found
    if _changes_argument(seen, node, (root, *steps)):
        return
    event = seen.event("call", root, steps, node, traits)
    if node is seen.held:
        event.holder = seen.holder


def _changes_argument(seen: Collector, node: ast.Call, names: tuple[str, ...]) -> bool:
    """Take note of `setattr(x, ...)`, `heappush(x, ...)` and kin: it is their first argument that changes."""
    name = names[-1]
    of_type = name in MUTATORS and len(names) == 2 and names[0] in _TYPES
    if (
        not node.args
        or (name not in ARGUMENT_MUTATORS and not of_type)
        or (name == "shuffle" and len(names) > 1 and names[0] != "random")
    ):
        return False
    found = chain(node.args[0])
    if found is None:
        return True
    if name in {"setattr", "delattr"}:
        if len(names) == 1 and len(node.args) > 1:
            given = node.args[1]
            attribute = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else "*"
            event = seen.event("store", found[0], (*found[1], attribute), node)
            event.value = node.args[2] if len(node.args) > 2 else None
        return True
    seen.event("call", found[0], (*found[1], name), node)
    return True


def _handed_on(seen: Collector, node: ast.Attribute) -> None:
    """Take note of what is given to somebody else to call: `map(rows.append, ...)`, `make(threading.local)`."""
    if node.attr not in MUTATORS:
        seen.handed = True
        return
    found = chain(node)
    if found is not None and not is_plain_local(seen.frame, found[0]):
        seen.event("call", *found, node)


def is_plain_local(frame: Frame, name: str) -> bool:
    """Tell whether a name is certainly a local value of its own, so that changing it concerns nobody else."""
    bindings = frame.bound.get(name)
    if not bindings or frame.kind != FUNCTION or name == frame.first or name in frame.defaults or name in frame.imports:
        return False
    return all(value is None or value.__class__ in PLAIN_VALUES for value, _ in bindings)


def make_event(seen: Collector, op: str, root: str, steps: tuple[str, ...], node: ast.AST, traits: int) -> Event:
    """Return an event of the scope that is open, with its circumstances."""
    frame: Frame | None = seen.frame
    while frame is not None and frame.kind == COMPREHENSION:
        frame = frame.parent
    function = frame if frame is not None and frame.kind == FUNCTION else None
    if frame is not None and frame.kind != FUNCTION:
        # A class body inside a function runs when the function does.
        around = frame.parent
        while around is not None and around.kind != FUNCTION:
            around = around.parent
        function = around
    return Event(op, root, steps, node, function, seen.traits | traits)
