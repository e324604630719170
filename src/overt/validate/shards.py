"""Names of records that every shard of a run has for itself."""

from __future__ import annotations

from overt.validate.context import Context


def shard_id(sort: str, context: Context, part: str = "") -> str:
    """Return the id of a record about a suite as a whole, which differs from shard to shard.

    Args:
        sort: What it is, for example `suite`.
        context: The suite.
        part: Tells several records of one sort apart.
    """
    shard = context.choice.shard.replace("/", "-of-")
    return ":".join(filter(None, (sort, context.name, part, shard)))
