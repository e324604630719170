"""Scopes, and what happened in them."""

from __future__ import annotations

import ast

LOCK, RMW, SLICE, ENTRY = 1, 2, 4, 8
SCOPED, FINALLY, DROPPED, LOOP = 16, 32, 64, 128
UNUSED, ALIASED, LAZY, BUILDS = 256, 512, 1024, 2048
"""Circumstances of an event, added up: a lock is held, the new value is made from the old one, all of it is replaced,
it is in an entry point; inside catch_warnings, in a `finally`, its result is dropped, in a loop; its handle is not
used, the state was reached through another name, only when it was missing, while a class is made."""

CLASS_HOOKS = frozenset({"__init_subclass__", "__class_getitem__", "__prepare__", "__set_name__"})
"""Methods that Python calls while it makes a class; `__new__` makes an instance, except in a metaclass."""

MODULE, CLASS, FUNCTION, COMPREHENSION = "module", "class", "function", "comprehension"

_NONE: frozenset[str] = frozenset()

Steps = tuple[str, ...]
Binding = tuple["ast.expr | None", "ast.AST | None"]


class ClassInfo:
    """A class statement: what its body binds and what its methods do to it.

    Args:
        frame: The scope of its body.
        node: The statement.
    """

    __slots__ = ("annotations", "assigned", "bases", "events", "frame", "is_metaclass", "node")

    def __init__(self, frame: Frame, node: ast.ClassDef) -> None:
        self.frame, self.node = frame, node
        self.bases: list[tuple[str, Steps]] = []
        self.assigned: dict[str, ast.expr | None] = {}
        self.annotations: dict[str, ast.expr] = {}
        self.events: list[Event] = []
        self.is_metaclass = False


class Frame:
    """One scope while it is open.

    Args:
        kind: Module, class, function or comprehension.
        name: Its own name.
        parent: The scope around it; None for the module.
        node: What it was made from.
    """

    __slots__ = (
        "bound",
        "defaults",
        "events",
        "first",
        "globals",
        "imports",
        "kind",
        "klass",
        "name",
        "node",
        "nonlocals",
        "parent",
        "saved",
        "used",
        "via_class",
    )

    def __init__(self, kind: str, name: str, parent: Frame | None, node: ast.AST | None = None) -> None:
        self.kind, self.name, self.parent, self.node = kind, name, parent, node
        self.bound: dict[str, list[Binding]] = {}
        self.imports: dict[str, str] = {}
        self.globals: frozenset[str] = _NONE
        self.nonlocals: frozenset[str] = _NONE
        self.events: list[Event] = []
        self.klass: ClassInfo | None = None
        self.first = ""
        self.via_class = False
        self.defaults: dict[str, ast.expr] = {}
        self.saved = 0
        self.used: set[str] | None = None

    @property
    def qualname(self) -> str:
        """Dotted name inside the module; empty for the module itself."""
        names = []
        frame: Frame | None = self
        while frame is not None and frame.parent is not None:
            if frame.kind != COMPREHENSION:
                names.append(frame.name)
            frame = frame.parent
        return ".".join(reversed(names))

    @property
    def builds(self) -> bool:
        """Whether the scope is part of making a class: a hook of it, or a method of a metaclass.

        The `__call__` of a metaclass is none: it makes instances.
        """
        frame: Frame | None = self
        while frame is not None:
            in_metaclass = frame.kind == FUNCTION and frame.klass is not None and frame.klass.is_metaclass
            if frame.name in CLASS_HOOKS or (in_metaclass and frame.name != "__call__"):
                return True
            frame = frame.parent
        return False

    def outermost(self) -> Frame:
        """Return the scope directly below the module that this one is in."""
        frame = self
        while frame.parent is not None and frame.parent.parent is not None:
            frame = frame.parent
        return frame


class Event:
    """Something done to a name that is not yet known to be local or shared.

    Args:
        op: `call`, `store`, `delete`, `rebind`, `base` or `decorate`.
        root: The name it begins with.
        steps: What follows: attribute names, `()` for a call, `[]` for a subscript.
        node: Where it stands.
        frame: The function it happens in; None at import.
        traits: The circumstances above, added up.
        holder: Name that the result is assigned to; empty when it is not.
        value: What is assigned.
    """

    __slots__ = ("frame", "holder", "node", "op", "root", "steps", "traits", "value")

    def __init__(
        self,
        op: str,
        root: str,
        steps: Steps,
        node: ast.AST,
        frame: Frame | None,
        traits: int,
        *,
        holder: str = "",
        value: ast.AST | None = None,
    ) -> None:
        self.op, self.root, self.steps, self.node, self.frame = op, root, steps, node, frame
        self.traits, self.holder, self.value = traits, holder, value

    def moved(self, root: str, steps: Steps) -> Event:
        """Return the same event on what an alias stands for."""
        return Event(
            self.op,
            root,
            steps,
            self.node,
            self.frame,
            self.traits | ALIASED,
            holder=self.holder or self.root,
            value=self.value,
        )


_LONGEST_CHAIN = 24


def chain(node: ast.AST | None) -> tuple[str, Steps] | None:
    """Return the name an expression begins with and the steps from it, or None when it begins otherwise.

    `type(x)` counts as `x.__class__` and `vars(x)` as `x.__dict__`.

    Example:
        >>> chain(ast.parse("type(self).rows['a'].pop", mode="eval").body)
        ('self', ('__class__', 'rows', '[]', 'pop'))
    """
    steps: list[str] = []
    for _ in range(_LONGEST_CHAIN):
        if isinstance(node, ast.Name):
            steps.reverse()
            return node.id, tuple(steps)
        if isinstance(node, ast.Attribute):
            steps.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            # A slice of something is a copy of it; only as a target does it stand for the thing itself.
            steps.append("[:]" if isinstance(node.slice, ast.Slice) else "[]")
            node = node.value
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in {"type", "vars"} and len(node.args) == 1:
                steps.append("__class__" if called.id == "type" else "__dict__")
                node = node.args[0]
            else:
                steps.append("()")
                node = called
        elif isinstance(node, ast.NamedExpr):
            node = node.value
        else:
            return None
    return None
