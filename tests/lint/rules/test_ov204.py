"""OV204: an attribute is set on an imported module or class."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_what_a_package_does_to_its_own_modules_at_import(look: Look) -> None:
    """Should NOT report a package that puts its own modules together while it is imported, by whole names too."""
    source = """
        from shop.orders import Order
        import shop.prices

        Order.rate = 2
        shop.prices.rounding = None
    """
    path = "src/shop/cart.py"
    assert [row for row in look(source, path=path) if row[0] == "OV204"] == []
    assert len([row for row in look(source, path="src/other/cart.py") if row[0] == "OV204"]) == 2


def test_should_not_report_a_foreign_function_s_signature_in_ctypes(look: Look) -> None:
    """Should NOT report a foreign function's signature in ctypes."""
    source = """
        from ctypes import libc

        def prepare():
            libc.puts.argtypes = [str]
    """
    assert [row for row in look(source) if row[0] == "OV204"] == []


def test_should_not_report_an_attribute_of_a_parameter_that_hides_the_import(look: Look) -> None:
    """Should NOT report an attribute of a parameter that hides the import."""
    source = """
        import socket

        def patch(socket):
            socket.timeout = 3
    """
    assert [row for row in look(source) if row[0] == "OV204"] == []


def test_should_not_report_a_patch_in_the_main_guard(look: Look) -> None:
    """Should NOT report a patch in the main guard."""
    source = """
        import sys

        if __name__ == "__main__":
            sys.excepthook = print
    """
    assert [row for row in look(source) if row[0] == "OV204"] == []


def test_reports_a_patch_from_a_function(look: Look) -> None:
    """Reports a patch from a function."""
    source = """
        import socket
        from json import JSONEncoder

        def patch():
            socket.create_connection = None
            JSONEncoder.default = None
    """
    assert [row for row in look(source) if row[0] == "OV204"] == [
        ("OV204", "warning", "socket.create_connection", 5),
        ("OV204", "warning", "json.JSONEncoder.default", 6),
    ]


def test_reports_setattr_on_a_module_imported_in_the_function(look: Look) -> None:
    """Reports setattr on a module imported in the function."""
    source = """
        def patch():
            import socket
            setattr(socket, "timeout", 3)
    """
    assert [row for row in look(source) if row[0] == "OV204"] == [
        ("OV204", "warning", "socket.timeout", 3),
    ]


def test_reports_a_patch_that_is_put_back_and_one_at_import_as_notes(look: Look) -> None:
    """Reports a patch that is put back, and one at import, as notes."""
    source = """
        import socket, sys
        sys.excepthook = print

        def patched():
            old = socket.timeout
            socket.timeout = 3
            try:
                yield
            finally:
                socket.timeout = old
    """
    assert [row for row in look(source) if row[0] == "OV204"] == [
        ("OV204", "note", "sys.excepthook", 2),
        ("OV204", "note", "socket.timeout", 6),
    ]
