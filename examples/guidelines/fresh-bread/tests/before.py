"""The oven of a bakery is tested."""

import time


def test_bread_is_baked(oven) -> None:
    """What was ordered lies on the shelf."""
    oven.bake("rye")
    time.sleep(0.01)
    assert oven.shelf() == ["rye"]
