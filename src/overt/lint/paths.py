"""What the path of a file tells about it."""

from __future__ import annotations


def is_test_file(path: str) -> bool:
    """Tell whether a path is that of a test.

    Example:
        >>> is_test_file("tests/test_cart.py"), is_test_file("src/shop/cart.py")
        (True, False)
    """
    *folders, name = path.split("/")
    return name.startswith(("test_", "conftest")) or name.endswith("_test.py") or bool({"tests", "test"} & set(folders))
