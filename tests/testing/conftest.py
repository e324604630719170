"""What the tests of the test helpers share."""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(autouse=True, scope="module")
def what_came_before_is_set_aside() -> None:
    """Slopes are measured between full garbage collections, which would go through all that other tests left."""
    gc.collect()
    gc.freeze()
