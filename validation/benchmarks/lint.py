"""What finding hidden state costs: processor time and memory of `overt check`, beside ruff's overlapping rules.

Run it with `python validation/benchmarks/lint.py --pairs 11`. The corpus is the standard library of this Python without
its tests, copied to a temporary folder, and every folder given with `--with`, for example unpacked packages. Each pair
runs both sides, in the order overt-ruff and then ruff-overt (ABBA), so that a drift of the machine weighs on both
alike; the figure is the median of the ratios, with the smallest and the largest beside it.

Measured are, in processor time of all processes of a side:

- `cold`: no cache on either side;
- `parse`: parsing the corpus into syntax trees and nothing else, beside ruff's whole check; what a linter that is
  written in Python and uses Python's own parser cannot go below;
- `warm`: both answer from their caches;
- `changed`: one file of the corpus has changed, all others are answered from the cache; seconds;
- `start`: overt on one small file beside `python -c pass`;
- `memory`: the most that one process of overt holds, cold; read from the process itself, on one processor, because
  what a parent holds when it forks counts as its child's in the usual figure.
"""

from __future__ import annotations

import argparse
import json
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

TESTS = frozenset({"test", "tests", "idle_test", "site-packages"})
"""Folders of the standard library that are not looked at."""

PARSE = """
import gc, os, warnings
gc.disable()
warnings.simplefilter("ignore")
for folder, _, names in os.walk("."):
    for name in names:
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as stream:
                source = stream.read()
            try:
                compile(source, name, "exec", 0x400, dont_inherit=True)
            except (SyntaxError, ValueError):
                pass
"""
MEMORY = """
import os, sys
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from overt.cli.main import main
main(["check", "--no-cache", "--statistics", "."])
sys.stdout.flush()
told = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print("\\npeak", int(told[0].split()[1]) * 1024)
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is measured.

    Args:
        name: Its name.
        unit: `x` for the ratio of two sides, `s` for seconds, `bytes`.
        limit: The most that the median may come to; 0 for none.
        ours: Runs overt and returns what is measured of it.
        other: Runs the other side; None when there is none.
        before: Makes ready for each run of ours.
    """

    name: str
    unit: str
    limit: float
    ours: Callable[[], float]
    other: Callable[[], float] | None = None
    before: Callable[[], object] = dict


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure came to.

    Args:
        name: Its name.
        unit: `x`, `s` or `bytes`.
        runs: How many pairs were run.
        median: The median.
        low: The smallest.
        high: The largest.
        overt: Median of overt alone, seconds or bytes.
        other: Median of the other side alone, seconds; 0 when there is none.
        limit: The most that the median may come to; 0 for none.
    """

    name: str
    unit: str
    runs: int
    median: float
    low: float
    high: float
    overt: float
    other: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether it is within its limit."""
        return not self.limit or self.median <= self.limit

    def told(self) -> str:
        """Return it as a line for people."""
        scale, unit, digits = (1e-6, " MB", 1) if self.unit == "bytes" else (1.0, f" {self.unit}", 3)
        values = [f"{value * scale:.{digits}f}" for value in (self.median, self.low, self.high, self.limit)]
        line = f"{self.name:<8}{values[0]:>8}{unit}  from {values[1]} to {values[2]} in {self.runs}"
        line += f"; at most {values[3]}" if self.limit else ""
        if self.unit == "x":
            line += f"; {self.overt:.3f} s beside {self.other:.3f} s"
        return line + ("" if self.holds else "  PAST ITS LIMIT")


def copy_corpus(target: Path, others: list[Path]) -> tuple[int, int]:
    """Copy the Python files that are looked at; return how many files and lines they are."""
    files, lines = 0, 0
    for number, source in enumerate([Path(sysconfig.get_paths()["stdlib"]), *others]):
        for path in sorted(source.rglob("*.py")):
            relative = path.relative_to(source)
            if not number and TESTS.intersection(relative.parts):
                continue
            place = target / (f"{number}-{source.name}" if number else "stdlib") / relative
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
            files += 1
            lines += place.read_bytes().count(b"\n")
    return files, lines


