"""The oven of a bakery is tested."""

from overt.testing import wait_for


def test_bread_is_baked(oven) -> None:
    """What was ordered lies on the shelf."""
    oven.bake("rye")
    assert wait_for(oven.shelf, timeout=60) == ["rye"]
