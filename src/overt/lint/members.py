"""What the methods of a class, and others, do to what its instances share."""

from __future__ import annotations

import ast

from overt.lint import kinds
from overt.lint.collect import Collector, guess
from overt.lint.expressions import parts
from overt.lint.frames import BUILDS, DROPPED, RMW, ClassInfo, Event, chain
from overt.lint.gather import action, mutation, reads_itself
from overt.lint.statements import CLASS_METHODS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from overt.lint.resolve import Resolver

_TEST_SET_UP = frozenset(
    {"setUpClass", "tearDownClass", "setup_class", "teardown_class", "setUpTestData", "setUpModule", "tearDownModule"}
)
_COPYING_BASES = frozenset(
    {"BaseModel", "BaseSettings", "SQLModel", "Struct", "NamedTuple", "TypedDict", "Schema", "Document", "Table"}
)
_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})
_BASE_DEPTH = 12


class Members:
    """Settles what concerns classes.

    Args:
        seen: The walked module.
        resolver: Who settles what turns out not to concern a class.
        tree: The syntax tree of the module.
    """

    def __init__(self, seen: Collector, resolver: Resolver, tree: ast.Module) -> None:
        self._seen, self._resolver, self._tree = seen, resolver, tree
        self._users: dict[str, set[str]] | None = None
        self._heirs: dict[int, list[ClassInfo]] | None = None
        self._module_classes = {info.node.name: info for info in seen.classes if info.frame.parent is seen.module}

    def settle(self) -> None:
        """Settle what the methods of every class did through `self` and `cls`."""
        for info in self._seen.classes:
            for event in info.events:
                self._through_self(info, event)

    def on_class(self, event: Event) -> None:
        """Settle an event on a class of the module, by its name."""
        info = self._module_classes.get(event.root)
        if info is None or not event.steps:
            return
        steps = event.steps[1:] if event.steps[0] == "__class__" else event.steps
        self._on_attribute(info, event, steps, through_class=True)

    def _through_self(self, info: ClassInfo, event: Event) -> None:
        steps = event.steps
        through_class = steps[:1] == ("__class__",)
        if through_class:
            steps = steps[1:]
        if steps[:1] == ("__dict__",):
            return
        if steps and not through_class and self._is_own(info, steps[0]):
            self._on_instance(info, event, steps)
        elif steps:
            self._on_attribute(info, event, steps, through_class=through_class)

    def _is_own(self, info: ClassInfo, name: str) -> bool:
        return any(name in each.assigned for each in self._lineage(info))

    def _lineage(self, info: ClassInfo) -> list[ClassInfo]:
        """Return a class and those of its bases that are in the same file, nearest first."""
        found, queue = [info], list(info.bases)
        while queue and len(found) < _BASE_DEPTH:
            root, steps = queue.pop(0)
            base = self._module_classes.get(root) if not steps else None
            if base is not None and base not in found:
                found.append(base)
                queue.extend(base.bases)
        return found

    def _on_instance(self, info: ClassInfo, event: Event, steps: tuple[str, ...]) -> None:
        """Follow `self.x` to what it was assigned, for the methods whose result matters."""
        if event.op != "call" or len(steps) != 2:
            return
        value = next((each.assigned[steps[0]] for each in self._lineage(info) if steps[0] in each.assigned), None)
        made = chain(value) if isinstance(value, ast.Call) else None
        if made is not None:
            event.root, event.steps = "", self._resolver.kinds.dotted(made[0], (*made[1], *steps[1:]))
            event.holder = event.holder or (steps[0] if steps[1] == "start" else "")
            self._resolver.settle(event)
            return
        guessed = guess(steps[0], steps[1])
        if guessed is not None and event.traits & DROPPED:
            event.root, event.steps = "", guessed
            self._resolver.settle(event)

    def _on_attribute(self, info: ClassInfo, event: Event, steps: tuple[str, ...], *, through_class: bool) -> None:
        name = steps[0]
        if event.frame is None or name == "()":
            return
        if event.op in {"store", "delete"} and len(steps) == 1:
            if through_class and not self._constructs(info, event) and not _builds_method(event, name):
                self._rebound(info, event, name)
            return
        sort = mutation(event, steps[1:])
        if not sort:
            return
        above = next((each for each in self._lineage(info) if name in each.frame.bound), None)
        for owner in self._below(info, name) if above is None else [above]:
            bindings = owner.frame.bound[name]
            if not bindings:
                continue
            value, node = bindings[-1]
            kind, made = self._resolver.kinds.of_value(value)
            if kind in {kinds.CONTAINER, kinds.WEAK} and not _is_copied(owner, name):
                self._mutated(owner, event, name, node, (kind, made, sort))

    def _below(self, info: ClassInfo, name: str) -> list[ClassInfo]:
        """Return the subclasses in the same file that bind a name which the class itself leaves to them."""
        if self._heirs is None:
            self._heirs = {}
            for each in self._seen.classes:
                for base in self._lineage(each):
                    self._heirs.setdefault(id(base), []).append(each)
        heirs = self._heirs[id(info)]
        return [each for each in heirs if name in each.frame.bound and not self._is_own(each, name)]

    def _mutated(
        self,
        owner: ClassInfo,
        event: Event,
        name: str,
        node: ast.AST | None,
        what: tuple[str, str, str],
    ) -> None:
        kind, made, sort = what
        gathering = self._resolver.gathering
        group = gathering.group("OV301", name, owner.frame.qualname, node, made)
        if kind == kinds.WEAK:
            group.traits.add("weak")
        traits = RMW if reads_itself(event, name, member=True) else 0
        if self._constructs(owner, event):
            traits |= BUILDS
        gathering.add(group, event, action(event), sort=sort, traits=traits)

    def _rebound(self, info: ClassInfo, event: Event, name: str) -> None:
        owner = next((each for each in self._lineage(info) if name in each.frame.bound), info)
        bindings = owner.frame.bound.get(name) or [(None, None)]
        gathering = self._resolver.gathering
        group = gathering.group("OV302", name, owner.frame.qualname, bindings[0][1], owner.node.name)
        gathering.add(group, event, "rebound", traits=RMW if reads_itself(event, name, member=True) else 0)

    def _constructs(self, info: ClassInfo, event: Event) -> bool:
        """Tell whether an event is part of making the class, or of setting up a test class."""
        frame = event.frame
        if frame is not None and frame.builds:
            return True
        while frame is not None:
            if frame.name in _TEST_SET_UP or (frame.name == "__new__" and self._is_enum(info)):
                return True
            if frame.klass is not None and self._helps_constructing(frame.name):
                return True
            frame = frame.parent
        return False

    def _is_enum(self, info: ClassInfo) -> bool:
        return any(_base_names(each) & _ENUMS for each in self._lineage(info))

    def _helps_constructing(self, name: str) -> bool:
        """Tell whether a private method is used only where classes are made: from their own hooks, or at import."""
        if not name.startswith("_") or name.endswith("__"):
            return False
        if self._users is None:
            self._users = _attribute_users(self._tree)
        users = self._users.get(name)
        return users is not None and all(
            user in CLASS_METHODS or user == "" or self._resolver.gathering.runs_at_import(user) for user in users
        )


