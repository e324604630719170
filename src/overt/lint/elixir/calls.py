"""Which calls of an Elixir file reach the process dictionary, or start a process that nobody supervises.

Names are resolved as Elixir resolves them: `alias` (also `as:` and `{A, B}`), `import` (also `only:` and `except:`) and
nested modules hold from where they stand to the end of their block.
"""

from __future__ import annotations

from typing import Any, NamedTuple

DICTIONARY = frozenset({"put", "get", "delete", "erase", "get_keys"})
ERLANG_DICTIONARY = frozenset({"put", "get", "erase", "get_keys"})
SPAWNS = frozenset({"spawn", "spawn_link", "spawn_monitor", "spawn_opt", "spawn_request"})
_MODULES = frozenset({"alias", "atom", "quoted_atom"})
"""Nodes that name a module: `Process`, `:erlang`, `:"Elixir.Process"`."""
_DEFINITIONS = frozenset({"def", "defp", "defmacro", "defmacrop", "defdelegate"})
_APPLIES = frozenset({"Kernel.apply", ":erlang.apply", "Function.capture", "Kernel.spawn", ":erlang.spawn"})

_IMPORTED = {"Process": DICTIONARY | {"info", "spawn", "send"}, ":erlang": ERLANG_DICTIONARY | SPAWNS}


_DEEPEST = 200
"""How many blocks around a place may bind names of their own: what is nested deeper no person has written."""


class TooDeepError(ValueError):
    """The blocks of the file are nested deeper than anybody writes them."""


class Bound:
    """Names that a block binds, and those of the blocks around it; what is bound here is not seen there.

    Nothing is copied, so a file of a thousand blocks with a thousand aliases costs no million.

    Args:
        around: The block around it; None for the file.
    """

    __slots__ = ("around", "depth", "own")

    around: Bound | None
    depth: int

    def __init__(self, around: Bound | None = None) -> None:
        # A block that binds nothing is passed over by the blocks in it.
        while around is not None and not around.own:
            around = around.around
        self.around = around
        self.depth = around.depth + 1 if around is not None else 0
        self.own: dict[str, str] = {}
        if self.depth > _DEEPEST:
            raise TooDeepError

    def get(self, name: str) -> str | None:
        """Return what a name is bound to; None when it is not."""
        block: Bound | None = self
        while block is not None:
            found = block.own.get(name)
            if found is not None:
                return found
            block = block.around
        return None

    def bind(self, name: str, meaning: str) -> None:
        """Bind a name from here to the end of the block."""
        self.own[name] = meaning


class Names(NamedTuple):
    """What names stand for in one block.

    Args:
        aliases: Short name to the whole one.
        imports: Function to the module that it was imported from.
        scope: Dotted name of the module and the function.
        module: Dotted name of the module.
        own: Functions that the file defines.
    """

    aliases: Bound
    imports: Bound
    scope: str
    module: str
    own: frozenset[str]

    def inside(self, scope: str = "", module: str = "") -> Names:
        """Return the names of a block in this one: what it adds stays in it."""
        return Names(Bound(self.aliases), Bound(self.imports), scope or self.scope, module or self.module, self.own)


def text(node: Any) -> str:
    """Return the source of a node."""
    return str(node.text.decode("utf-8", "replace")) if node is not None else ""


def _arguments(call: Any) -> list[Any]:
    found = next((child for child in call.children if child.type == "arguments"), None)
    return [child for child in found.named_children if child.type != "comment"] if found is not None else []


def _keywords(arguments: list[Any]) -> dict[str, Any]:
    pairs = [pair for given in arguments if given.type == "keywords" for pair in given.named_children]
    whole = [pair.named_children for pair in pairs if pair.type == "pair"]
    return {text(parts[0]).strip().rstrip(":"): parts[1] for parts in whole if len(parts) > 1}


