"""What running a suite again came to."""

from __future__ import annotations

from overt.evidence.record_base import Record


class Rerun(Record, frozen=True, kw_only=True, tag="rerun"):
    """A suite that was run again to see whether an earlier run can be relied on.

    Args:
        of: Name of the run that it was compared with.
        seal: Seal of that run.
        compared: How many tests, findings and exit statuses were compared.
        agrees: Whether all of them were the same, and there was at least one.
        differences: What was not the same, by name.
        notes: What else differed between the two machines.
    """

    of: str
    seal: str
    compared: int
    agrees: bool
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
