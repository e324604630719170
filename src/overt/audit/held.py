"""What stands in a document and is more than a name: a sample, or an arrow of a diagram, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from overt.model import Location, State, Verdict


@dataclass(frozen=True, slots=True)
class Held:
    """A sample or a part of a diagram, held against evidence or code.

    Args:
        sort: `sample` is run or parsed by a suite, `fence` is code that no suite looks at, `node` and `edge` belong to
            a diagram, `diagram` is a source that cannot be read.
        text: What it is.
        location: Where it stands.
        verdict: Whether it holds.
        hint: What would help.
    """

    sort: Literal["sample", "fence", "node", "edge", "diagram"]
    text: str
    location: Location
    verdict: Verdict
    hint: str = ""

    @property
    def deciding(self) -> bool:
        """Whether its state counts for the exit status: of samples every one, of the rest what is refuted."""
        return self.sort == "sample" or self.verdict.state is State.REFUTED
