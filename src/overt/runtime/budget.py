"""How much time something may take that is not the work itself."""

from __future__ import annotations


class Budget:
    """So many seconds of every second, and as many at once.

    What is spent beyond that pauses it: after a second that took ten, a budget of a quarter waits for forty.

    Args:
        share: Seconds of every second; None for no limit.

    Raises:
        ValueError: Not more than 0.

    Example:
        >>> budget = Budget(0.25)
        >>> budget.allows(0), budget.spend(10**9, 0), budget.allows(2 * 10**9), budget.allows(4 * 10**9)
        (True, None, False, True)
    """

    __slots__ = ("_at", "_left", "_most", "_share")

    def __init__(self, share: float | None) -> None:
        if share is not None and not share > 0:
            raise ValueError(f"a budget is more than 0 seconds of every second, not {share}")
        self._share = share
        self._most = self._left = (share or 0.0) * 1e9
        self._at = 0

    def allows(self, now_ns: int) -> bool:
        """Tell whether there is some left.

        Args:
            now_ns: Now, nanoseconds that never go back.
        """
        if self._share is None:
            return True
        # Without a lock: two threads at once lose at most what one of them has gained meanwhile.
        self._left = min(self._most, self._left + (now_ns - self._at) * self._share)
        self._at = now_ns
        return self._left >= 0

    def spend(self, duration_ns: int, now_ns: int) -> None:
        """Take what was used.

        Args:
            duration_ns: How long it took, nanoseconds.
            now_ns: Now, nanoseconds that never go back.
        """
        if self._share is not None:
            self._left = min(self._most, self._left + (now_ns - self._at) * self._share) - duration_ns
            self._at = now_ns
