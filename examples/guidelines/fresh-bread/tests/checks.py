"""What a test of an oven has to stand."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event


class Oven:
    """Bakes in another thread, and is done when it is done."""

    def __init__(self, baker, ready):
        self._baker, self._ready = baker, ready
        self._baked = []
        self.looked = Event()

    def bake(self, loaf):
        """Begin."""
        self._baker.submit(self._bake, loaf)

    def _bake(self, loaf):
        assert self._ready(self).wait(60)
        self._baked.append(loaf)

    def shelf(self):
        """Return what is baked."""
        seen = list(self._baked)
        self.looked.set()
        return seen


class Synchronous:
    """Bakes at once, in the thread of the caller."""

    def submit(self, bake, loaf):
        """Do it now."""
        bake(loaf)


def alone(module):
    """The bread is done before anybody looks."""
    done = Event()
    done.set()
    module.test_bread_is_baked(Oven(Synchronous(), lambda _: done))


def together(module):
    """The machine is busy: the bread is not done when the test looks for the first time."""
    with ThreadPoolExecutor(1) as baker:
        module.test_bread_is_baked(Oven(baker, lambda oven: oven.looked))
