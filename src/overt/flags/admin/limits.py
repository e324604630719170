"""How often somebody may try to come in."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Callable


class _Tries:
    """Failed tries from one place."""

    __slots__ = ("at", "count", "until")

    def __init__(self) -> None:
        self.count, self.at, self.until = 0, 0.0, 0.0


class Backoff:
    """Lets a number of tries pass, then one at a time with a pause that doubles.

    Args:
        clock: Returns seconds that never go back.
        free: Tries without a pause.
        longest: Seconds of the longest pause; after twice as long without a try everything is forgotten.
        places: How many places are remembered; the one longest ago is forgotten first.

    Example:
        >>> backoff = Backoff(lambda: 0.0, free=2, longest=60)
        >>> [backoff.take("here") for _ in range(4)]
        [0.0, 0.0, 1.0, 1.0]
    """

    def __init__(self, clock: Callable[[], float], *, free: int, longest: float, places: int = 1024) -> None:
        self._clock, self._free, self._longest, self._places = clock, free, longest, places
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many places are remembered."""
        return len(self._tries)

    def take(self, place: str) -> float:
        """Count a try, before it is looked at, so that tries at the same moment count too.

        Returns:
            Seconds to wait; 0 when the try may be looked at. One that has to wait is not counted.
        """
        with self._lock:
            now = self._clock()
            tries = self._tries.get(place)
            if tries is None or now - tries.at > 2 * self._longest:
                tries = self._tries[place] = _Tries()
            self._tries.move_to_end(place)
            if now < tries.until:
                return tries.until - now
            tries.count, tries.at = tries.count + 1, now
            if tries.count >= self._free:
                # Capped before it is raised, so that years of tries make no number without end.
                tries.until = now + min(self._longest, 2.0 ** min(tries.count - self._free, 30))
            while len(self._tries) > self._places:
                self._tries.popitem(last=False)
            return 0.0

    def forgive(self, place: str, *, wholly: bool) -> None:
        """Take back a try that was a good one.

        Args:
            place: Where it came from.
            wholly: Whether those before it are forgotten as well.
        """
        with self._lock:
            tries = self._tries.get(place)
            if tries is None:
                return
            tries.count -= 1
            if wholly or tries.count <= 0:
                del self._tries[place]
            elif tries.count < self._free:
                tries.until = 0.0


class LoginLimits:
    """Limits tries to come in, for each address and for all of them together.

    Args:
        clock: Returns seconds that never go back.
        free: Tries of one address without a pause.
        free_of_all: Tries of all addresses without a pause.
    """

    def __init__(self, clock: Callable[[], float], *, free: int = 5, free_of_all: int = 60) -> None:
        self._each = Backoff(clock, free=free, longest=900.0)
        self._all = Backoff(clock, free=free_of_all, longest=30.0)

    def take(self, address: str) -> float:
        """Count a try; return the seconds to wait, 0 when it may be looked at."""
        wait = self._each.take(_place(address))
        return wait or self._all.take("")

    def succeeded(self, address: str) -> None:
        """Forget the tries of an address from which the right token came."""
        self._each.forgive(_place(address), wholly=True)
        self._all.forgive("", wholly=False)


def _place(address: str) -> str:
    """Return what counts as one place: an address, or the network of 64 bits that one customer has of IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
