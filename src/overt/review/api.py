"""The public interface of a Python file, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, cast

from overt.model import OvertError
from overt.system.files import matches

if TYPE_CHECKING:
    import griffe

_TYPING: Final = frozenset({"typing", "t", "te", "typing_extensions", "collections", "cabc", "abc"})
_GENERIC: Final = frozenset({"List", "Dict", "Set", "FrozenSet", "Tuple", "Type"})
_BARE: Final = frozenset({"object", "Protocol", "typing.Protocol", "ABC", "abc.ABC", "Generic", "t.Generic", "Enum"})
"""Bases that document nothing of their heirs."""


@dataclass(frozen=True, slots=True)
class Public:
    """Something that users of a module may rely on.

    Args:
        calling: Its parameters, or its bases; what a caller would notice.
        annotations: Of its parameters and of what it returns; empty where there is none.
        line: Where it is.
        documented: Whether it has a docstring, or needs none.
    """

    calling: str
    annotations: tuple[str, ...]
    line: int
    documented: bool

    def differs(self, other: Public) -> bool:
        """Tell whether it is another for its users; an annotation where there was none tells, and changes nothing."""
        pairs = zip(self.annotations, other.annotations, strict=False)
        return self.calling != other.calling or any(one != two for one, two in pairs if one and two)


def is_public_module(path: str, packages: Sequence[str] = ()) -> bool:
    """Tell whether a path is that of a module that users may import.

    Args:
        path: The path, relative to the root, POSIX.
        packages: The folders of the packages; a module outside them is for nobody. Any folder when empty.

    Example:
        >>> is_public_module("src/shop/cart.py"), is_public_module("src/shop/_cart.py")
        (True, False)
        >>> is_public_module("src/shop/01-first/cart.py", ["src/shop"])
        False
    """
    holder = next((package.strip("/") for package in packages if matches(path, [package])), "")
    if packages and not holder:
        return False
    parts = PurePosixPath(path).with_suffix("").parts
    inside = parts[holder.count("/") + 1 :] if holder else parts[-1:]
    hidden = any(part.startswith("_") and part not in {"__init__", "__main__"} for part in parts)
    # What is no identifier cannot be imported.
    return not hidden and all(part.isidentifier() for part in inside)


class _Plainer(ast.NodeTransformer):
    """Writes an annotation in the one way among those that mean the same."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        known = isinstance(node.value, ast.Name) and node.value.id in _TYPING
        return self.visit_Name(ast.Name(node.attr)) if known else self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(node.id.lower()) if node.id in _GENERIC else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, str):
            return node
        try:
            return cast("ast.AST", self.visit(ast.parse(node.value, mode="eval").body))
        except (SyntaxError, ValueError):
            return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        node.value = self.visit(node.value)
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        if name == "Literal":
            # Its texts are values, not annotations.
            return node
        node.slice = self.visit(node.slice)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Optional":
            parts = [*parts, ast.Constant(None)]
        return _union(parts) if name in {"Optional", "Union"} else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return _union([node.left, node.right]) if isinstance(node.op, ast.BitOr) else node


def _union(parts: Sequence[ast.expr]) -> ast.expr:
    """Return a union whose parts are in one order and not nested."""
    flat = [inner for part in parts for inner in (part.elts if isinstance(part, ast.Set) else [part])]
    return ast.Set(sorted(flat, key=ast.dump))


def plain_annotation(written: str) -> str:
    """Return an annotation so that two which mean the same are the same.

    Example:
        >>> plain_annotation("t.Optional[t.List[str]]") == plain_annotation("list[str] | None")
        True
        >>> plain_annotation("'Cart'") == plain_annotation("Cart")
        True
        >>> plain_annotation("Literal['List']") == plain_annotation("Literal['list']")
        False
    """
    try:
        return ast.unparse(ast.fix_missing_locations(_Plainer().visit(ast.parse(written, mode="eval"))))
    except (SyntaxError, ValueError, RecursionError):
        return written


def _annotation(found: object) -> str:
    return plain_annotation(str(found)) if found else ""


def _parameter(found: griffe.Parameter) -> str:
    kind = found.kind.value if found.kind else ""
    return f"{kind} {found.name} = {found.default or ''}"


def _signature(found: griffe.Object) -> tuple[str, tuple[str, ...]]:
    """Return what a caller sees apart from annotations, and these."""
    if found.is_function:
        parameters = list(getattr(found, "parameters", ()))
        told = (*(_annotation(one.annotation) for one in parameters), _annotation(getattr(found, "returns", None)))
        return f"({', '.join(map(_parameter, parameters))})", told
    if found.is_class:
        return f"class({', '.join(plain_annotation(str(base)) for base in getattr(found, 'bases', ()))})", ()
    return ":", (_annotation(getattr(found, "annotation", None)),)


def _told(holder: griffe.Object, name: str, found: griffe.Object) -> bool:
    """Tell whether somebody who asks for help is told: by its own docstring, or by that of what it overrides.

    A special method says by its name what it does. Bases that are not in the file may hold the docstring.
    """
    special = name.startswith("__") and name.endswith("__")
    if found.has_docstring or special or not (found.is_function or found.is_class):
        return True
    waiting = [str(base) for base in getattr(holder, "bases", ())]
    seen: set[str] = set()
    while waiting:
        base = waiting.pop().partition("[")[0]
        if base in seen or base in _BARE:
            continue
        seen.add(base)
        above = holder.module.members.get(base)
        if above is None or above.is_alias or not above.is_class:
            return True
        if name in above.members and not above.members[name].is_alias and above.members[name].has_docstring:
            return True
        waiting += [str(one) for one in getattr(above, "bases", ())]
    return False


def _members(holder: griffe.Object, prefix: str = "") -> Iterator[tuple[str, Public]]:
    for name, found in holder.members.items():
        if found.is_alias or not found.is_public:
            continue
        whole = f"{prefix}{name}"
        calling, annotations = _signature(found)  # type: ignore[arg-type]  # no alias
        documented = _told(holder, name, found)  # type: ignore[arg-type]  # no alias
        yield whole, Public(calling, annotations, found.lineno or 0, documented)
        if found.is_class:
            yield from _members(found, f"{whole}.")  # type: ignore[arg-type]  # no alias


def public_of(path: str, source: bytes) -> Mapping[str, Public]:
    """Return what a file offers, by dotted name inside it.

    Args:
        path: Its path, relative to the root.
        source: Its text.

    Raises:
        OvertError: It is no Python.
        ModuleNotFoundError: griffe is not installed.

    Example:
        >>> sorted(public_of("cart.py", b"def total(prices): ...\\ndef _sum(): ..."))
        ['total']
    """
    import griffe

    try:
        module = griffe.visit(PurePosixPath(path).stem, Path(path), source.decode())
    except (SyntaxError, ValueError, RecursionError) as error:
        raise OvertError(f"{path} cannot be parsed: {error}") from error
    return dict(_members(module))
