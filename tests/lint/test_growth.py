"""Sources that are long, deep or tangled: what they cost grows with their length, and none is too much."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_a_long_chain_of_calls_is_followed_to_its_beginning(look: Look) -> None:
    """Three thousand private functions, each called by the one before, the first at import."""
    chained = "".join(f"def _step_{n}():\n    _step_{n + 1}()\n" for n in range(3000))
    assert look(f"rows = []\n{chained}def _step_3000():\n    rows.append(1)\n_step_0()\n") == []
    started = f"rows = []\n{chained}def _step_3000():\n    rows.append(1)\n\ndef start():\n    _step_0()\n"
    assert [code for code, *_ in look(started)] == ["OV202"]


@pytest.mark.parametrize(
    ("started", "severities"),
    [
        ("_left_0()\n_right_0()\n", []),
        ('if __name__ == "__main__":\n    _left_0()\n    _right_0()\n', ["note"]),
        ("def start():\n    _left_0()\n", ["warning"]),
    ],
)
def test_every_path_through_tangled_calls_is_not_walked(look: Look, started: str, severities: list[str]) -> None:
    """Sixty layers of two functions that call both of the next: a thousand million million paths."""
    layers = "".join(
        f"def _{side}_{n}():\n    _left_{n + 1}()\n    _right_{n + 1}()\n"
        for n in range(60)
        for side in ("left", "right")
    )
    ends = "def _left_60():\n    rows.append(1)\n\ndef _right_60():\n    rows.append(1)\n\n"
    assert [severity for _, severity, *_ in look(f"rows = []\n{layers}{ends}{started}")] == severities


def test_each_of_many_handles_is_told_apart(look: Look) -> None:
    """A thread whose handle is read is kept; the one that is only started and given a name is not."""
    used = "".join(f"    t{n} = threading.Thread()\n    t{n}.start()\n    t{n}.join()\n" for n in range(50))
    lost = "    t7 = threading.Thread()\n    t7.daemon = True\n    t7.start()\n"
    assert look(f"import threading\ndef run():\n{used}") == []
    assert [code for code, *_ in look(f"import threading\ndef run():\n{lost}")] == ["OV602"]
