"""What a project states about itself."""

from __future__ import annotations

from dataclasses import dataclass

from overt.model.location import Location


@dataclass(frozen=True, slots=True)
class Claim:
    """A named statement that evidence can hold or refute.

    Args:
        name: How documents link to it: `claim:NAME`.
        expect: Expression over evidence that must be true, for example `tests.failed == 0`.
        text: The statement in words; empty means the expression speaks for itself.
        location: Where it is declared.
    """

    name: str
    expect: str
    text: str = ""
    location: Location = Location("overt.toml")
