"""What every record of the ledger has."""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", gc=False):
    """What every record has.

    Args:
        id: Stable name, unique in the run: kind, suite and what it is about, for example `test:unit:tests/a.py::b`.
        suite: Suite that observed it.
    """

    id: str
    suite: str
