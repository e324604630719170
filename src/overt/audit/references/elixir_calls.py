"""The calls that a piece of Elixir in a document makes, with the modules that its aliases stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from overt.audit.references.elixir_modules import arguments, parser
from overt.lint.elixir.calls import text

_PROMPT = re.compile(r"^(\s*)(?:iex(?:\([^)]*\))?(?:\d+)?>|\.\.\.(?:\(\d+\))?>) ?")
_LONGEST = 60_000


class Call(NamedTuple):
    """A call of a function of a module.

    Args:
        line: From 0, in the piece.
        module: Whole, as far as aliases in the piece tell.
        name: The function.
        arity: None when the piece leaves arguments out.
    """

    line: int
    module: str
    name: str
    arity: int | None


def without_prompts(body: str) -> str:
    """Return a session of IEx without its prompts and answers; another piece unchanged.

    Example:
        >>> without_prompts("iex> A.b(1)\\n:ok")
        'A.b(1)\\n'
    """
    lines = body.split("\n")
    if not any(_PROMPT.match(line) for line in lines):
        return body
    return "\n".join(_PROMPT.sub("", line, count=1) if _PROMPT.match(line) else "" for line in lines)


def calls_in(body: str) -> tuple[list[Call], frozenset[str]]:
    """Return the calls of a piece of Elixir, and the modules that it defines itself.

    Args:
        body: The text of a fence, or of an argument that is run.

    Raises:
        ImportError: tree-sitter is not installed.
    """
    source = without_prompts(body[:_LONGEST])
    root = parser().parse(source.encode("utf-8", "replace")).root_node
    aliases = dict(_aliases(root))
    defined = frozenset(_defined(root))
    return [_widened(call, aliases) for call in _calls(root)], defined


def _walk(root: Any) -> Iterator[tuple[Any, Any]]:
    waiting: list[tuple[Any, Any]] = [(root, None)]
    while waiting:
        node, piped = waiting.pop()
        yield node, piped
        right = node.child_by_field_name("right") if node.type == "binary_operator" else None
        pipes = right is not None and any(child.type == "|>" for child in node.children)
        children = reversed(node.named_children)
        waiting += [(child, node if pipes and child == right else None) for child in children]


def _calls(root: Any) -> Iterator[Call]:
    for node, piped in _walk(root):
        if node.is_error:
            continue
        if node.type == "binary_operator" and (captured := _captured(node)) is not None:
            yield captured
        target = node.child_by_field_name("target") if node.type == "call" else None
        if target is None or target.type != "dot":
            continue
        left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
        if left is None or right is None or left.type != "alias" or right.type != "identifier":
            continue
        captured_here = node.parent is not None and _captured(node.parent) is not None
        if captured_here:
            continue
        given = arguments(node)
        left_out = any("..." in text(each) or text(each).startswith("…") for each in given)
        bare = next((child for child in node.children if child.type == "arguments"), None) is None
        arity = None if left_out or (bare and piped is None) else len(given) + (piped is not None)
        yield Call(node.start_point[0], text(left), text(right), arity)


def _captured(node: Any) -> Call | None:
    """Return what `&Module.name/2` captures."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or right.type != "integer" or left.type != "call":
        return None
    target = left.child_by_field_name("target")
    if target is None or target.type != "dot" or not any(child.type == "/" for child in node.children):
        return None
    module, name = target.child_by_field_name("left"), target.child_by_field_name("right")
    if module is None or name is None or module.type != "alias" or not text(right).isdecimal():
        return None
    return Call(node.start_point[0], text(module), text(name), int(text(right)[:4]))


def _aliases(root: Any) -> Iterator[tuple[str, str]]:
    for node, _ in _walk(root):
        if node.type != "call" or text(node.child_by_field_name("target")) != "alias":
            continue
        given = arguments(node)
        if not given:
            continue
        if given[0].type == "alias":
            renamed = re.search(r"as:\s*([\w.]+)", text(node))
            whole = text(given[0])
            yield (renamed[1] if renamed else whole.rpartition(".")[2]), whole
        elif given[0].type == "dot":
            base, _, group = text(given[0]).partition(".{")
            for name in re.findall(r"[A-Z][\w.]*", group):
                yield name.rpartition(".")[2], f"{base}.{name}"


def _defined(root: Any) -> Iterator[str]:
    for node, _ in _walk(root):
        if node.type == "call" and text(node.child_by_field_name("target")) in {"defmodule", "defprotocol"}:
            given = arguments(node)
            if given:
                yield text(given[0])


def _widened(call: Call, aliases: dict[str, str]) -> Call:
    head, dot, rest = call.module.partition(".")
    return call._replace(module=f"{aliases[head]}{dot}{rest}") if head in aliases else call
