"""What an answer to the letterhead must do."""

import os
from contextlib import contextmanager

from overt.training.probes import interleave


@contextmanager
def _environment(**values):
    """Set variables for a block and put everything back, whatever the answer did."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _writing(letters):
    for text in ("Dear Ana", "Dear Bo"):
        yield letters.write(text).splitlines()[-1]


def check_a_letter_is_signed(answer):
    """A letter is the text, and below it the house."""
    with _environment():
        letter = answer.load().Letters("Harbour").write("Dear Ana")
    assert letter == "Dear Ana\nYours, Cinema Harbour", f"the letter is {letter!r}"


def check_two_houses_write_in_turn(answer):
    """Two houses that write in turn sign with their own names."""
    with _environment():
        module = answer.load()
        signed = interleave(*map(_writing, [module.Letters("Harbour"), module.Letters("Mill")]))
    expected = [["Yours, Cinema Harbour"] * 2, ["Yours, Cinema Mill"] * 2]
    assert signed == expected, f"in turn, the letters are signed {signed[0]} and {signed[1]}"


def check_the_environment_stays(answer):
    """Writing a letter leaves the environment as it was."""
    with _environment():
        module = answer.load()
        before = dict(os.environ)
        module.Letters("Harbour").write("Dear Ana")
        changed = sorted(name for name, _ in before.items() ^ os.environ.items())
    assert not changed, f"writing a letter changes the environment: {', '.join(changed)}"


def check_the_environment_does_not_matter(answer):
    """Whatever stands in the environment, the letter is the same."""
    with _environment():
        letters = answer.load().Letters("Harbour")
        with _environment(CINEMA_HOUSE="Nowhere"):
            signed = letters.write("Dear Ana").splitlines()[-1]
    assert signed == "Yours, Cinema Harbour", f"with CINEMA_HOUSE=Nowhere the letter ends {signed!r}"
