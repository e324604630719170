"""A run written down in the formats that other tools read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from overt.evidence.durations import durations_of, write_durations
from overt.evidence.export_ctrf import to_ctrf
from overt.evidence.export_in_toto import to_in_toto
from overt.evidence.export_junit import to_junit
from overt.evidence.export_sarif import to_sarif
from overt.evidence.reader import Run
from overt.model import Exit, OvertError

__all__ = ["EXPORTS", "to_ctrf", "to_durations", "to_in_toto", "to_junit", "to_sarif"]


def to_durations(run: Run) -> bytes:
    """Return how long the suites of a run took, as shards are balanced by.

    Args:
        run: The run; whole, not a part of one.

    Raises:
        OvertError: No suite of it ran to its end.
    """
    durations = durations_of([run])
    if not durations.suites:
        message = f"{run.name} tells no durations: it is a part of a run, or no suite of it ran to its end"
        raise OvertError(message, hint="name a whole or a merged run", exit=Exit.UNCHECKED)
    return write_durations(durations)


EXPORTS: Final[Mapping[str, Callable[[Run], bytes]]] = MappingProxyType(
    {"junit": to_junit, "ctrf": to_ctrf, "sarif": to_sarif, "in-toto": to_in_toto, "durations": to_durations}
)
"""Writer of each format."""
