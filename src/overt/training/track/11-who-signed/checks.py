"""What an answer to the signed notes must do."""

import asyncio

from overt.training.probes import at_once, in_tasks


def check_the_name_holds_inside_its_block(answer):
    """A note is signed with the innermost name, and with the former name after the block."""
    module = answer.load()
    notes = [module.sign("a")]
    with module.acting_as("Abe"):
        notes.append(module.sign("b"))
        with module.acting_as("Ito"):
            notes.append(module.sign("c"))
        notes.append(module.sign("d"))
    notes.append(module.sign("e"))
    expected = ["a (nobody)", "b (Abe)", "c (Ito)", "d (Abe)", "e (nobody)"]
    assert notes == expected, f"the notes are {notes}, not {expected}"


def check_an_error_takes_the_name_back(answer):
    """When a block ends with an error, the former name comes back and the error goes on."""
    module = answer.load()
    try:
        with module.acting_as("Abe"):
            raise LookupError("no such patient")
    except LookupError:
        pass
    else:
        raise AssertionError("the error did not leave the block")
    assert module.sign("a") == "a (nobody)", f"after the error the note is {module.sign('a')!r}"


def check_threads_stay_apart(answer):
    """Two threads that meet inside their blocks sign with their own names."""
    module = answer.load()

    def work(name):
        def run(meet):
            with module.acting_as(name):
                meet.wait()
                note = module.sign("x")
                meet.wait()
            return note

        return run

    notes = at_once(work("Abe"), work("Ito"))
    assert notes == ["x (Abe)", "x (Ito)"], f"Abe's thread signs {notes[0]!r}, Ito's {notes[1]!r}"


def check_tasks_stay_apart(answer):
    """Two tasks that take turns inside their blocks sign with their own names."""
    module = answer.load()

    def work(name):
        async def run():
            with module.acting_as(name):
                await asyncio.sleep(0)
                note = module.sign("x")
                await asyncio.sleep(0)
            return note

        return run

    notes = in_tasks(work("Abe"), work("Ito"))
    assert notes == ["x (Abe)", "x (Ito)"], f"Abe's task signs {notes[0]!r}, Ito's {notes[1]!r}"
