"""What an answer to the guest list must do."""

from overt.training.probes import changed_state, interleave, repeat


def _evening(module, names):
    guests = module.invite(names[0])
    yield list(guests)
    for name in names[1:]:
        yield list(module.invite(name, guests))


def check_a_given_list_grows(answer):
    """A list that is given gets the name, even one that is empty so far."""
    module = answer.load()
    guests = []
    module.invite("Ana", guests)
    module.invite("Bo", guests)
    assert guests == ["Ana", "Bo"], f"an empty list that was given twice holds {guests}, not ['Ana', 'Bo']"


def check_a_new_list_begins_empty(answer):
    """Without a list, only the one name is on it, each time."""
    module = answer.load()
    repeat(lambda: list(module.invite("Ana")))


def check_two_premieres_stay_apart(answer):
    """Two lists that are written in turn hold their own guests."""
    module = answer.load()
    lists = interleave(_evening(module, ["Ana", "Bo"]), _evening(module, ["Cy", "Di"]))
    told = [lists[0][-1], lists[1][-1]]
    assert told == [["Ana", "Bo"], ["Cy", "Di"]], f"written in turn, the lists are {told[0]} and {told[1]}"


def check_the_function_remembers_nothing(answer):
    """After a call, neither the module nor the function is different."""
    module = answer.load()
    changed = changed_state(module, lambda: module.invite("Ana"))
    assert not changed, f"inviting somebody changes {', '.join(changed)}"
