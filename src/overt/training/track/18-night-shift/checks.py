"""What an answer to the night shift must do."""

import asyncio


class Projector:
    """Shows a film until it is cancelled.

    Args:
        warm_up: Seconds that the lamp takes.
        shown: What is shown instead.
        stays_lit: Whether the film stays on the screen after the end.
    """

    def __init__(self, warm_up=0.0, shown="", stays_lit=False):
        self.running, self.screen = asyncio.Event(), ""
        self._warm_up, self._shown, self._stays_lit = warm_up, shown, stays_lit

    async def run(self, film):
        await asyncio.sleep(self._warm_up)
        self.screen = self._shown or film
        self.running.set()
        try:
            await asyncio.Event().wait()
        finally:
            if not self._stays_lit:
                self.screen = ""


def _test(answer, **projector):
    """Run the test of the answer; return whether it fails, and how many tasks it leaves behind."""
    module = answer.load()

    async def run():
        failed, before = False, asyncio.all_tasks()
        try:
            await module.test_a_film_is_shown(Projector(**projector))
        except AssertionError:
            failed = True
        return failed, len(asyncio.all_tasks() - before)

    return asyncio.run(asyncio.wait_for(run(), 8))


def check_a_right_projector_passes(answer):
    """With a projector that does what it should, the test passes."""
    failed, _ = _test(answer)
    assert not failed, "the test fails with a projector that does what it should"


def check_a_slow_lamp_passes(answer):
    """With a lamp that takes its time, the test passes, too."""
    failed, _ = _test(answer, warm_up=0.4)
    assert not failed, "the test fails when the lamp takes 0.4 seconds"


def check_another_film_is_noticed(answer):
    """With a projector that shows another film, the test fails."""
    failed, _ = _test(answer, shown="Gilda")
    assert failed, "the projector shows Gilda instead of Metropolis, and the test passes"


def check_a_lit_screen_is_noticed(answer):
    """With a projector that stays lit after the end, the test fails."""
    failed, _ = _test(answer, stays_lit=True)
    assert failed, "the film is still on the screen after the end, and the test passes"


def check_no_task_is_left(answer):
    """When the test ends, passed or failed, no task is left."""
    for passes, projector in ((True, {}), (False, {"shown": "Gilda"})):
        _, left = _test(answer, **projector)
        told = "passes" if passes else "fails"
        assert left == 0, f"a test that {told} leaves {left} task{'s' * (left > 1)} running"
