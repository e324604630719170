"""What a ward has to note."""

from concurrent.futures import ThreadPoolExecutor


def alone(module):
    """One nurse after the other."""
    assert [module.give(nurse, module.note) for nurse in ("ann", "bob")] == ["given by ann", "given by bob"]


def together(module):
    """The thread of a pool takes the next job when the nurse has gone."""
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(module.give, "ann", module.note).result() == "given by ann"
        assert pool.submit(module.note).result() == "given by nobody"
