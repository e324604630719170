"""What is shared among processes, tested in a process that has no other threads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path


def test_work_is_shared_among_processes() -> None:
    """Every test of `workers_alone.py` passes there; in this process threads of the test runner may forbid copies."""
    tests = Path(__file__).with_name("workers_alone.py")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", str(tests)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=100, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) >= 9
