"""What an answer to the label printer must do."""

import threading

from overt.training.probes import at_once


def _same(text):
    return text


def check_labels_carry_their_hall(answer):
    """Labels say the hall that they were ordered in, in the order of the seats."""
    module = answer.load()
    with module.hall("Blue"):
        labels = module.print_labels(["A1", "A2", "A3"], _same)
    assert labels == ["Blue A1", "Blue A2", "Blue A3"], f"in the hall Blue the labels are {labels}"


def check_the_former_hall_comes_back(answer):
    """After a block, also one that ends with an error, labels say the former hall."""
    module = answer.load()

    def jam(text):
        raise OSError("paper jam")

    with module.hall("Blue"):
        try:
            with module.hall("Red"):
                module.print_labels(["A1"], jam)
        except OSError:
            pass
        else:
            raise AssertionError("the error of the printer did not come through")
        inside = module.print_labels(["A1"], _same)
    told = [*inside, *module.print_labels(["A1"], _same)]
    assert told == ["Blue A1", "no hall A1"], f"after Red, in Blue and outside the labels are {told}"


def check_two_halls_print_apart(answer):
    """Two halls that print at the same time get their own labels."""
    module = answer.load()

    def work(name):
        def run(meet):
            with module.hall(name):
                meet.wait()
                labels = module.print_labels(["A1"], _same)
                meet.wait()
            return labels

        return run

    labels = at_once(work("Blue"), work("Red"))
    assert labels == [["Blue A1"], ["Red A1"]], f"at the same time, the halls print {labels[0]} and {labels[1]}"


def check_two_labels_are_drawn_at_once(answer):
    """Two labels of one hall are drawn by two threads at the same time."""
    module = answer.load()
    meet = threading.Barrier(2, timeout=5)

    def draw(text):
        meet.wait()
        return text

    with module.hall("Blue"):
        try:
            labels = module.print_labels(["A1", "A2"], draw)
        except threading.BrokenBarrierError:
            raise AssertionError("the second label is drawn only after the first one") from None
    assert labels == ["Blue A1", "Blue A2"], f"drawn at the same time, the labels are {labels}"
