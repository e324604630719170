"""What a board has to do."""

import threading
from contextlib import nullcontext


def running():
    """Return the threads of boards."""
    return [thread for thread in threading.enumerate() if thread.name == "board"]


def alone(module):
    """A line is shown."""
    shown = threading.Event()
    with module.Board() if hasattr(module, "Board") else nullcontext(module) as board:
        board.show(shown.set)
        assert shown.wait(60)


def together(module):
    """Whoever only imports the module has no thread of it, and each board has one and ends it."""
    assert running() == []
    with module.Board(), module.Board():
        assert len(running()) == 2
    assert running() == []


def tidy(module):
    """End what importing has begun."""
    if hasattr(module, "board"):
        module.lines.put(None)
        module.board.join()