def run(argv: list[str], cwd: Path) -> tuple[float, bytes]:
    """Run a program and return its processor time in seconds and what it printed.

    Raises:
        SystemExit: It did not end as a linter that ran to its end does.
    """
    environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    done = run_process(argv, cwd=cwd, env=environment, timeout=600, output_limit=20_000)
    # 1 says findings, 3 says that some files of the corpus are Python 2 on purpose.
    if done.exit_code not in {0, 1, 3}:
        raise SystemExit(f"{argv[0]} ended with {done.exit_code}: {done.output[-400:]!r}")
    return done.cpu_ns / 1e9, done.output


def measure(what: Measure, pairs: int) -> Figure:
    """Run the pairs of one measure and sum them up."""
    mine, theirs = [], []
    for pair in range(-1, pairs):
        sides: list[str] = ["ours", "other"] if pair % 2 == 0 else ["other", "ours"]
        spent = {"other": 1.0}
        for side in sides:
            if side == "ours":
                what.before()
                spent[side] = what.ours()
            elif what.other is not None:
                spent[side] = what.other()
        if pair < 0:
            continue  # the first pair fills caches, those of the system too
        mine.append(spent["ours"])
        theirs.append(spent["other"])
        sys.stderr.write(f"{what.name} {pair + 1}/{pairs}: {mine[-1] / theirs[-1]:.3f}\n")
    ratios = [ours / other for ours, other in zip(mine, theirs, strict=True)]
    other = statistics.median(theirs) if what.other is not None else 0.0
    found = (statistics.median(ratios), min(ratios), max(ratios), statistics.median(mine), other)
    return Figure(what.name, what.unit, pairs, *found, what.limit)


def _measures(corpus: Path, small: Path) -> list[Measure]:
    # -P: the corpus must not be imported instead of the standard library.
    python = [sys.executable, "-P"]
    check = [*python, "-m", "overt", "check", "--statistics"]
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--isolated", "--quiet", "--exit-zero"]
    ruff += ["--select", RULES]
    changing = corpus / "stdlib/shutil.py"

    def change() -> None:
        with changing.open("a", encoding="utf-8") as stream:
            stream.write("# changed\n")

    def cpu(argv: list[str], cwd: Path = corpus) -> Callable[[], float]:
        return lambda: run(argv, cwd)[0]

    def peak() -> float:
        return float(run([*python, "-c", MEMORY], corpus)[1].rpartition(b"peak ")[2].split()[0])

    cold = cpu([*ruff, "--no-cache", "."])
    measures = [
        Measure("cold", "x", 6.5, cpu([*check, "--no-cache", "."]), cold),
        Measure("parse", "x", 0, cpu([*python, "-c", PARSE]), cold),
        Measure("warm", "x", 0.4, cpu([*check, "."]), cpu([*ruff, "."])),
        Measure("changed", "s", 0.08, cpu([*check, "."]), before=change),
        Measure("start", "x", 5.0, cpu([*check, "--no-cache", "a.py"], small), cpu([*python, "-c", "pass"], small)),
    ]
    if Path("/proc/self/status").is_file():
        measures.append(Measure("memory", "bytes", 60_000_000, peak))
    return measures


def main() -> int:
    """Measure, tell the figures, and exit 1 when one of them is past its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=11, help="how many pairs to run (default: 11)")
    parser.add_argument(
        "--with", dest="others", type=Path, action="append", default=[], help="a further folder of code"
    )
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="measure this only")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if options.pairs < 1:
        parser.error("--pairs takes a number from 1")
    with tempfile.TemporaryDirectory() as folder:
        corpus, small = Path(folder, "corpus"), Path(folder, "small")
        files, lines = copy_corpus(corpus, options.others)
        small.mkdir()
        (small / "a.py").write_text("import os\n\n\ndef f(x):\n    return os.fspath(x)\n", "utf-8")
        wanted = [each for each in _measures(corpus, small) if not options.only or each.name in options.only]
        figures = [measure(each, options.pairs) for each in wanted]
    if options.json:
        told = {"files": files, "lines": lines, "ruff_rules": RULES, "python": sys.version.split()[0]}
        print(json.dumps({**told, "figures": [asdict(figure) for figure in figures]}))
    else:
        print(f"{files:,} files, {lines:,} lines, Python {sys.version.split()[0]}")
        print("\n".join(figure.told() for figure in figures))
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
