"""What an answer to the switchboard must do."""

import gc
from contextlib import closing

from overt.training.probes import changed_state


class Person:
    """Somebody who can be reached."""


def check_people_are_found(answer):
    """Who signs on is reached by name and listed by hall, until they sign off."""
    ito, abe = Person(), Person()
    with closing(answer.load().Switchboard()) as board:
        board.sign_on("Ito", ito, hall=2)
        board.sign_on("Abe", abe, hall=2)
        assert board.reach("Ito") is ito, "Ito signed on, and reach('Ito') gives somebody else"
        assert board.in_hall(2) == ["Abe", "Ito"], f"Abe and Ito are in hall 2, and it lists {board.in_hall(2)}"
        board.sign_off("Ito")
        assert board.reach("Ito") is None, "Ito signed off and is still reached"


def check_two_switchboards_know_their_own(answer):
    """Who signs on here is not known there."""
    module, ito = answer.load(), Person()
    with closing(module.Switchboard()) as harbour, closing(module.Switchboard()) as mill:
        harbour.sign_on("Ito", ito, hall=2)
        assert mill.in_hall(2) == [], f"Ito signed on at the Harbour, and the Mill lists {mill.in_hall(2)}"


def check_who_went_home_is_not_reached(answer):
    """Somebody whom nothing holds any more is neither reached nor listed."""
    ito = Person()
    with closing(answer.load().Switchboard()) as board:
        board.sign_on("Ito", ito, hall=2)
        del ito
        gc.collect()
        assert board.in_hall(2) == [], f"Ito went home, and hall 2 lists {board.in_hall(2)}"
        assert board.reach("Ito") is None, "Ito went home and is still reached"


def check_a_taken_name_is_refused(answer):
    """A second Ito is an error, and the first one stays."""
    first, second = Person(), Person()
    with closing(answer.load().Switchboard()) as board:
        board.sign_on("Ito", first, hall=2)
        try:
            board.sign_on("Ito", second, hall=3)
        except Exception:
            assert board.reach("Ito") is first, "after the refusal the first Ito is not reached any more"
        else:
            raise AssertionError("a second Ito signed on, and nothing was said")


def check_the_class_remembers_nothing(answer):
    """After somebody signed on, nothing in the module or its class is different."""
    module, ito = answer.load(), Person()
    boards = []

    def use():
        boards.append(module.Switchboard())
        boards[0].sign_on("Ito", ito, hall=2)

    changed = changed_state(module, use)
    boards[0].close()
    assert not changed, f"signing on changes {', '.join(changed)}"
