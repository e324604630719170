"""What an answer to the stamp card must do."""

from overt.training.probes import changed_state, interleave, repeat


def _fill(module, times):
    card = module.StampCard()
    for number in range(times):
        card.stamp(f"film {number}")
    return card


def _visits(card, films):
    for film in films:
        card.stamp(film)
        yield card.films()


def check_the_fifth_film_earns_a_ticket(answer):
    """Four stamps earn nothing, the fifth earns one ticket."""
    card = _fill(answer.load(), 4)
    assert card.free_tickets() == 0, f"four stamps earn {card.free_tickets()} tickets"
    card.stamp("the fifth")
    assert card.free_tickets() == 1, f"five stamps earn {card.free_tickets()} tickets"


def check_a_new_card_is_empty(answer):
    """However full other cards are, a new one has no film and no free ticket."""
    module = answer.load()

    def fresh():
        card = module.StampCard()
        before = (card.films(), card.free_tickets())
        _fill(module, 5)
        return before

    assert repeat(fresh) == ([], 0), "the first card of all is not empty"


def check_two_cards_are_stamped_apart(answer):
    """Two cards, stamped in turn, hold their own films."""
    module = answer.load()
    left, right = interleave(_visits(module.StampCard(), ["M", "Gilda"]), _visits(module.StampCard(), ["Duel", "Ran"]))
    told = [left[-1], right[-1]]
    assert told == [["M", "Gilda"], ["Duel", "Ran"]], f"stamped in turn, the cards show {told[0]} and {told[1]}"


def check_the_class_remembers_nothing(answer):
    """After five stamps, nothing in the module or its class is different."""
    module = answer.load()
    changed = changed_state(module, lambda: _fill(module, 5))
    assert not changed, f"stamping a card changes {', '.join(changed)}"
