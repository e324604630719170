"""From the bytes of one Elixir file to facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from overt.lint.elixir.calls import Calls, TooDeepError
from overt.lint.inline import MARK, parse_allowance, target_of
from overt.lint.records import Fact, Site
from overt.lint.results import Allowance, Banned

__all__ = ["NEEDS", "ElixirSyntaxError", "TooDeepError", "allowances", "find_banned", "find_facts", "parse"]

NEEDS = "needs tree-sitter: install overt[elixir]"


class ElixirSyntaxError(ValueError):
    """The file is not Elixir.

    Args:
        line: Where the first part stands that is not understood.
    """

    def __init__(self, line: int) -> None:
        super().__init__("syntax error")
        self.line = line


def parse(source: bytes) -> Any:
    """Return the root of the syntax tree of a file.

    Raises:
        ImportError: tree-sitter is not installed.
        ElixirSyntaxError: The file is not Elixir.
    """
    import tree_sitter
    import tree_sitter_elixir

    root = tree_sitter.Parser(tree_sitter.Language(tree_sitter_elixir.language())).parse(source).root_node
    if root.has_error:
        raise ElixirSyntaxError(_first_error(root))
    return root


def _first_error(root: Any) -> int:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            return int(node.start_point[0]) + 1
        stack.extend(child for child in reversed(node.children) if child.has_error)
    return 0


def find_facts(root: Any) -> list[Fact]:
    """Return what there is to judge, one fact for each function and what it calls."""
    calls = Calls()
    calls.walk(root)
    groups: dict[tuple[str, str, str], list[Site]] = {}
    for code, symbol, scope, node in calls.found:
        line, column = node.start_point
        groups.setdefault((code, symbol, scope), []).append(Site(line + 1, column + 1, scope, symbol))
    facts = [
        Fact(code, symbol, scope, sites[0].line, sites[0].column, tuple(sites))
        for (code, symbol, scope), sites in groups.items()
    ]
    return sorted(facts, key=lambda fact: (fact.line, fact.column, fact.code))


def find_banned(root: Any, banned: Sequence[Banned]) -> list[tuple[str, str, int, int]]:
    """Return every place of a file where something banned is called or named."""
    from overt.lint.banned import matching

    calls = Calls()
    calls.walk(root)
    lines = root.text.split(b"\n")
    found = [(name, scope, node) for name, scope, node in calls.named if matching(banned, name) is not None]
    return [(name, scope, node.start_point[0] + 1, _column(node, lines)) for name, scope, node in found]


def _column(node: Any, lines: Sequence[bytes]) -> int:
    """Return the column of a node in characters, from 1."""
    row, column = node.start_point
    return len(lines[row][:column].decode("utf-8", "replace")) + 1


def allowances(root: Any) -> tuple[Allowance, ...]:
    """Return the allowances in the comments of a file."""
    comments: list[tuple[int, str]] = []
    code_lines: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        line = int(node.start_point[0]) + 1
        if node.type == "comment":
            text = node.text.decode("utf-8", "replace")
            if text.lstrip("#").strip().startswith(MARK):
                comments.append((line, text))
        elif node.children:
            stack.extend(node.children)
        else:
            code_lines.add(line)
    ordered = sorted(code_lines)
    return tuple(parse_allowance(text, line, target_of(line, ordered)) for line, text in sorted(comments))
