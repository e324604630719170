"""What the records of a campaign are made of."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]*$", description="Lower-case letters, digits, `-`, `_`, `.`")]
Seconds = Annotated[float, Meta(gt=0, description="Seconds")]
IsoDate = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="Date as YYYY-MM-DD")]
Text = Annotated[str, Meta(min_length=1)]
Dotted = Annotated[str, Meta(pattern=r"^:?[A-Za-z_]\w*[!?]?(\.[A-Za-z_]\w*[!?]?)*(\.\*)?$")]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of `overt.toml`; keys are written with hyphens."""
