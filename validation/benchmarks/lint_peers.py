"""What finding hidden state costs beside the linters that people already run: flake8 with bugbear, and pylint.

Run it with `python validation/benchmarks/lint_peers.py`. The corpus is a part of the standard library of this Python,
every n-th file of it, so that pylint needs a minute and not an hour; how many lines that are is printed. Each pair runs
`overt check` with all of its rules and no cache next to the other linter, in turns overt first and overt last, one
process each; processor time is that of the whole program, its start included. The figure is how many times the other
linter takes as long, with its 95 % interval (Wilcoxon signed rank).

flake8 runs with bugbear's rules selected and without overt's own plug-in. pylint runs with everything off but the nine
messages that speak of the same things as overt.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from overt.system.process import run_process
from overt.testing.ratio import ratio

sys.path.insert(0, str(Path(__file__).parent))  # so that a test can import this file
from lint import LEFT_OUT, copy_corpus

PYLINT = (
    "global-statement",
    "global-variable-undefined",
    "global-variable-not-assigned",
    "global-at-module-level",
    "dangerous-default-value",
    "method-cache-max-size-none",
    "bad-thread-instantiation",
    "shallow-copy-environ",
    "subprocess-popen-preexec-fn",
)
"""The messages of pylint that speak of state that is shared or of what belongs to the whole process."""

GOALS = {"flake8-bugbear": 20.0, "pylint": 45.0}
"""The least number of times that each peer is to take as long."""

_FLAKE8 = """\
import importlib.metadata as metadata, sys
found = metadata.distributions
metadata.distributions = lambda **given: (one for one in found(**given) if one.metadata["Name"] != "overt")
from flake8.main.cli import main
sys.exit(main(sys.argv[1:]))
"""
_ENDED = {"overt": {0, 1, 3}, "flake8-bugbear": {0, 1}, "pylint": set(range(32))}


@dataclass(frozen=True, slots=True)
class Figure:
    """One peer.

    Args:
        name: `flake8-bugbear` or `pylint`.
        pairs: How many pairs were run.
        times: How many times as long it takes.
        low: Lower end of the interval; 0 when there are too few pairs for one.
        high: Upper end of it; infinite when there are too few pairs for one.
        overt_seconds: Median processor time of overt, seconds.
        other_seconds: Median processor time of the peer, seconds.
        overt_findings: Lines that overt wrote, one a finding: both sides did something.
        other_findings: Lines that the peer wrote.
        goal: The least that `times` is to be.
    """

    name: str
    pairs: int
    times: float
    low: float
    high: float
    overt_seconds: float
    other_seconds: float
    overt_findings: int
    other_findings: int
    goal: float


def commands() -> dict[str, list[str]]:
    """Return the command line of overt and of each peer."""
    python = [sys.executable, "-P"]
    only = ",".join(PYLINT)
    return {
        "overt": [*python, "-m", "overt", "check", "--no-cache", "--format", "github", "."],
        "flake8-bugbear": [*python, "-c", _FLAKE8, "--isolated", "-j", "1", "--select", "B", "."],
        "pylint": [
            *python,
            *("-m", "pylint", f"--rcfile={os.devnull}", "-j", "1", "--score=n", "--recursive=y"),
            *("--disable=all", f"--enable={only}", "."),
        ],
    }


def thin(corpus: Path, most: int) -> int:
    """Take files out of a corpus, evenly, until about so many lines are left; return how many there are."""
    files = sorted(corpus.rglob("*.py"))
    sizes = {path: path.read_bytes().count(b"\n") for path in files}
    step = max(1, round(sum(sizes.values()) / most))
    for path in (path for index, path in enumerate(files) if index % step):
        path.unlink()
    return sum(sizes[path] for path in files[::step])


def spend(name: str, corpus: Path, home: Path) -> tuple[float, int]:
    """Run one side and return its processor time in seconds and how many lines it wrote.

    Raises:
        SystemExit: It did not end as a linter that ran to its end does, or found nothing.
    """
    environment = {each: value for each, value in os.environ.items() if each not in LEFT_OUT}
    environment |= {"PYLINTHOME": str(home)}
    done = run_process(commands()[name], cwd=corpus, env=environment, timeout=1800, output_limit=50_000_000)
    if done.exit_code not in _ENDED[name]:
        raise SystemExit(f"{name} ended with {done.exit_code}: {done.output[-400:].decode('utf-8', 'replace')}")
    found = sum(b".py" in line for line in done.output.splitlines())
    if not found:
        raise SystemExit(f"{name} found nothing: {done.output[-400:].decode('utf-8', 'replace')}")
    return done.cpu_ns / 1e9, found


def compare(name: str, corpus: Path, home: Path, pairs: int) -> Figure:
    """Run the pairs of one peer and sum them up."""
    spend("overt", corpus, home)
    measured: list[tuple[float, float]] = []
    wrote = {"overt": 0, name: 0}
    for pair in range(pairs):
        spent = {}
        for side in (name, "overt") if pair % 2 else ("overt", name):
            spent[side], wrote[side] = spend(side, corpus, home)
        measured.append((spent[name], spent["overt"]))
        sys.stderr.write(f"{name} {pair + 1}/{pairs}: {spent[name] / spent['overt']:.1f}\n")
    found = ratio(measured)
    return Figure(
        name,
        pairs,
        found.value,
        found.low,
        found.high,
        statistics.median(own for _, own in measured),
        statistics.median(other for other, _ in measured),
        wrote["overt"],
        wrote[name],
        GOALS[name],
    )


def run(pairs: int, lines: int, names: tuple[str, ...] = tuple(GOALS)) -> tuple[int, list[Figure]]:
    """Measure peers; return how many lines the corpus has, and the figures.

    Args:
        pairs: How many pairs to run for each.
        lines: About how many lines to look at.
        names: The peers.
    """
    with tempfile.TemporaryDirectory() as folder:
        corpus, home = Path(folder, "corpus"), Path(folder, "home")
        copy_corpus(corpus, [])
        left = thin(corpus, lines)
        return left, [compare(name, corpus, home, pairs) for name in names]


def main() -> int:
    """Measure, tell the figures, and exit 1 when a goal is not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=7, help="how many pairs to run (default: 7)")
    parser.add_argument("--lines", type=int, default=200_000, help="about how many lines to look at (default: 200000)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if options.pairs < 1 or options.lines < 1:
        parser.error("--pairs and --lines take numbers from 1")
    lines, figures = run(options.pairs, options.lines)
    if options.json:
        print(json.dumps({"lines": lines, "pylint": PYLINT, "figures": [asdict(figure) for figure in figures]}))
    else:
        print(f"corpus: {lines:,} lines of the standard library of Python {sys.version.split()[0]}")
        for f in figures:
            print(
                f"{f.name}: {f.times:.1f} times as long (95 %: {f.low:.1f} to {f.high:.1f}, pairs: {f.pairs}; "
                f"goal {f.goal:.0f}; overt {f.overt_seconds:.2f} s, {f.name} {f.other_seconds:.1f} s)"
            )
    return 0 if all(figure.times >= figure.goal for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
