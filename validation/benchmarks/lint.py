"""What finding hidden state costs: processor time of `overt check` against ruff's overlapping rules, in pairs.

Run it with `python validation/benchmarks/lint.py --pairs 11`. The corpus is the standard library of this Python, copied
to a temporary folder. Each pair runs both sides, in the order overt-ruff and then ruff-overt (ABBA), so that a drift of
the machine weighs on both alike; the figure is the median of the ratios, with the smallest and the largest beside it.

Measured are: `cold` (no cache on either side), `warm` (both answer from their caches), and `start` (overt on one small
file against `python -c pass`).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from overt.system.process import run_process

RULES = "PLW0603,RUF012,RUF006,B003,B006,B019,B039,PLW0604"
"""The rules of ruff that concern hidden state."""

LEFT_OUT = frozenset({"CI", "NO_COLOR", "PYTHONDONTWRITEBYTECODE"})
"""Variables that would change what is measured: an installed program finds its own modules compiled."""

LIMITS = {"cold": 6.5, "warm": 0.4, "start": 6.0}
"""The most that each measure may come to, as a ratio of processor time."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure.

    Args:
        name: `cold`, `warm` or `start`.
        pairs: How many pairs were run.
        median: Median ratio, overt to the other side.
        low: Smallest ratio of a pair.
        high: Largest ratio of a pair.
        overt_seconds: Median processor time of overt, seconds.
        other_seconds: Median processor time of the other side, seconds.
        peak_bytes: Largest resident memory of overt, bytes.
        limit: The most that the median may come to.
    """

    name: str
    pairs: int
    median: float
    low: float
    high: float
    overt_seconds: float
    other_seconds: float
    peak_bytes: int
    limit: float


def copy_corpus(target: Path) -> int:
    """Copy the Python files of the standard library and return how many lines they have."""
    source, lines = Path(sysconfig.get_paths()["stdlib"]), 0
    for path in sorted(source.rglob("*.py")):
        relative = path.relative_to(source)
        if "site-packages" in relative.parts:
            continue
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        lines += place.read_bytes().count(b"\n")
    return lines


def spend(argv: list[str], cwd: Path) -> tuple[float, int]:
    """Run a program and return its processor time in seconds and its peak memory in bytes.

    Raises:
        SystemExit: It did not end as a linter that ran to its end does.
    """
    environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    done = run_process(argv, cwd=cwd, env=environment, timeout=600, output_limit=2_000)
    # 1 says findings, 3 says that some files of the corpus are Python 2 on purpose.
    if done.exit_code not in {0, 1, 3}:
        raise SystemExit(f"{argv[0]} ended with {done.exit_code}: {done.output[-400:]!r}")
    return done.cpu_ns / 1e9, done.peak_bytes


Side = Callable[[], tuple[float, int]]


def measure(name: str, ours: Side, other: Side, pairs: int) -> Figure:
    """Run the pairs of one measure and sum them up."""
    ours(), other()
    ratios, mine, theirs, peak = [], [], [], 0
    for pair in range(pairs):
        first, second = (ours, other) if pair % 2 == 0 else (other, ours)
        spent = {first: first(), second: second()}
        mine.append(spent[ours][0])
        theirs.append(spent[other][0])
        peak = max(peak, spent[ours][1])
        ratios.append(math.log(mine[-1] / theirs[-1]))
        sys.stderr.write(f"{name} {pair + 1}/{pairs}: {math.exp(ratios[-1]):.2f}\n")
    return Figure(
        name,
        pairs,
        math.exp(statistics.median(ratios)),
        math.exp(min(ratios)),
        math.exp(max(ratios)),
        statistics.median(mine),
        statistics.median(theirs),
        peak,
        LIMITS[name],
    )


def run(pairs: int) -> tuple[int, list[Figure]]:
    """Measure everything; return how many lines the corpus has, and the figures."""
    # -P: the corpus must not be imported instead of the standard library.
    overt = [sys.executable, "-P", "-m", "overt", "check", "--statistics"]
    ruff = [
        str(Path(sys.executable).with_name("ruff")),
        "check",
        "--isolated",
        "--quiet",
        "--exit-zero",
        "--select",
        RULES,
    ]
    with tempfile.TemporaryDirectory() as folder:
        corpus, small = Path(folder, "corpus"), Path(folder, "small")
        lines = copy_corpus(corpus)
        small.mkdir()
        (small / "a.py").write_text("import os\n\n\ndef f(x):\n    return os.fspath(x)\n", "utf-8")
        sides: dict[str, tuple[Side, Side]] = {
            "cold": (
                lambda: spend([*overt, "--no-cache", "."], corpus),
                lambda: spend([*ruff, "--no-cache", "."], corpus),
            ),
            "warm": (lambda: spend([*overt, "."], corpus), lambda: spend([*ruff, "."], corpus)),
            "start": (
                lambda: spend([sys.executable, "-P", "-m", "overt", "check", "--no-cache", "a.py"], small),
                lambda: spend([sys.executable, "-c", "pass"], small),
            ),
        }
        return lines, [measure(name, *both, pairs) for name, both in sides.items()]


def main() -> int:
    """Measure, tell the figures, and exit 1 when one of them is past its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=11, help="how many pairs to run (default: 11)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if options.pairs < 1:
        parser.error("--pairs takes a number from 1")
    lines, figures = run(options.pairs)
    if options.json:
        print(json.dumps({"lines": lines, "ruff_rules": RULES, "figures": [asdict(figure) for figure in figures]}))
    else:
        for f in figures:
            print(
                f"{f.name}: {f.median:.2f} x (pairs: {f.pairs}, from {f.low:.2f} to {f.high:.2f}; limit {f.limit:.2f}; "
                f"overt {f.overt_seconds:.3f} s, other {f.other_seconds:.3f} s, peak {f.peak_bytes / 1e6:.0f} MB)"
            )
    return 0 if all(figure.median <= figure.limit for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
