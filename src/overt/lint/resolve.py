"""From events on names to facts about state: who owns the name decides which rule it concerns."""

from __future__ import annotations

import ast
import sys

from overt.lint import kinds
from overt.lint.collect import Collector
from overt.lint.frames import (
    DROPPED,
    ENTRY,
    FUNCTION,
    RMW,
    UNUSED,
    Event,
    Frame,
    chain,
)
from overt.lint.gather import Gathering, action, mutated, mutation, place_of, reads_itself
from overt.lint.importtime import ImportTime
from overt.lint.kinds import Kinds
from overt.lint.members import Members
from overt.lint.names import (
    CACHES,
    CALLS,
    CURRENT,
    DECIMAL_CONTEXT,
    FRAMEWORK_LOCALS,
    LEAST_ARGUMENTS,
    STORES,
    THREAD_LOCALS,
)
from overt.lint.places import (
    asks_for_root,
    is_inside_module,
    is_none,
    is_nothing,
    is_plain,
    is_static,
    is_unbounded,
    starts,
    symbol_of,
    takes_anything,
)
from overt.lint.results import Foreign
from overt.lint.statements import ENTRY_FUNCTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.records import Fact

_ALIAS_DEPTH = 5
_FOREIGN_ATTRIBUTES = frozenset({"argtypes", "restype", "errcheck", "__doc__", "__test__", "__module__"})
_RESULTS = frozenset({"OV601", "OV602", "OV603"})
_MADE = frozenset({"OV101", "OV102", "OV105"})


