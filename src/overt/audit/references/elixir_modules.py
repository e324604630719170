"""What one Elixir file defines: modules, functions with every arity they can be called with, callbacks and types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from overt.lint.elixir.calls import text

Arities = dict[str, set[int]]

_FUNCTIONS = frozenset(
    {"def", "defp", "defmacro", "defmacrop", "defguard", "defguardp", "defdelegate", "defn", "defnp"}
)
_PRIVATE = frozenset({"defp", "defmacrop", "defguardp", "defnp"})
_CALLBACKS = frozenset({"callback", "macrocallback"})
_TYPES = frozenset({"type", "typep", "opaque"})
_MODULES = frozenset({"defmodule", "defprotocol"})
_PLAIN = frozenset(
    {
        "alias",
        "import",
        "require",
        "quote",
        "if",
        "unless",
        "for",
        "case",
        "cond",
        "with",
        "try",
        "raise",
        "defoverridable",
    }
    | {
        "describe",
        "test",
        "setup",
        "setup_all",
        "doctest",
        "property",
        "plug",
        "defimpl",
        "field",
        "config",
        "import_config",
    }
)
"""Words at the level of a module that make no functions of it."""

_DEEPEST = 60
_FIELD = re.compile(r"[a-z_]\w*[?!]?(?=:\s)|(?<=:)[a-z_]\w*[?!]?")
_COLUMN = re.compile(r"\b(?:field|belongs_to|has_one|has_many|many_to_many|embeds_\w+)\(?\s*:(\w+)")

BROUGHT: dict[str, tuple[tuple[str, int], ...]] = {
    "GenServer": (
        ("child_spec", 1),
        ("init", 1),
        ("handle_call", 3),
        ("handle_cast", 2),
        ("handle_info", 2),
        ("terminate", 2),
        ("code_change", 3),
    ),
    "Supervisor": (("child_spec", 1), ("init", 1)),
    "DynamicSupervisor": (("child_spec", 1), ("init", 1)),
    "PartitionSupervisor": (("child_spec", 1),),
    "Agent": (("child_spec", 1),),
    "Task": (("child_spec", 1),),
    "Application": (("start", 2), ("stop", 1), ("prep_stop", 1), ("start_phase", 3), ("config_change", 3)),
    "Mix.Task": (("run", 1),),
    "Bitwise": (),
    "ExUnit.Case": (),
    "ExUnitProperties": (),
    "Mix.Project": (),
    "Config": (),
}
"""Modules of Elixir itself that are used, and what each adds to the module that uses it."""


@dataclass(slots=True)
class Module:
    """A module of the project.

    Args:
        name: Its whole name.
        path: The file that defines it, relative to the root, POSIX.
        functions: Functions, macros and guards by name, with every arity.
        callbacks: Callbacks of the behaviour that it defines.
        types: Its types.
        private: Names that only the module itself can call.
        fields: Fields of its struct or schema.
        doubt: Why a name that is not listed may be there all the same; empty when it cannot be.
    """

    name: str
    path: str
    functions: Arities = field(default_factory=dict)
    callbacks: Arities = field(default_factory=dict)
    types: Arities = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    doubt: str = ""


def parser() -> Any:
    """Return a parser of Elixir.

    Raises:
        ImportError: tree-sitter is not installed, which the extra `elixir` brings.
    """
    import tree_sitter
    import tree_sitter_elixir

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_elixir.language()))


def modules_of(root: Any, path: str) -> Iterator[Module]:
    """Yield the modules that a file defines; bodies of functions are not looked into.

    Args:
        root: Root of its syntax tree.
        path: Its path, relative to the repository root, POSIX.
    """
    broken = f"{path} is not wholly understood" if root.has_error else ""
    waiting: list[tuple[Any, Module | None, int]] = [(root, None, 0)]
    while waiting:
        node, module, depth = waiting.pop()
        if depth > _DEEPEST:
            if module is not None:
                module.doubt = module.doubt or f"{path} is nested too deeply"
            continue
        if node.type == "call":
            inner = _defined_module(node, module, path, broken)
            if inner is not None:
                yield inner
                waiting += [(block, inner, depth + 1) for block in _blocks(node)]
                continue
            if module is not None:
                _take(node, module)
                waiting += [(block, module, depth + 1) for block in _blocks(node) if not _is_closed(node)]
                continue
        elif node.type == "unary_operator" and module is not None:
            _attribute(node, module)
            continue
        waiting += [(child, module, depth + 1) for child in node.named_children]


def arguments(call: Any) -> list[Any]:
    """Return the arguments of a call."""
    found = next((child for child in call.children if child.type == "arguments"), None)
    return [child for child in found.named_children if child.type != "comment"] if found is not None else []


def _blocks(node: Any) -> list[Any]:
    return [child for child in node.children if child.type == "do_block"]


def _defined_module(node: Any, around: Module | None, path: str, broken: str) -> Module | None:
    word, given = text(node.child_by_field_name("target")), arguments(node)
    if word not in _MODULES or not given or given[0].type != "alias":
        return None
    name = text(given[0]).removeprefix("Elixir.")
    return Module(f"{around.name}.{name}" if around is not None else name, path, doubt=broken)


def _is_closed(node: Any) -> bool:
    word = text(node.child_by_field_name("target"))
    return word in _FUNCTIONS or word in {"quote", "defimpl"}


def _take(node: Any, module: Module) -> None:
    """Add what a call at the level of a module defines."""
    target = node.child_by_field_name("target")
    word, given = text(target), arguments(node)
    if word in _FUNCTIONS:
        for head in _heads(given):
            _function(head, module, private=word in _PRIVATE)
    elif word == "use" and given:
        _used(given[0], module)
    elif word in {"defstruct", "schema", "embedded_schema"}:
        _add(module.functions, "__struct__", (0, 1))
        module.fields.update((_FIELD if word == "defstruct" else _COLUMN).findall(text(node)))
    elif word == "defexception":
        _add(module.functions, "exception", (1,))
        _add(module.functions, "message", (1,))
    elif target is not None and target.type == "identifier" and word not in _PLAIN:
        module.doubt = module.doubt or f"`{word}` may make functions of {module.name}"


def _heads(given: list[Any]) -> list[Any]:
    if not given:
        return []
    return list(given[0].named_children) if given[0].type == "list" else [given[0]]


def _function(head: Any, module: Module, *, private: bool) -> None:
    while head.type == "binary_operator" and _operator(head) == "when":
        head = head.child_by_field_name("left")
    if head.type == "call" and head.child_by_field_name("target").type == "identifier":
        name, given = text(head.child_by_field_name("target")), arguments(head)
        if name in {"unquote", "unquote_splicing"}:
            module.doubt = module.doubt or f"{module.name} makes names while it is compiled"
            return
        defaults = sum(each.type == "binary_operator" and _operator(each) == "\\\\" for each in given)
        _add(module.functions, name, range(len(given) - defaults, len(given) + 1))
        if private:
            module.private.add(name)
    elif head.type == "identifier":
        _add(module.functions, text(head), (0,))
        if private:
            module.private.add(text(head))
    elif head.type == "binary_operator":
        _add(module.functions, _operator(head), (2,))
    else:
        module.doubt = module.doubt or f"{module.name} makes names while it is compiled"


def _operator(node: Any) -> str:
    return next((child.type for child in node.children if not child.is_named), "")


def _used(target: Any, module: Module) -> None:
    name = text(target)
    if name in BROUGHT:
        for function, arity in BROUGHT[name]:
            _add(module.functions, function, (arity,))
        return
    module.doubt = module.doubt or f"`use {name}` may make functions of {module.name}"


def _attribute(node: Any, module: Module) -> None:
    inner = next((child for child in node.named_children if child.type == "call"), None)
    if inner is None:
        return
    word, given = text(inner.child_by_field_name("target")), arguments(inner)
    table = module.callbacks if word in _CALLBACKS else module.types if word in _TYPES else None
    if table is None or not given:
        return
    head = given[0]
    while head is not None and head.type == "binary_operator":
        head = head.child_by_field_name("left")
    if head is None:
        return
    if head.type == "call":
        _add(table, text(head.child_by_field_name("target")), (len(arguments(head)),))
    elif head.type == "identifier":
        _add(table, text(head), (0,))


def _add(table: Arities, name: str, arities: Any) -> None:
    table.setdefault(name, set()).update(arities)
