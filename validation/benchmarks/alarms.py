"""How often comparisons and leak checks alarm at nothing, and whether they alarm at a planted slowdown and leak.

python validation/benchmarks/alarms.py --runs 100            on the machine as it is
python validation/benchmarks/alarms.py --runs 100 --hogs 2   beside two programs that take all the processor they get

Each run compares a piece of work with itself (A/A), with the same work made 20 % longer, and follows what a cycle that
keeps nothing, and one that keeps a kilobyte, holds. It exits 1 when A/A alarmed or a defect was missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from overt.testing.paired import Compared, compare
from overt.testing.slope import Slope, measure, traced_bytes

KEPT = 1024
SLOWER = 1.2
BAND = 0.02
LEAK_TOLERANCE = 32.0
"""Bytes a cycle that count as none: the list that keeps things has room to spare, which comes in steps."""


@dataclass
class Tally:
    """What runs came to.

    Args:
        runs: How many.
        hogs: Programs that took processor time beside them.
        load: Load of the machine at the start and at the end, over one minute.
        same_alarms: Comparisons of a thing with itself whose interval lay wholly beyond the band; two a run.
        same_undecided: Those whose interval did not lie wholly inside it.
        slow_found: Planted slowdowns whose interval excludes 1.
        slow_beyond: Of these, those whose interval lies wholly beyond the band.
        slow_not_comparable: Those that counted for nothing, because the control beside them alarmed.
        slow_ratios: The estimates.
        flat_alarms: Cycles that keep nothing and were said to leak.
        leaks_found: Planted leaks whose interval excludes the tolerance.
        leaks_true: Of these, those within 10 % of their true size.
        leak_bytes: The estimates.
    """

    runs: int
    hogs: int
    load: list[float] = field(default_factory=list)
    same_alarms: int = 0
    same_undecided: int = 0
    slow_found: int = 0
    slow_beyond: int = 0
    slow_not_comparable: int = 0
    slow_ratios: list[float] = field(default_factory=list)
    flat_alarms: int = 0
    leaks_found: int = 0
    leaks_true: int = 0
    leak_bytes: list[float] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing alarmed at nothing, and every defect was found."""
        found = min(self.slow_found + self.slow_not_comparable, self.leaks_true)
        return self.same_alarms == self.flat_alarms == 0 and found == self.runs


def work(times: int) -> Callable[[int], None]:
    """Return a side of a benchmark: a dictionary filled and read so many times an operation."""

    def side(operations: int) -> None:
        for _ in range(operations):
            for _ in range(times):
                table = {"a": 1, "b": 2, "c": 3}
                table["d"] = len(table)

    return side


def same_and_slower(tally: Tally) -> None:
    """Compare work with itself, and with more of it."""
    same: Compared = compare("same", band=BAND, before=work(100), after=work(100))
    for found in (same.ratio, same.control):
        verdict = found.verdict(BAND)
        tally.same_alarms += verdict in {"slower", "faster"}
        tally.same_undecided += verdict == "inconclusive"
    slow = compare("slower", band=BAND, before=work(100), after=work(round(100 * SLOWER)))
    tally.slow_found += slow.verdict == "slower" and slow.ratio.low > 1
    tally.slow_beyond += slow.ratio.verdict(BAND) == "slower"
    tally.slow_not_comparable += slow.verdict == "not comparable"
    tally.slow_ratios.append(round(slow.ratio.value, 4))


def followed(*, keeps: bool) -> Slope:
    """Follow what a cycle holds that keeps a kilobyte, or nothing."""
    kept: list[bytes] = []

    def cycle() -> None:
        made = bytes(KEPT - sys.getsizeof(b""))
        if keeps:
            kept.append(made)

    with traced_bytes() as read:
        return measure(cycle, read, cycles=50, points=20)


def flat_and_leaking(tally: Tally) -> None:
    """Look for a leak where there is none, and where there is one."""
    tally.flat_alarms += followed(keeps=False).low > LEAK_TOLERANCE
    leak = followed(keeps=True)
    tally.leaks_found += leak.low > LEAK_TOLERANCE
    tally.leaks_true += abs(leak.value - KEPT) <= KEPT / 10
    tally.leak_bytes.append(round(leak.value, 1))


@contextmanager
def hogs(number: int) -> Iterator[None]:
    """Let programs take all the processor they get, for the time of a block."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(number)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def count(runs: int, beside: int) -> Tally:
    """Run it all so many times.

    Args:
        runs: How many times.
        beside: How many programs take processor time meanwhile.
    """
    tally = Tally(runs, beside)
    with hogs(beside):
        tally.load.append(round(os.getloadavg()[0], 2))
        for _ in range(runs):
            same_and_slower(tally)
            flat_and_leaking(tally)
        tally.load.append(round(os.getloadavg()[0], 2))
    return tally


def shown(tally: Tally) -> str:
    """Return what came of it, for people."""
    ratios, leaks = sorted(tally.slow_ratios), sorted(tally.leak_bytes)
    return (
        f"{tally.runs} runs beside {tally.hogs} hogs, load {' to '.join(map(str, tally.load))}\n"
        f"  A/A: {tally.same_alarms} alarms in {2 * tally.runs} comparisons, {tally.same_undecided} undecided\n"
        f"  20 % slower: {tally.slow_found} found, {tally.slow_not_comparable} not comparable; "
        f"estimates {ratios[0]:.3f} to {ratios[-1]:.3f}\n"
        f"  nothing kept: {tally.flat_alarms} alarms\n"
        f"  {KEPT:,} bytes kept: {tally.leaks_true} within 10 %; estimates {leaks[0]:,.0f} to {leaks[-1]:,.0f} bytes\n"
    )


def main() -> int:
    """Run from the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--runs", type=int, default=100)
    made.add_argument("--hogs", type=int, default=0)
    made.add_argument("--json", action="store_true")
    options = made.parse_args()
    tally = count(options.runs, options.hogs)
    sys.stdout.write(json.dumps(asdict(tally)) + "\n" if options.json else shown(tally))
    return 0 if tally.holds else 1


if __name__ == "__main__":
    sys.exit(main())