def _builds_method(event: Event, name: str) -> bool:
    """Tell whether a class method gives its class a special method, which is to build the class."""
    frame = event.frame
    through_cls = frame is not None and frame.via_class and event.root == frame.first
    return through_cls and name.startswith("__") and name.endswith("__")


def _attribute_users(tree: ast.Module) -> dict[str, set[str]]:
    """Return for each private attribute the names of the functions that read it; empty for what runs at import."""
    found: dict[str, set[str]] = {}
    scopes: list[tuple[str, list[Any]]] = [("", [tree])]
    while scopes:
        user, stack = scopes.pop()
        while stack:
            node = stack.pop()
            kind = node.__class__
            if kind is ast.Attribute:
                if node.attr.startswith("_"):
                    found.setdefault(node.attr, set()).add(user)
                stack.append(node.value)
            elif kind is ast.FunctionDef or kind is ast.AsyncFunctionDef:
                scopes.append((node.name, parts(node)))
            elif kind is ast.Lambda:
                scopes.append(("<lambda>", parts(node)))
            elif kind is not ast.Name:
                stack += parts(node)
    return found


def _base_names(info: ClassInfo) -> set[str]:
    return {(steps[-1:] or (root,))[0] for root, steps in info.bases}


def _is_copied(owner: ClassInfo, name: str) -> bool:
    """Tell whether the container is only a default that every instance gets a copy of, or a member of an enum."""
    names = _base_names(owner)
    if names & _ENUMS:
        return True
    annotation = owner.annotations.get(name)
    if annotation is None or not names & _COPYING_BASES:
        return False
    found = chain(annotation.value if isinstance(annotation, ast.Subscript) else annotation)
    return found is None or "ClassVar" not in (found[0], *found[1][-1:])
