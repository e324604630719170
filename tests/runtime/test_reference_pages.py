"""Every Python sample of the library's pages runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = {"reference/runtime.md": 7, "reference/flags.md": 2, "reference/testing.md": 3}
PAGES = {**REFERENCE, **{path.relative_to(DOCS).as_posix(): 1 for path in sorted(DOCS.glob("how-to/runtime/*.md"))}}
"""Each page, and how many samples it has at least."""


def samples(page: str) -> list[str]:
    """Return the Python samples of a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^```python(?: \{ \.run \})?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_each_system_has_its_page() -> None:
    """Six pages beside the reference."""
    assert len(PAGES) == len(REFERENCE) + 6


@pytest.mark.parametrize(("page", "least"), PAGES.items())
def test_the_samples_of_a_page_run(page: str, least: int) -> None:
    """Each on its own, as a reader would copy it."""
    found = samples(page)
    assert len(found) >= least
    for number, sample in enumerate(found):
        exec(compile(sample, f"{page}, sample {number + 1}", "exec"), {"__name__": "sample"})
