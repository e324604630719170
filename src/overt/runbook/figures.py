"""Numbers that a block tells of what it saw: lines of its output like `figure: requests 1204`."""

from __future__ import annotations

import re
from typing import Final

from overt.evidence.records import Figure

UNITS: Final = ("count", "ns", "bytes", "ppm")
_LINE = re.compile(
    rf"^figure: (?P<name>[a-z][a-z0-9_-]{{0,63}}) (?P<value>\d{{1,18}})(?: (?P<unit>{'|'.join(UNITS)}))?$", re.MULTILINE
)
_MOST = 50


def read_figures(output: str) -> tuple[Figure, ...]:
    """Return the numbers in an output, each name once with the last number told of it.

    Args:
        output: What a block printed, as plain text.

    Example:
        >>> read_figures("ready\\nfigure: requests 1204\\nfigure: slowest 81000 ns\\n")[1]
        Figure(name='slowest', value=81000, unit='ns')
    """
    found = {
        line["name"]: Figure(name=line["name"], value=int(line["value"]), unit=line["unit"] or "count")
        for line in _LINE.finditer(output)
    }
    return tuple(found.values())[:_MOST]
