"""Samples that are only read: whether their language can make sense of them."""

from __future__ import annotations

import ast
import json
import textwrap
import tomllib
from collections.abc import Callable
from types import MappingProxyType

from overt.markdown.samples import Sample


class Unreadable(Exception):
    """There is nothing here that could parse a language."""


def parse_problem(sample: Sample, shell: Callable[[str], str]) -> tuple[str, int]:
    """Return why a sample does not parse, and the line of the document; empty and 0 when it does.

    Args:
        sample: The sample.
        shell: Returns why a shell script does not parse; empty when it does.

    Raises:
        Unreadable: There is nothing here that could parse its language.
    """
    if sample.language == "bash":
        return shell(sample.code), 0
    why, line = _PARSERS[sample.language](textwrap.dedent(sample.code))
    return why, sample.first + line - 1 if line else 0


def _python(code: str) -> tuple[str, int]:
    try:
        # What stands in a function, like `await` or `return`, is shown without it, too.
        compile(code, "sample", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"it is no Python: {getattr(error, 'msg', '') or error}", getattr(error, "lineno", 0) or 0
    return "", 0


def _json(code: str) -> tuple[str, int]:
    try:
        json.loads(code)
    except json.JSONDecodeError as error:
        return f"it is no JSON: {error.msg}", error.lineno
    except RecursionError:
        return "it is nested too deeply", 0
    return "", 0


def _toml(code: str) -> tuple[str, int]:
    try:
        tomllib.loads(code)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return f"it is no TOML: {error}", getattr(error, "lineno", 0) or 0
    return "", 0


def _yaml(code: str) -> tuple[str, int]:
    try:
        import yaml  # type: ignore[import-untyped]  # it comes without types
    except ImportError:
        raise Unreadable("nothing here reads YAML: install overt[site]") from None
    try:
        for _ in yaml.parse(code, Loader=yaml.SafeLoader):
            pass
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        return f"it is no YAML: {getattr(error, 'problem', '') or error}", mark.line + 1 if mark else 0
    return "", 0


def _elixir(code: str) -> tuple[str, int]:
    try:
        import tree_sitter
        import tree_sitter_elixir
    except ImportError:
        raise Unreadable("nothing here reads Elixir: install overt[elixir]") from None
    root = tree_sitter.Parser(tree_sitter.Language(tree_sitter_elixir.language())).parse(code.encode()).root_node
    if not root.has_error:
        return "", 0
    waiting = [root]
    while waiting:
        node = waiting.pop(0)
        if node.is_error or node.is_missing:
            return "it is no Elixir", node.start_point.row + 1
        waiting += [child for child in node.children if child.has_error or child.is_missing]
    return "it is no Elixir", 0


_PARSERS: MappingProxyType[str, Callable[[str], tuple[str, int]]] = MappingProxyType(
    {"python": _python, "json": _json, "toml": _toml, "yaml": _yaml, "elixir": _elixir}
)
