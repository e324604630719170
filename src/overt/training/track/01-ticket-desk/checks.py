"""What an answer to the ticket desk must do."""

from overt.training.probes import changed_state, interleave, repeat


def _draw(desk, times):
    return [desk.take() for _ in range(times)]


def _drawing(desk):
    for _ in range(3):
        yield desk.take()


def check_a_desk_counts_up(answer):
    """One desk gives 1, 2, 3."""
    numbers = _draw(answer.load().TicketDesk(), 3)
    assert numbers == [1, 2, 3], f"the first three tickets of a desk are {numbers}, not [1, 2, 3]"


def check_a_new_desk_starts_at_one(answer):
    """However many tickets other desks have given, a new desk begins with 1."""
    module = answer.load()
    repeat(lambda: _draw(module.TicketDesk(), 2))


def check_two_desks_count_apart(answer):
    """Two open desks, used in turn, count 1, 2, 3 each."""
    module = answer.load()
    desks = [module.TicketDesk(), module.TicketDesk()]
    drawn = interleave(*map(_drawing, desks))
    assert drawn == [[1, 2, 3], [1, 2, 3]], f"used in turn, the desks give {drawn[0]} and {drawn[1]}"


def check_the_module_remembers_nothing(answer):
    """After tickets were drawn, nothing in the module or its classes is different."""
    module = answer.load()
    changed = changed_state(module, lambda: _draw(module.TicketDesk(), 2))
    assert not changed, f"drawing tickets changes {', '.join(changed)}"
