"""Puts the sites of one state together: one finding per container, not one per line."""

from __future__ import annotations

import ast

from overt.lint.frames import BUILDS, COMPREHENSION, ENTRY, FUNCTION, RMW, Event, Frame
from overt.lint.importtime import DECORATOR, LOOSE, NEVER, STRICT, ImportTime, is_registering
from overt.lint.names import ARGUMENT_MUTATORS, MUTATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.records import Fact, Site

_LONGEST_READ = 200


def mutation(event: Event, steps: tuple[str, ...]) -> str:
    """Return how an event changes the container that stands before its steps: `add`, `remove`, `change`, or empty.

    Changing an element of a container through a subscript changes the container's content too.
    """
    while len(steps) > 1 and steps[0] == "[]":
        steps = steps[1:]
    if len(steps) != 1:
        return ""
    if event.op == "call":
        return MUTATORS.get(steps[0]) or (ARGUMENT_MUTATORS.get(steps[0], "") if steps[0] not in _ATTRIBUTES else "")
    if steps[0] not in {"[]", "[:]"}:
        return ""
    return "remove" if event.op == "delete" else "add"


def mutated(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Return the last steps that `mutation` judges: a method, or subscripts and what follows them.

    Example:
        >>> mutated(("shop", "rows", "append")), mutated(("shop", "rows", "[]", "[]")), mutated(("shop", "rows"))
        (('append',), ('[]', '[]'), ('rows',))
    """
    count = 1
    while count < len(steps) and steps[-count - 1] in {"[]", "[:]"}:
        count += 1
    return steps[-count:]


def place_of(node: ast.AST) -> tuple[int, int]:
    """Return the line and the column of a node; of a chain over several lines, the method stands at its end."""
    line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        line = node.func.end_lineno or line
        if line != node.lineno:
            column = max((node.func.end_col_offset or 1) - len(node.func.attr), 0) + 1
    return line, column


_ITEMS = (("[]",), ("[:]",))
_ATTRIBUTES = ("setattr", "delattr")


def reads_itself(event: Event, name: str, *, member: bool = False) -> bool:
    """Tell whether the value that is stored is made from the state itself, a name or a member of something."""
    if event.traits & RMW:
        return True
    if event.value is None or event.op not in {"store", "rebind"}:
        return False
    for count, node in enumerate(ast.walk(event.value)):
        if count > _LONGEST_READ:
            return False
        seen = node.attr if member and isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if seen == name:
            return True
    return False


def action(event: Event) -> str:
    """Return what an event does, in a few words."""
    if event.op == "decorate":
        return "decorates"
    if event.op == "delete":
        return "deletes an item" if event.steps[-1:] in _ITEMS else "deletes it"
    if event.op == "store":
        return "sets an item" if event.steps[-1:] in _ITEMS else f"sets .{event.steps[-1]}" if event.steps else "set"
    last = event.steps[-1] if event.steps else event.root
    return f"{last}(...)" if last not in ARGUMENT_MUTATORS or last in MUTATORS else f"{last}"


class Group:
    """The sites of one state while they are gathered."""

    __slots__ = ("code", "column", "detail", "line", "scope", "sites", "symbol", "traits")

    def __init__(self, code: str, symbol: str, scope: str, line: int, column: int, detail: str) -> None:
        self.code, self.symbol, self.scope = code, symbol, scope
        self.line, self.column, self.detail = line, column, detail
        self.sites: list[Site] = []
        self.traits: set[str] = set()

    def fact(self) -> Fact:
        """Return what was gathered."""
        from overt.lint.records import Fact

        sites = tuple(sorted(self.sites, key=lambda site: (site.line, site.column)))
        return Fact(
            self.code,
            self.symbol,
            self.scope,
            self.line,
            self.column,
            sites,
            self.detail,
            frozenset(self.traits),
        )


class Gathering:
    """All groups of one module.

    Args:
        times: Which functions run at import only.
    """

    def __init__(self, times: ImportTime) -> None:
        self._times = times
        self._groups: dict[tuple[str, str, str], Group] = {}
        self._frames: dict[tuple[str, str, str], list[Frame | None]] = {}
        self.fillers: dict[str, str] = {}

    def group(
        self,
        code: str,
        symbol: str,
        scope: str,
        node: ast.AST | None,
        detail: str = "",
    ) -> Group:
        """Return the group of a state, made when it is first asked for."""
        key = (code, symbol, scope)
        found = self._groups.get(key)
        if found is None:
            line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
            found = self._groups[key] = Group(code, symbol, scope, line, column, detail)
            self._frames[key] = []
        return found

    def add(self, group: Group, event: Event, action: str, *, sort: str = "change", traits: int = 0) -> None:
        """Add a site to a group."""
        node = event.node
        function = event.frame.qualname if event.frame is not None else ""
        if event.frame is not None and event.frame.builds:
            traits |= BUILDS
        line, column = place_of(node)
        from overt.lint.records import Site

        group.sites.append(Site(line, column, function, action, event.traits | traits, sort))
        self._frames[group.code, group.symbol, group.scope].append(event.frame)
        if not group.line:
            group.line, group.column = line, column

    def facts(self) -> list[Fact]:
        """Return the facts of the module, those that only happen at import left out."""
        kept = []
        for key, group in self._groups.items():
            # What `__all__` leaves out can still be imported by name; who rebinds a global is imported for that.
            listed = group.code != "OV201"
            sense = self._sense(self._frames[key], listed) if group.code in _IMPORT_TIME else NEVER
            if (sense == STRICT and group.code != "OV204") or self._is_made_there(group):
                continue
            if sense:
                group.traits.add("decorator" if sense == DECORATOR else "import")
            self._note_entry(group, self._frames[key])
            if group.code == "OV202" and (fillers := self._fillers(self._frames[key])):
                self.fillers[group.symbol] = fillers
            kept.append(group.fact())
        return kept

    def _note_entry(self, group: Group, frames: list[Frame | None]) -> None:
        """Mark the places that only the entry point of a program reaches."""
        for index, frame in enumerate(frames):
            outermost = frame.outermost() if frame is not None else None
            if outermost is not None and outermost.kind == FUNCTION and self._times.is_entry(outermost.name):
                group.sites[index] = group.sites[index]._replace(traits=group.sites[index].traits | ENTRY)

    def _fillers(self, frames: list[Frame | None]) -> str:
        """Return the functions that change a container when the file calls none of them after import; else nothing."""
        found: dict[str, bool] = {}
        for frame in frames:
            outermost = frame.outermost() if frame is not None else None
            if frame is None or outermost is None or outermost.kind != FUNCTION or outermost.name == "<lambda>":
                return ""
            nested, inner = 0, frame
            while inner is not outermost and inner.parent is not None:
                nested += inner.kind != COMPREHENSION
                inner = inner.parent
            if nested > 1 or not self._times.may_be_import_only(outermost.name):
                return ""
            found[outermost.name] = found.get(outermost.name, False) or bool(nested)
        return " ".join(f"@{name}" if nested else name for name, nested in sorted(found.items()))

    def runs_at_import(self, function: str) -> bool:
        """Tell whether a function of the module runs only while the module is imported."""
        return self._times.sense(function, 0) == STRICT

    def _is_made_there(self, group: Group) -> bool:
        """Tell whether a container is only changed by functions that also rebind it: that is one finding, not two."""
        twin = self._groups.get(("OV201", group.symbol, group.scope)) if group.code == "OV202" else None
        return twin is not None and {s.function for s in group.sites} <= {s.function for s in twin.sites}

    def _sense(self, frames: list[Frame | None], listed: bool) -> str:
        senses = {self._sense_of(frame, listed) for frame in frames}
        if not senses or NEVER in senses:
            return NEVER
        return next(sense for sense in (LOOSE, DECORATOR, STRICT) if sense in senses)

    def _sense_of(self, frame: Frame | None, listed: bool) -> str:
        if frame is None:
            return STRICT
        outermost = frame.outermost()
        if outermost.kind != FUNCTION or outermost.name == "<lambda>":
            return NEVER
        depth, innermost = 0, frame
        while frame is not outermost and frame.parent is not None:
            depth += frame.kind == FUNCTION
            frame = frame.parent
        found = self._times.sense(outermost.name, depth, listed=listed)
        if found != STRICT and innermost.node is not None and is_registering(innermost.node, nested=depth > 0):
            return DECORATOR if self._times.may_be_import_only(outermost.name) else found
        return found


_IMPORT_TIME = frozenset({"OV201", "OV202", "OV203", "OV204", "OV205", "OV304"})
