"""Every Python sample of the library's reference pages runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def samples(page: str) -> list[str]:
    """Return the Python samples of a page."""
    return re.findall(
        r"^```python\n(.*?)^```$", (REFERENCE / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.mark.parametrize(("page", "least"), [("runtime.md", 7), ("flags.md", 2), ("testing.md", 3)])
def test_the_samples_of_a_page_run(page: str, least: int) -> None:
    """Each on its own, as a reader would copy it."""
    found = samples(page)
    assert len(found) >= least
    for number, sample in enumerate(found):
        exec(compile(sample, f"{page}, sample {number + 1}", "exec"), {"__name__": "sample"})
