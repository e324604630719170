"""The public interface of a Python file, read without running it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from overt.model import OvertError
from overt.system.files import matches

if TYPE_CHECKING:
    import griffe


@dataclass(frozen=True, slots=True)
class Public:
    """Something that users of a module may rely on.

    Args:
        signature: Its parameters and what it returns, or its bases; what a user would notice.
        line: Where it is.
        documented: Whether it has a docstring; data need none.
    """

    signature: str
    line: int
    documented: bool


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


def _signature(found: griffe.Object) -> str:
    if found.is_function:
        parameters = ", ".join(str(one) for one in getattr(found, "parameters", ()))
        return f"({parameters}) -> {getattr(found, 'returns', None) or ''}"
    if found.is_class:
        return f"class({', '.join(str(base) for base in getattr(found, 'bases', ()))})"
    return f": {getattr(found, 'annotation', None) or ''}"


def _members(holder: griffe.Object, prefix: str = "") -> Iterator[tuple[str, Public]]:
    for name, found in holder.members.items():
        if found.is_alias or not found.is_public:
            continue
        whole = f"{prefix}{name}"
        documented = found.has_docstring or not (found.is_function or found.is_class)
        yield whole, Public(_signature(found), found.lineno or 0, documented)  # type: ignore[arg-type]  # no alias
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
