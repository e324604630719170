"""What an answer to the cloakroom must do."""

from overt.training.probes import interleave, repeat


class Clock:
    """Shows what it is set to."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds

    def __call__(self):
        return self.seconds


def _coat(module, seconds):
    clock = Clock(1_000_000.0)
    room = module.CoatCheck(now=clock)
    room.leave(7)
    clock.seconds += seconds
    return room.collect(7)


def _evening(module, hours):
    clock = Clock()
    room = module.CoatCheck(now=clock)
    room.leave(7)
    yield 0
    clock.seconds += 3600 * hours
    yield room.collect(7)


def check_hours_that_have_begun_count(answer):
    """A minute costs 100 cents, an hour and a second 200, three hours 300."""
    module = answer.load()
    costs = [_coat(module, seconds) for seconds in (60, 3601, 3 * 3600)]
    assert costs == [100, 200, 300], f"after a minute, an hour and a second, three hours it costs {costs}"


def check_the_machine_has_no_say(answer):
    """With the same clock the same coat costs the same, each time."""
    module = answer.load()
    cost = repeat(lambda: _coat(module, 2 * 3600))
    assert cost == 200, f"two hours cost {cost}"


def check_two_clocks_stay_apart(answer):
    """Two cloakrooms with two clocks, used in turn, ask their own price."""
    module = answer.load()
    costs = [steps[-1] for steps in interleave(_evening(module, 5), _evening(module, 1))]
    assert costs == [500, 100], f"five hours here and one there cost {costs}"


def check_without_a_clock_it_is_the_machines(answer):
    """Opened without a clock, a coat that comes and goes costs 100 cents."""
    room = answer.load().CoatCheck()
    room.leave(7)
    cost = room.collect(7)
    assert cost == 100, f"a coat that goes at once costs {cost}"
