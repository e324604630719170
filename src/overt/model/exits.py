"""The exit statuses, the same for every verb."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a verb tells the shell.

    Example:
        >>> int(Exit.REFUTED)
        1
    """

    PROVED = 0
    """Everything that was asked for holds."""
    REFUTED = 1
    """Something was measured and does not hold."""
    USAGE = 2
    """The command line or the configuration is wrong."""
    UNCHECKED = 3
    """Something could not be checked: never reported as green."""
    INTERNAL = 4
    """overt itself failed."""
