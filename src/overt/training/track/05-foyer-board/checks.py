"""What an answer to the board in the foyer must do."""

import threading

from overt.training.probes import import_effects


def _show(module, *lines):
    with module.Board() as board:
        for line in lines:
            board.show(line)
    return list(board.shown)


def check_all_lines_are_shown(answer):
    """When the block ends, every line has been shown, in order."""
    shown = _show(answer.load(), "metropolis", "duel", "ran")
    assert shown == ["METROPOLIS", "DUEL", "RAN"], f"after the block the board shows {shown}"


def check_importing_does_nothing(answer):
    """Importing the module starts no thread and changes no setting."""
    changed = import_effects(answer)
    assert not changed, f"importing it changes: {', '.join(changed)}"


def check_a_new_board_is_blank(answer):
    """A board shows its own lines only."""
    module = answer.load()
    _show(module, "metropolis")
    shown = _show(module, "duel")
    assert shown == ["DUEL"], f"the second board shows {shown}, and was given one line"


def check_no_thread_is_left(answer):
    """After the block, as many threads run as before the import."""
    before = threading.active_count()
    module = answer.load()
    _show(module, "metropolis")
    left = threading.active_count() - before
    assert left == 0, f"{left} more thread{'s run' if left > 1 else ' runs'} after the block"
