"""What all systems have in common that can be switched while they are used."""

from __future__ import annotations

from typing import Any

from overt.runtime.closing import Closing
from overt.runtime.figures import Figures
from overt.runtime.switch import Pair


class Switched(Closing):
    """A system over both of its implementations."""

    _pair: Pair[Any]

    def stats(self) -> Figures:
        """Return the figures of both, added up."""
        one, other = self._pair.new.stats(), self._pair.legacy.stats()
        return Figures({name: one[name] + other[name] for name in one})

    def close(self) -> None:
        """Close both."""
        self._pair.new.close()
        self._pair.legacy.close()
