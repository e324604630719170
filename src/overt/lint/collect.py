"""One walk over a module that collects every event that a rule may want, scopes resolved as they close."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from overt.lint.expressions import make_event, walk_expression
from overt.lint.frames import (
    ALIASED,
    CLASS,
    COMPREHENSION,
    ENTRY,
    FUNCTION,
    LOCK,
    MODULE,
    SLICE,
    UNUSED,
    ClassInfo,
    Event,
    Frame,
    chain,
)
from overt.lint.names import THREAD_LOCALS, WATCHED
from overt.lint.places import is_lock
from overt.lint.statements import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HANDLES = frozenset({"create_task", "ensure_future", "submit", "run_coroutine_threadsafe", "run_in_executor"})
_ARGUMENT = (None, None)
_CHOICES = frozenset({ast.BoolOp, ast.IfExp})
_CALLED = WATCHED | {"acquire"}


class Collector:
    """What the walk over one module has seen so far."""

    def __init__(self) -> None:
        self.module = Frame(MODULE, "", None)
        self.frame = self.module
        self.classes: list[ClassInfo] = []
        self.found: list[Event] = []
        self.traits = 0
        self.has_entry = False
        self.aliases: set[str] = set()
        self.deleted: set[str] = set()
        self.stars: list[str] = []
        self.taken: list[str] = []
        self.handed = False
        self.lazy: set[str] = set()
        self.watched: AbstractSet[str] = _CALLED
        self.held: ast.AST | None = None
        self._holding: ast.AST | None = None
        self.kept: set[int] = set()
        self.folders: frozenset[str] = frozenset()
        self._statements = table()

    def collect(self, tree: ast.Module) -> None:
        """Walk a whole module."""
        for statement in tree.body:
            if isinstance(statement, ast.ImportFrom):
                self._note_aliases(statement)
            elif isinstance(statement, ast.Assign):
                self.rename(statement)
        self.body(tree.body)

    def release(self) -> None:
        """Cut the circles between events, scopes and classes, so that all is freed without the garbage collector."""
        self.found.clear()
        self.module.events.clear()
        for info in self.classes:
            info.events.clear()
            info.frame.klass = None

    def _note_aliases(self, node: ast.ImportFrom) -> None:
        for name in node.names:
            if name.asname and name.name in WATCHED:
                self.alias(name.asname)

    def rename(self, node: ast.Assign) -> None:
        """Take note of another name for something watched: `memo = functools.cache`, `add = rows.append`."""
        value, target = node.value, node.targets[0]
        if isinstance(value, ast.Call):
            value = value.func
            if getattr(value, "attr", None) != "lru_cache" and getattr(value, "id", None) != "lru_cache":
                return
        if isinstance(target, ast.Name) and (getattr(value, "attr", None) or getattr(value, "id", None)) in WATCHED:
            self.alias(target.id)

    def alias(self, name: str) -> None:
        """Take note of a name that something watched is known by."""
        if name not in self.aliases:
            self.aliases.add(name)
            self.watched = _CALLED | self.aliases

    def body(self, statements: Sequence[ast.stmt]) -> None:
        """Walk statements in order."""
        handlers = self._statements
        for statement in statements:
            handlers[statement.__class__](self, statement)

    def inside(self, statements: Sequence[ast.stmt], traits: int) -> None:
        """Walk statements under further circumstances."""
        saved = self.traits
        self.traits = saved | traits
        self.body(statements)
        self.traits = saved

    def hold(self, target: ast.expr, value: ast.expr) -> None:
        """Remember what the result of a call is assigned to."""
        self.held, self._holding = value, target

    @property
    def holder(self) -> str:
        """Name that the result is assigned to; empty when it is none."""
        found = chain(self._holding)
        return ".".join((found[0], *found[1])) if found else ""

    def imported(self, name: str, dotted: str, node: ast.AST) -> None:
        """Bind a name to what was imported."""
        if name in self.frame.globals:
            self.bind(name, None, node)
            self.lazy.add(name)
            self.module.imports.setdefault(name, dotted)
            return
        if dotted in THREAD_LOCALS:
            self.handed = True
        known = self.frame.imports.get(name)
        # Of `try: from threading import local` and what stands in for it, the standard library's name tells more.
        if known is None or known.partition(".")[0] not in sys.stdlib_module_names:
            self.frame.imports[name] = dotted
        self.frame.bound.setdefault(name, []).append((None, node))

    def acquired(self, name: str) -> None:
        """Take note that the rest of the function holds a lock."""
        if is_lock(name):
            self.traits |= LOCK

    def event(self, op: str, root: str, steps: tuple[str, ...], node: ast.AST, traits: int = 0) -> Event:
        """Record an event in the scope that is open and return it."""
        event = make_event(self, op, root, steps, node, traits)
        self.frame.events.append(event)
        return event

    def bind(self, name: str, value: ast.expr | None, node: ast.AST, *, frame: Frame | None = None) -> None:
        """Bind a name in a scope; after `global` it is the module that changes."""
        if frame is None:
            frame = self.frame
        if frame.globals and name in frame.globals and frame.parent is not None:
            event = make_event(self, "rebind", name, (), node, 0)
            event.value = value
            self.found.append(event)
            if value is not None:
                self.module.bound.setdefault(name, []).append((value, node))
            return
        known = frame.bound.get(name)
        if known is None:
            frame.bound[name] = [(value, node)]
        else:
            known.append((value, node))

    def target(self, node: ast.expr, value: ast.expr | None, *, op: str = "store", traits: int = 0) -> None:
        """Take note of what is assigned, deleted or looped over."""
        kind = node.__class__
        if kind is ast.Name:
            before = len(self.found)
            self.bind(node.id, value, node)  # type: ignore[attr-defined]
            if traits:
                for event in self.found[before:]:
                    event.traits |= traits
        elif isinstance(node, (ast.Tuple, ast.List)):
            same = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(node.elts)
            values = value.elts if same and isinstance(value, (ast.Tuple, ast.List)) else [None] * len(node.elts)
            for part, given in zip(node.elts, values, strict=True):
                self.target(part, given, op=op, traits=traits)
        elif kind is ast.Starred:
            self.target(node.value, None, op=op, traits=traits)  # type: ignore[attr-defined]
        else:
            self._place(node, value, op, traits)

    def _place(self, node: ast.expr, value: ast.expr | None, op: str, traits: int) -> None:
        if isinstance(node, ast.Attribute):
            owner = node.value
            frame = self.frame
            if isinstance(owner, ast.Name) and owner.id == frame.first and not frame.via_class and frame.klass:
                frame.klass.assigned.setdefault(node.attr, value)
                return
        elif isinstance(node, ast.Subscript):
            cut = node.slice
            if isinstance(cut, ast.Slice) and cut.lower is cut.upper is None:
                traits |= SLICE
            walk_expression(self, cut)
        found = chain(node)
        if found is not None:
            self.event(op, *found, node, traits).value = value
        inner = getattr(node, "value", None)
        if inner is not None:
            walk_expression(self, inner)

    def enter_function(self, frame: Frame, arguments: ast.arguments) -> None:
        """Open the scope of a function and bind its parameters."""
        bound = frame.bound
        for argument in arguments.args:
            bound[argument.arg] = [_ARGUMENT]
        if arguments.posonlyargs or arguments.kwonlyargs:
            for argument in (*arguments.posonlyargs, *arguments.kwonlyargs):
                bound[argument.arg] = [_ARGUMENT]
        if arguments.vararg is not None:
            bound[arguments.vararg.arg] = [_ARGUMENT]
        if arguments.kwarg is not None:
            bound[arguments.kwarg.arg] = [_ARGUMENT]
        frame.saved = self.traits
        self.traits &= ENTRY
        self.frame = frame

    def leave_function(self) -> None:
        """Close the scope of a function."""
        self.traits = self.frame.saved
        self.close()

    def close(self) -> None:
        """Close the open scope: what concerns its own names ends here, the rest concerns the scope around it."""
        frame = self.frame
        parent = frame.parent
        assert parent is not None
        self.frame = parent
        if frame.events:
            for event in frame.events:
                self._settle(event, frame)
            frame.events = []

    def _settle(self, event: Event, frame: Frame) -> None:
        """Hand an event to whoever owns its name."""
        for _ in range(6):
            root = event.root
            bindings = frame.bound.get(root)
            if root in frame.imports:
                event.steps = (*frame.imports[root].split("."), *event.steps)
                event.root = ""
                self._check_handle(event, frame)
                self.found.append(event)
                return
            if root in frame.globals or bindings is None or root in frame.nonlocals:
                self._check_handle(event, frame)
                self._outwards(event, frame)
                return
            moved = self._owner(event, frame, bindings)
            if moved is None:
                return
            event = moved

    def _outwards(self, event: Event, frame: Frame) -> None:
        if event.root in frame.globals:
            self.found.append(event)
            return
        parent = frame.parent
        # Names of a class body are not seen by the functions in it.
        while parent is not None and parent.kind == CLASS and frame.kind != COMPREHENSION:
            parent = parent.parent
        (parent.events if parent is not None and parent.parent is not None else self.found).append(event)

    def _owner(
        self, event: Event, frame: Frame, bindings: list[tuple[ast.expr | None, ast.AST | None]]
    ) -> Event | None:
        """Settle an event on a name of this scope; give the event it amounts to when the name is an alias."""
        root = event.root
        if len(bindings) != 1:
            return None
        if root == frame.first and frame.klass is not None:
            if frame.via_class and event.steps[:1] != ("__class__",):
                event.steps = ("__class__", *event.steps)
            frame.klass.events.append(event)
            return None
        if root in frame.defaults and event.op in {"call", "store", "delete"}:
            event.value = frame.defaults[root]
            event.holder = root
            event.op = f"default-{event.op}"
            event.root = ""
            self.found.append(event)
            return None
        value = bindings[0][0]
        if value.__class__ in _CHOICES and event.steps:
            self._choose(event, value, frame)
            return None
        found = chain(value) if value is not None else None
        if found is not None and found[0] != root:
            moved = self._moved(event, found, frame)
            if id(value) in self.kept:
                moved.traits &= ~UNUSED
            return moved
        guessed = guess(root, event.steps[0]) if event.op == "call" and len(event.steps) == 1 else None
        if guessed is not None:
            event.root, event.steps = "", guessed
            self.found.append(event)
        return None

    def _choose(self, event: Event, value: Any, frame: Frame) -> None:
        """Settle an event on `x = a or b` or `x = a if c else b` as one on each of them."""
        for part in value.values if isinstance(value, ast.BoolOp) else (value.body, value.orelse):
            found = chain(part)
            if found is not None and found[0] != event.root and "()" not in found[1]:
                self._settle(event.moved(found[0], (*found[1], *event.steps)), frame)

    def _moved(self, event: Event, found: tuple[str, tuple[str, ...]], frame: Frame) -> Event:
        handle = event.root
        moved = event.moved(found[0], (*found[1], *event.steps))
        if event.op == "call" and event.steps == ("start",) and not _is_used(frame, handle):
            moved.traits |= UNUSED
        return moved

    def _check_handle(self, event: Event, frame: Frame) -> None:
        """Mark a task or thread whose only name is never read again."""
        holder = event.holder
        if not holder or event.traits & ALIASED or not event.steps or frame.kind != FUNCTION:
            return
        if event.steps[-1] in _HANDLES and holder in frame.bound and not _is_used(frame, holder):
            event.traits |= UNUSED


def guess(name: str, method: str) -> tuple[str, ...] | None:
    """Return what a parameter named `loop` or `executor` most likely is, for the methods whose result matters."""
    low = name.lower()
    if method in {"create_task", "run_in_executor", "add_signal_handler"} and low.endswith("loop"):
        return ("asyncio", "get_running_loop", "()", method)
    if method == "submit" and low.endswith(("executor", "pool")):
        return ("concurrent", "futures", "ThreadPoolExecutor", "()", method)
    return None


def _is_used(frame: Frame, name: str) -> bool:
    """Tell whether a local name is used for more than starting what it holds."""
    if frame.used is None:
        assert frame.node is not None
        frame.used = _used_names(frame.node)
    return name in frame.used


def _used_names(scope: ast.AST) -> set[str]:
    """Return the names that are read in a scope for more than starting what they hold."""
    harmless: set[int] = set()
    used: set[str] = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            stored = isinstance(node.ctx, ast.Store)
            if node.attr in {"start", "setDaemon", "setName", "set_name"} or (
                stored and node.attr in {"daemon", "name"}
            ):
                harmless.add(id(node.value))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in harmless:
            used.add(node.id)
    return used