class Calls:
    """What was found in one file."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str, Any]] = []
        self.named: list[tuple[str, str, Any]] = []

    def walk(self, root: Any) -> None:
        """Look at a whole file."""
        names = Names(Bound(), Bound(), "", "", frozenset(_defined(root)))
        stack: list[tuple[Any, Names, Any]] = [(root, names, None)]
        while stack:
            node, names, piped = stack.pop()
            if node.type == "call":
                names = self._call(node, names, piped)
            elif node.type == "binary_operator" and self._piped(node, names, stack):
                continue
            elif node.type == "unary_operator" and node.children and node.children[0].type == "&":
                self._captured(node, names)
            elif node.type == "do_block" or node.type == "stab_clause":
                names = names.inside()
            stack.extend((child, names, None) for child in reversed(node.named_children))

    def _piped(self, node: Any, names: Names, stack: list[tuple[Any, Names, Any]]) -> bool:
        operator = next((child.type for child in node.children if not child.is_named), "")
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if operator != "|>" or left is None or right is None:
            return False
        if right.type == "identifier":
            self._local(text(right), [left], right, names)
        stack.append((right, names, left))
        stack.append((left, names, None))
        return True

    def _captured(self, node: Any, names: Names) -> None:
        """Take note of `&put/2`; `&Process.put/2` holds a call of its own."""
        inner = node.named_children[0] if node.named_children else None
        if inner is not None and inner.type == "binary_operator":
            left = inner.child_by_field_name("left")
            if left is not None and left.type == "identifier":
                self._local(text(left), [], left, names)

    def _call(self, node: Any, names: Names, piped: Any) -> Names:
        target = node.child_by_field_name("target")
        given = [*([piped] if piped is not None else []), *_arguments(node)]
        if target is None:
            return names
        if target.type == "identifier":
            word = text(target)
            changed = self._directive(word, given, names)
            if changed is not None:
                return changed
            self._local(word, given, node, names)
        elif target.type == "dot":
            left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
            if left is not None and right is not None and left.type in _MODULES:
                self._remote(_whole(left, names), text(right), given, node, names)
        return names

    def _directive(self, word: str, given: list[Any], names: Names) -> Names | None:
        """Return the names after a word that binds some; None when it is a call like any other."""
        if word == "defmodule" and given:
            return _in_module(text(given[0]), names)
        if word in _DEFINITIONS and given:
            if word == "defdelegate":
                self._delegated(given, names)
            return names.inside(scope=f"{names.module}.{_defined_name(given[0])}".lstrip("."))
        if word in {"alias", "require", "import", "use"} and given and given[0].type in _MODULES:
            self.named.append((_whole(given[0], names), names.scope, given[0]))
        if word in {"alias", "require"} and given:
            _bind_alias(given, names, always=word == "alias")
            return names
        if word == "import" and given:
            _bind_import(given, names)
            return names
        return None

    def _delegated(self, given: list[Any], names: Names) -> None:
        """Judge `defdelegate put(key, value), to: Process` as the call that it makes."""
        words = _keywords(given)
        target = words.get("to")
        if target is not None and target.type in _MODULES:
            word = text(words["as"]).lstrip(":") if "as" in words else _defined_name(given[0])
            self._remote(_whole(target, names), word, [], target, names)

    def _local(self, word: str, given: list[Any], node: Any, names: Names) -> None:
        """Judge a call without a module: imported, or of Kernel unless the file defines it."""
        home = names.imports.get(word)
        if home is not None:
            self._remote(home, word, given, node, names)
            return
        if word in names.own:
            return
        self.named.append((f"Kernel.{word}", names.scope, node))
        if word in {"apply", "send"} or (word in SPAWNS and names.imports.get(f"-{word}") is None):
            self._remote("Kernel", word, given, node, names)

    def _remote(self, module: str, word: str, given: list[Any], node: Any, names: Names) -> None:
        called = f"{module}.{word}"
        self.named.append((called, names.scope, node))
        if (module == "Process" and word in DICTIONARY) or (module == ":erlang" and word in ERLANG_DICTIONARY):
            self._note("OVE101", called, names, node)
        elif called in {"Process.info", ":erlang.process_info"}:
            if any(":dictionary" in _atoms(each) for each in given[1:]):
                self._note("OVE101", f"{called}(:dictionary)", names, node)
        elif word in SPAWNS and module in {"Kernel", "Process", ":erlang", "Node", ":proc_lib"}:
            self._note("OVE601", called, names, node)
        elif called in {"Kernel.send", "Process.send", ":erlang.send"}:
            self._note("OVE602", called, names, node)
        if called in _APPLIES and len(given) > 1 and given[1].type == "atom" and given[0].type in _MODULES:
            # What is applied is judged like the call that it amounts to.
            inner = _applied(given[2]) if len(given) > 2 else []
            self._remote(_whole(given[0], names), text(given[1]).lstrip(":"), inner, node, names)

    def _note(self, code: str, symbol: str, names: Names, node: Any) -> None:
        self.found.append((code, symbol, names.scope, node))


def _applied(node: Any) -> list[Any]:
    return list(node.named_children) if node.type == "list" else []


def _atoms(node: Any) -> set[str]:
    if node.type == "list":
        return {text(child) for child in node.named_children if child.type == "atom"}
    return {text(node)} if node.type == "atom" else set()


def _defined(root: Any) -> set[str]:
    names: set[str] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "call" and text(node.child_by_field_name("target")) in _DEFINITIONS:
            given = _arguments(node)
            if given:
                names.add(_defined_name(given[0]))
        stack.extend(node.named_children)
    return names


def _defined_name(node: Any) -> str:
    while node.type == "binary_operator" and node.child_by_field_name("left") is not None:
        node = node.child_by_field_name("left")
    return text(node.child_by_field_name("target")) if node.type == "call" else text(node)


def _whole(node: Any, names: Names) -> str:
    """Return the whole name of a module, as the aliases of the block make it."""
    name = text(node)
    if node.type in {"atom", "quoted_atom"}:
        return name.removeprefix(':"Elixir.').rstrip('"') if name.startswith(':"Elixir.') else name
    if name.startswith("Elixir."):
        return name.removeprefix("Elixir.")
    first, dot, rest = name.partition(".")
    return (names.aliases.get(first) or first) + dot + rest


def _in_module(name: str, names: Names) -> Names:
    whole = f"{names.module}.{name}" if names.module else name
    if names.module and "." not in name:
        names.aliases.bind(name, whole)
    return names.inside(scope=whole, module=whole)


def _bind_alias(given: list[Any], names: Names, *, always: bool) -> None:
    first = given[0]
    renamed = _keywords(given).get("as")
    if first.type == "dot":
        base, group = first.child_by_field_name("left"), first.child_by_field_name("right")
        if base is not None and group is not None and group.type == "tuple":
            for child in group.named_children:
                whole = f"{_whole(base, names)}.{text(child)}"
                names.aliases.bind(whole.rpartition(".")[2], whole)
        elif base is not None and group is not None and group.type == "alias":
            # `alias __MODULE__.Process`
            short = text(renamed) if renamed is not None else text(group).rpartition(".")[2]
            names.aliases.bind(short, f"{_whole(base, names)}.{text(group)}")
    elif first.type in _MODULES:
        whole = _whole(first, names)
        if renamed is not None:
            names.aliases.bind(text(renamed), whole)
        elif always:
            names.aliases.bind(whole.rpartition(".")[2], whole)


def _imported_names(node: Any) -> set[str]:
    pairs = [pair for words in node.named_children for pair in words.named_children if pair.type == "pair"]
    return {text(pair.named_children[0]).strip().rstrip(":") for pair in pairs if pair.named_children}


def _bind_import(given: list[Any], names: Names) -> None:
    module = _whole(given[0], names) if given[0].type in _MODULES else ""
    words = _keywords(given)
    known: frozenset[str] | None = _IMPORTED.get(module)
    if module == "Kernel" and "except" in words:
        for name in _imported_names(words["except"]):
            names.imports.bind(f"-{name}", "")
    if "only" in words:
        only = frozenset(_imported_names(words["only"]))
        known = only if known is None else known & only
    elif known is None:
        return
    elif "except" in words:
        known = known - _imported_names(words["except"])
    for name in known:
        names.imports.bind(name, module)