class Resolver:
    """Settles every event of one module.

    Args:
        seen: The walked module.
        tree: Its syntax tree.
    """

    def __init__(self, seen: Collector, tree: ast.Module) -> None:
        self._seen, self._module, self._tree = seen, seen.module, tree
        self.kinds = Kinds(seen)
        may_have_entry = seen.has_entry or not ENTRY_FUNCTIONS.isdisjoint(seen.module.bound)
        self.gathering = Gathering(ImportTime(tree, seen.deleted, may_have_entry=may_have_entry))
        self.foreign: list[Foreign] = []
        self.members = Members(seen, self, tree)

    def facts(self) -> list[Fact]:
        """Return what there is to judge, in the order of the file."""
        for event in (*self._module.events, *self._seen.found):
            self.settle(event)
        self.members.settle()
        self._wrapped()
        self._thread_locals()
        del self.members
        return sorted(self.gathering.facts(), key=lambda fact: (fact.line, fact.column, fact.code, fact.symbol))

    def settle(self, event: Event) -> None:
        """Settle one event."""
        if event.op.startswith("default-"):
            self._default(event)
        elif event.root == "":
            self._dotted(event, event.steps)
        elif event.op == "rebind":
            self._rebound(event)
        else:
            self._shared(event)

    def _default(self, event: Event) -> None:
        kind, made = self.kinds.of_value(event.value)
        sort = mutation(event, event.steps)
        if kind in {kinds.CONTAINER, kinds.WEAK} and sort and event.frame is not None:
            group = self.gathering.group("OV304", event.holder, event.frame.qualname, event.value, made)
            group.traits.add("default")
            self.gathering.add(group, event, event.steps[-1], sort=sort)

    def _rebound(self, event: Event) -> None:
        name = event.root
        kind, made = self.kinds.of_name(name)
        if kind == kinds.THREAD_LOCAL or event.frame is None or _makes_attribute(event.frame):
            return
        if name in self._seen.lazy and (
            isinstance(event.node, (ast.Import, ast.ImportFrom)) or is_nothing(event.value)
        ):
            # A module imported late is the same module for everybody; None stands for one that is not installed.
            return
        first = (self._module.bound.get(name) or [(None, None)])[0][1]
        node = first if first is not event.node else None
        group = self.gathering.group("OV201", name, "", node, made)
        sort = "add" if isinstance(event.value, ast.AST) else "change"
        rmw = RMW if reads_itself(event, name) else 0
        self.gathering.add(group, event, "rebound", sort=sort if not rmw else "change", traits=rmw)

    def _shared(self, event: Event) -> None:
        """Settle an event on a name that no function owns: it is the module's, or built in."""
        for _ in range(_ALIAS_DEPTH):
            name = event.root
            kind, made = self.kinds.of_name(name)
            # A container of the module that an import may replace is a container wherever the import fails.
            if name in self._module.imports and kind not in {kinds.CONTAINER, kinds.WEAK}:
                self._dotted(event, self.kinds.dotted(name, event.steps))
                return
            if name not in self._module.bound:
                self._dotted(event, (*self._star_of(name), name, *event.steps))
                return
            if kind not in {kinds.INSTANCE, kinds.OTHER}:
                self._owned(event, kind, made)
                return
            moved = self._followed(event)
            if moved is None:
                self._object(event, made)
                return
            event = moved
            if not event.root:
                self._dotted(event, event.steps)
                return

    def _star_of(self, name: str) -> tuple[str, ...]:
        """Return the module that a name comes from which nothing but `from module import *` can have bound."""
        for module in reversed(self._seen.stars):
            known = module.partition(".")[0] in sys.stdlib_module_names
            dotted = f"{module}{'' if module.endswith('.') else '.'}{name}"
            if not known or any(each == dotted or each.startswith(f"{dotted}.") for each in (*CALLS, *STORES, *CACHES)):
                return tuple(dotted.split(".")[:-1])
        return ()

    def _followed(self, event: Event) -> Event | None:
        """Return the event on what a module-level alias stands for; None when the name is an object of its own."""
        bindings = self._module.bound[event.root]
        found = chain(bindings[0][0]) if len(bindings) == 1 and bindings[0][0] is not None else None
        if found is None or found[0] == event.root:
            return None
        if "()" not in found[1]:
            return event.moved(found[0], (*found[1], *event.steps))
        dotted = self.kinds.dotted(found[0], (*found[1], *event.steps))
        full = ".".join(dotted)
        known = full in CALLS or full.replace(".()", "") in CACHES or starts(dotted, (*CURRENT, *DECIMAL_CONTEXT))
        return event.moved("", dotted) if known else None

    def _owned(self, event: Event, kind: str, made: str) -> None:
        name, steps = event.root, event.steps
        if kind == kinds.THREAD_LOCAL:
            if event.op in {"store", "delete"} and event.frame is not None:
                group = self.gathering.group("OV101", name, "", self.kinds.definition(name), made)
                self.gathering.add(group, event, action(event))
        elif kind == kinds.CONTEXT:
            if event.op == "call" and steps == ("set",) and event.traits & DROPPED:
                self._place("OV104", event, name, "set")
        elif kind in {kinds.CONTAINER, kinds.WEAK}:
            self._container(event, kind, made)
        elif kind == kinds.CLASS:
            self.members.on_class(event)
        elif kind == kinds.FUNCTION and event.frame is not None:
            self._function(event)

    def _container(self, event: Event, kind: str, made: str) -> None:
        name = event.root
        sort = mutation(event, event.steps)
        if not sort or event.frame is None:
            return
        group = self.gathering.group("OV202", name, "", self.kinds.definition(name), made)
        if kind == kinds.WEAK:
            group.traits.add("weak")
        self.gathering.add(group, event, action(event), sort=sort, traits=self._read(event, name))

    def _read(self, event: Event, name: str, *, member: bool = False) -> int:
        return RMW if reads_itself(event, name, member=member) else 0

    def _function(self, event: Event) -> None:
        name, steps = event.root, event.steps
        stored = event.op in {"store", "delete"} and bool(steps) and steps[0] not in {"()", "[]", "[:]"}
        changed = event.op == "call" and len(steps) > 1 and steps[0] != "()" and bool(mutation(event, steps[1:]))
        if (stored and not steps[0].startswith("__") and "()" not in steps) or changed:
            group = self.gathering.group("OV304", f"{name}.{steps[0]}", "", self.kinds.definition(name), "function")
            self.gathering.add(group, event, action(event), traits=self._read(event, steps[0], member=True))

    def _object(self, event: Event, made: str) -> None:
        """Take note of an attribute set on an object that the module made."""
        steps = event.steps
        if event.op in {"store", "delete"} and steps and is_plain(steps) and event.frame is not None:
            name = event.root
            group = self.gathering.group("OV203", name, "", self.kinds.definition(name), made)
            self.gathering.add(group, event, f".{'.'.join(steps)}", traits=self._read(event, steps[-1], member=True))

    def _dotted(self, event: Event, steps: tuple[str, ...]) -> None:
        """Settle an event on an imported or built-in name."""
        full = ".".join(steps)
        if event.frame is not None and (sort := mutation(event, mutated(steps))):
            self._elsewhere(event, steps, sort)
        if event.op == "call":
            self._called(event, full)
            if event.frame is not None and is_inside_module(steps) and mutation(event, steps[-1:]):
                self._place("OV205", event, ".".join((*steps[:-1], "[]")), full)
        elif event.op in {"store", "delete"}:
            self._stored(event, steps, full)
        elif event.op == "base":
            code = "OV101" if full in THREAD_LOCALS else "OV102" if full in FRAMEWORK_LOCALS else ""
            if code:
                scope = event.frame.qualname if event.frame else ""
                self.gathering.group(code, event.holder, scope, event.node, full).traits.add("subclass")
        elif event.op == "decorate":
            self._decorated(event, full)

    def _elsewhere(self, event: Event, steps: tuple[str, ...], sort: str) -> None:
        """Take note of what may be a change of another module's container; which, only all files together tell."""
        name = steps[: len(steps) - len(mutated(steps))]
        bare = ".".join(name).lstrip(".")
        if event.frame is None or not is_plain(name) or not bare or name[0] in sys.stdlib_module_names:
            return
        traits = event.traits | self._read(event, name[-1], member=True)
        line, column = place_of(event.node)
        self.foreign.append(Foreign(".".join(name), line, column, event.frame.qualname, action(event), traits, sort))

    def _called(self, event: Event, full: str) -> None:
        code = CALLS.get(full, "")
        call = event.node
        if not code or not isinstance(call, ast.Call):
            return
        if len(call.args) + len(call.keywords) < LEAST_ARGUMENTS.get(full, 0):
            return
        if code in _MADE:
            self._made(code, event, call, full)
        elif code in _RESULTS:
            self._result(code, event, full)
        elif full.startswith(("logging.getLogger.()", "locale.setlocale")):
            if asks_for_root(call) if full.startswith("logging") else not is_none(call):
                self._place(code, event, full, full)
        else:
            self._place(code, event, symbol_of(full, call, code), full)

    def _made(self, code: str, event: Event, call: ast.Call, full: str) -> None:
        scope = event.frame.qualname if event.frame else ""
        symbol = event.holder or full.rpartition(".")[2]
        if code != "OV105":
            self.gathering.group(code, symbol, scope, event.node, full)
            return
        for keyword in call.keywords:
            if keyword.arg == "default" and self.kinds.of_value(keyword.value)[0] in {kinds.CONTAINER, kinds.WEAK}:
                self.gathering.group("OV103", symbol, scope, event.node, self.kinds.of_value(keyword.value)[1])
        if event.frame is not None and not event.frame.builds:
            self.gathering.group("OV105", symbol, scope, event.node, full)

    def _result(self, code: str, event: Event, full: str) -> None:
        lost = event.traits & (UNUSED | DROPPED) or event.holder == "_"
        if code != "OV602":
            if lost:
                self._place(code, event, full, full)
            return
        if event.frame is None:
            if not event.traits & ENTRY:
                self._place("OV604", event, full, full)
        elif event.holder == "" or event.traits & UNUSED:
            self._place(code, event, full, full)

    def _stored(self, event: Event, steps: tuple[str, ...], full: str) -> None:
        code = STORES.get(full.replace("[:]", "[]"), "")
        if code:
            if not self._is_like_import(code, event):
                self._place(code, event, symbol_of(full, event.node, code), full)
        elif starts(steps, CURRENT):
            if len(steps) > 3 and steps[3] not in {"name", "daemon"}:
                self._place("OV206", event, full, full)
        elif starts(steps, DECIMAL_CONTEXT):
            self._place("OV405", event, full, full)
        elif is_inside_module(steps):
            if event.frame is not None:
                self._place("OV205", event, full, full)
        elif is_plain(steps) and len(steps) > 1 and event.root in self._importable(event):
            self._foreign(event, steps, full)

    def _is_like_import(self, code: str, event: Event) -> bool:
        """Tell whether a store is part of loading a module, as the import system itself does it."""
        if code == "OV205":
            return event.frame is not None and _makes_attribute(event.frame)
        value, frame = event.value, event.frame or self._module
        if code == "OV408" and isinstance(value, ast.Name):
            bindings = frame.bound.get(value.id) or [(None, None)]
            value = bindings[0][0]
        found = chain(value.func) if isinstance(value, ast.Call) else None
        return found is not None and (found[0], *found[1])[-1] == "module_from_spec"

    def _importable(self, event: Event) -> tuple[str, ...]:
        """Return the name itself when it was imported; a name that nobody bound is not known to be anything."""
        return (event.root,) if event.root == "" or event.root in self._module.imports else ()

    def _foreign(self, event: Event, steps: tuple[str, ...], full: str) -> None:
        if steps[-1] in _FOREIGN_ATTRIBUTES:
            return
        # At import, a package may put its own modules together; what it does to those of others is patching.
        if event.frame is None and (event.traits & ENTRY or steps[0] == "" or steps[0] in self._seen.folders):
            return
        group = self.gathering.group("OV204", full.lstrip("."), "", None, full)
        if event.frame is None:
            group.traits.add("import")
        self.gathering.add(group, event, "set" if event.op == "store" else "deleted")

    def _decorated(self, event: Event, full: str) -> None:
        full = full.replace(".()", "")
        node = event.value
        if full in {"atexit.register", "os.register_at_fork"}:
            self._place("OV410", event, full, full)
        if full not in CACHES or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        if event.holder == "method" and not is_static(node):
            self._place("OV502", event, node.name, full)
        elif event.frame is None and takes_anything(node) and is_unbounded(self._maker(event.node), full):
            self._place("OV501", event, node.name, full)

    def _maker(self, decorator: ast.AST) -> ast.AST:
        """Return the call that a decorator was made by: `memo = lru_cache(maxsize=None)`, then `@memo`."""
        bindings = self._module.bound.get(decorator.id, []) if isinstance(decorator, ast.Name) else []
        return bindings[-1][0] or decorator if bindings else decorator

    def _wrapped(self) -> None:
        """Settle caches that are made by a call instead of a decorator: `load = functools.cache(_load)`."""
        if not any(dotted.startswith("functools") for dotted in self._module.imports.values()):
            return
        for name, bindings in self._module.bound.items():
            value, node = bindings[-1] if bindings else (None, None)
            found = chain(value.func) if isinstance(value, ast.Call) and value.args else None
            if found is None or not isinstance(value, ast.Call):
                continue
            full = ".".join(self.kinds.dotted(*found)).replace(".()", "")
            maker = value.func if isinstance(value.func, ast.Call) else value
            called = full == "functools.cache" or (full in CACHES and "()" in found[1])
            if called and is_unbounded(maker, full) and self._may_grow(value.args[0]):
                self.gathering.group("OV501", name, "", node, full)

    def _thread_locals(self) -> None:
        """Settle thread-local classes that are handed on, and those that are made from others of the module."""
        if not self._seen.handed:
            return
        from overt.lint.handed import handed_on

        for place in sorted(handed_on(self._tree), key=lambda place: place.node.lineno):
            self.gathering.group("OV101", place.name, place.scope, place.node, place.name).traits.add("handed")
        for info in self._seen.classes:
            if self.kinds.of_class(info)[0] == kinds.THREAD_LOCAL:
                around = info.frame.parent
                while around is not None and around.kind != FUNCTION:
                    around = around.parent
                scope = around.qualname if around is not None else ""
                self.gathering.group("OV101", info.node.name, scope, info.node).traits.add("subclass")

    def _may_grow(self, wrapped: ast.expr) -> bool:
        """Tell whether a function takes arguments, or is not known to take none."""
        bindings = self._module.bound.get(wrapped.id, []) if isinstance(wrapped, ast.Name) else []
        node = bindings[-1][1] if bindings else wrapped
        return not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or takes_anything(node)

    def _place(self, code: str, event: Event, symbol: str, detail: str) -> None:
        """Record a place that is a finding by itself; several of one kind in one function are one."""
        scope = event.frame.qualname if event.frame else ""
        group = self.gathering.group(code, symbol, scope, None, detail)
        self.gathering.add(group, event, action(event))


def _makes_attribute(frame: Frame) -> bool:
    """Tell whether a function is the module's own `__getattr__`, which makes its attributes when they are asked for."""
    return frame.outermost().name == "__getattr__" and frame.outermost().kind == FUNCTION
