"""Labels are printed by a pool of printers, for the hall that ordered them."""

from concurrent.futures import Executor, Future

from overt.runtime.error_context import carry, get_context, with_context


def order(name: str, printers: Executor) -> "Future[str]":
    """Order a label for a hall."""
    with with_context({"hall": name}):
        return printers.submit(carry(label))


def label() -> str:
    """Return the label for the hall that ordered."""
    return f"to {get_context().get('hall', 'none')}"
