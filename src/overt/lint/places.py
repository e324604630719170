"""Questions about one place in the code, answered from its syntax."""

from __future__ import annotations

import ast


def is_plain(steps: tuple[str, ...]) -> bool:
    """Tell whether steps are attributes only: no call and no subscript among them."""
    return not {"()", "[]", "[:]"}.intersection(steps)


def is_inside_module(steps: tuple[str, ...]) -> bool:
    """Tell whether steps lead into the names of a module by its `__dict__` or through `sys.modules`."""
    if "__dict__" in steps[:-1] and is_plain(steps[: steps.index("__dict__")]):
        return True
    return steps[:3] == ("sys", "modules", "[]") and len(steps) > 3


def starts(steps: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
    """Tell whether steps go on from one of some dotted names."""
    return any(steps[: prefix.count(".") + 1] == tuple(prefix.split(".")) for prefix in prefixes) and len(steps) > 1


def symbol_of(full: str, node: ast.AST, code: str) -> str:
    """Return what a place is about: of an environment variable its name."""
    if full.startswith("gc."):
        return "gc"
    if full.startswith("globals.()"):
        return "globals()"
    if full.startswith(("sys.", "warnings.filters")) and code == "OV408":
        return ".".join(full.split(".")[:2])
    if not full.startswith("os.environ"):
        full = full.replace(".[:]", "")
        return full.replace(".[]", "").replace(".()", "()")
    key = (
        node.slice
        if isinstance(node, ast.Subscript)
        else node.args[0]
        if isinstance(node, ast.Call) and node.args
        else None
    )
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else "os.environ"


def asks_for_root(call: ast.Call) -> bool:
    """Tell whether `logging.getLogger(...).x()` is about the root logger."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(owner, ast.Call):
        return False
    return not owner.args or is_none(owner, 0)


def is_nothing(value: ast.AST | None) -> bool:
    """Tell whether a value is the constant None."""
    return isinstance(value, ast.Constant) and value.value is None


def is_none(call: ast.Call, position: int = 1) -> bool:
    """Tell whether an argument of a call is the constant None."""
    given = call.args[position] if len(call.args) > position else None
    return is_nothing(given)


def is_static(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a method is made static or a class method."""
    return any(
        isinstance(name, ast.Name) and name.id in {"staticmethod", "classmethod"} for name in node.decorator_list
    )


def takes_anything(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Tell whether a function has parameters."""
    given = node.args
    return bool(given.posonlyargs or given.args or given.kwonlyargs or given.vararg or given.kwarg)


def is_unbounded(decorator: ast.AST, full: str) -> bool:
    """Tell whether a decorator of functools, or the call of one, keeps every result."""
    if full == "functools.cache":
        return True
    if not isinstance(decorator, ast.Call):
        return False
    sizes = [*decorator.args[:1], *(word.value for word in decorator.keywords if word.arg == "maxsize")]
    return bool(sizes) and isinstance(sizes[0], ast.Constant) and sizes[0].value is None


def is_main_guard(test: ast.expr) -> bool:
    """Tell whether a condition asks if the module is run as a program."""
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and isinstance(test.ops[0], ast.Eq)
    )


def asks_if_missing(test: ast.expr) -> bool:
    """Tell whether a condition asks if something is still missing: `x is None`, `not x`, `x not in y`."""
    if isinstance(test, ast.UnaryOp):
        return isinstance(test.op, ast.Not)
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Is, ast.NotIn))


def is_lock(name: str) -> bool:
    """Tell whether a name reads like a lock.

    Example:
        >>> is_lock("_state_lock"), is_lock("clock")
        (True, False)
    """
    low = name.lower()
    if low.endswith(("clock", "block", "unlock")):
        return False
    return "lock" in low or "mutex" in low or "semaphore" in low or low.endswith(("condition", "_cond"))
