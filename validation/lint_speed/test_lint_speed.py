"""What `overt check` takes beside other linters, for the report: measured once here, in pairs by the benchmarks.

No time is asserted: two shared processors are no scale. `validation/benchmarks/lint_peers.py` and `lint.py` measure the
same in many pairs, with intervals and goals.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
LINES = 60_000


def _loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"overt_{name}", BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("peer", ["flake8-bugbear", "pylint"])
def test_a_linter_that_people_run_beside_ours(peer: str, record_measure: Callable[..., None]) -> None:
    """Both read the same lines and find something; what each took is recorded."""
    pytest.importorskip(peer.partition("-")[0])
    lines, (figure,) = _loaded("lint_peers").run(1, LINES, (peer,))
    assert figure.overt_findings > 0
    assert figure.other_findings > 0
    record_measure(f"lint-speed.{peer}.lines", lines)
    record_measure(f"lint-speed.{peer}.times", int(figure.times))
    record_measure(f"lint-speed.{peer}.overt", round(figure.overt_seconds * 1e9), "ns")
    record_measure(f"lint-speed.{peer}.other", round(figure.other_seconds * 1e9), "ns")
