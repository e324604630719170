"""Names of records: the same thing has the same name in every run."""

from __future__ import annotations

import hashlib

from overt.model import Finding


def case_id(suite: str, name: str, attempt: int = 1) -> str:
    """Return the id of one attempt at a test.

    Example:
        >>> case_id("unit", "tests/test_cart.py::test_total", 2)
        'test:unit:tests/test_cart.py::test_total#2'
    """
    return f"test:{suite}:{name}" if attempt == 1 else f"test:{suite}:{name}#{attempt}"


def finding_id(suite: str, finding: Finding) -> str:
    """Return the id of a finding: from what it says and where, not from its line, so that it survives edits above."""
    content = "|".join((finding.tool, finding.key, finding.message))
    digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:12]
    return f"finding:{suite}:{finding.rule}:{finding.location.path}:{digest}"


class Numbering:
    """Tells things apart that have the same name: the second becomes `name~2`.

    Example:
        >>> numbering = Numbering()
        >>> numbering.unique("a"), numbering.unique("a")
        ('a', 'a~2')
    """

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """Return the name, with a number when it was given before."""
        seen = self._seen
        if name not in seen:
            seen[name] = 1
            return name
        seen[name] += 1
        return f"{name}~{seen[name]}"
