"""What two implementations came to in a test, told to whoever records the test."""

from __future__ import annotations

import json
from typing import Protocol

from overt.runtime.observation import Report

COMPARISON = "overt.comparison"
"""Name of the test property that carries a comparison to the ledger."""


class Comparing(Protocol):
    """A guard or a comparison."""

    def report(self) -> Report:
        """Return what was counted and kept so far."""


class Following:
    """What a comparison comes to from now on.

    Args:
        comparison: A guard or a comparison.
        test: The test that it is followed in.
    """

    def __init__(self, comparison: Comparing, test: str) -> None:
        self._comparison, self._test, self._before = comparison, test, comparison.report()

    def property_text(self) -> str:
        """Return what was added since, as a text that a test's property can hold."""
        now, before = self._comparison.report(), self._before
        counts = {name: number - before.counts.get(name, 0) for name, number in now.counts.items()}
        added = now._replace(counts=counts, mismatches=now.mismatches[len(before.mismatches) :])
        return json.dumps({**added.document(), "test": self._test}, separators=(",", ":"))
