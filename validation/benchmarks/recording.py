"""What recording costs: processor time of pytest with the recorder against plain pytest, in interleaved pairs.

Run it with `python validation/benchmarks/recording.py --pairs 10`. Each pair runs both sides, in the order
plain-recorded and then recorded-plain (ABBA), so that a drift of the machine weighs on both alike. Each pair gives one
log ratio; the figure is their median, with the smallest and the largest beside it.

`--project DIR` measures `overt validate` against plain pytest on a real project instead, with all that either starts,
and tells what each run costs once (on a project of one test) apart from what each test adds.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from overt.system.process import run_process
from overt.validate.recording import recorder_environment

LIMIT = 1.10
"""The most that recording may cost, as a ratio of processor time."""

TESTS_PER_FILE = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """The ratios of all pairs, summed up.

    Args:
        pairs: How many pairs were run.
        tests: How many tests each side ran.
        median: Median ratio, recorded to plain.
        low: Smallest ratio of a pair.
        high: Largest ratio of a pair.
        plain_seconds: Median processor time of plain pytest, seconds.
    """

    pairs: int
    tests: int
    median: float
    low: float
    high: float
    plain_seconds: float


def write_project(root: Path, tests: int) -> None:
    """Write a project of trivial tests."""
    (root / "pytest.ini").write_text("[pytest]\n")
    for start in range(0, tests, TESTS_PER_FILE):
        here = range(min(TESTS_PER_FILE, tests - start))
        body = "".join(f"def test_{index}():\n    assert True\n\n" for index in here)
        (root / f"test_{start // TESTS_PER_FILE:04}.py").write_text(body)


def cpu_seconds(root: Path, *, recorded: bool, tests: int) -> float:
    """Run the project once and return the processor time it took, seconds.

    Raises:
        SystemExit: A side did not run every test, or the recorder did not record every test.
    """
    journal = root / "record.jsonl"
    journal.unlink(missing_ok=True)
    plain = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment = recorder_environment(plain, journal) if recorded else plain
    extra = ["-p", "overt_recorder"] if recorded else []
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *extra]
    done = run_process(argv, cwd=root, env=environment, timeout=600)
    if not done.ok or f"{tests} passed".encode() not in done.output:
        raise SystemExit(f"pytest did not run every test: {done.output[-500:]!r}")
    if recorded and sum('"o":"passed"' in line for line in journal.read_text().splitlines()) != tests:
        raise SystemExit("the recorder did not record every test")
    return done.cpu_ns / 1e9


def measure(pairs: int, tests: int) -> Figures:
    """Run the pairs and sum them up."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_project(root, tests)
        cpu_seconds(root, recorded=False, tests=tests)
        ratios, plains = [], []
        for pair in range(pairs):
            order = (False, True) if pair % 2 == 0 else (True, False)
            spent = {side: cpu_seconds(root, recorded=side, tests=tests) for side in order}
            ratios.append(math.log(spent[True] / spent[False]))
            plains.append(spent[False])
            sys.stderr.write(f"pair {pair + 1}/{pairs}: {math.exp(ratios[-1]):.3f}\n")
    median = math.exp(statistics.median(ratios))
    return Figures(pairs, tests, median, math.exp(min(ratios)), math.exp(max(ratios)), statistics.median(plains))


def project_seconds(project: Path, python: str, arguments: list[str], folder: Path) -> dict[str, tuple[float, int]]:
    """Run the tests of a real project by plain pytest and by `overt validate`.

    Returns:
        Processor seconds and number of tests of `plain` and `overt`; all that either starts counts.

    Raises:
        SystemExit: A side could not run.
    """
    plain = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "cache")}
    plain.pop("PYTHONDONTWRITEBYTECODE", None)
    (project / "overt.toml").write_text(
        f'[project]\nname = "measured"\npython = {json.dumps(python)}\n'
        f'[suites.unit]\nkind = "pytest"\nargs = {json.dumps(arguments)}\n'
    )
    overt = [sys.executable, "-m", "overt", "validate", "--suite", "unit", "--json"]
    found = {}
    for side, argv in (("plain", [python, "-m", "pytest", *arguments]), ("overt", overt)):
        done = run_process([sys.executable, "-c", _LAUNCH, *argv], cwd=project, env=plain, timeout=900)
        told = json.loads(done.output.splitlines()[-1])
        if told["exit"] not in {0, 1}:
            raise SystemExit(f"{side} ended with {told['exit']}")
        found[side] = (told["cpu"], told["tests"])
    return found


_LAUNCH = """\
import json, re, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
tests = re.findall(rb"(\\d+) passed", done.stdout)
cpu = used.ru_utime + used.ru_stime
print(json.dumps({"exit": done.returncode, "cpu": cpu, "tests": int(tests[-1]) if tests else 0}))
"""


def measure_project(source: Path, python: str, arguments: list[str], pairs: int) -> dict[str, float]:
    """Return what `overt validate` costs on a project: as a ratio, once a run, and for each test.

    The part that each run costs is measured on a project of one test, the rest is divided by the number of tests.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        project = folder / "project"
        shutil.copytree(source, project, ignore=shutil.ignore_patterns(".overt", ".git", ".venv"))
        (folder / "one").mkdir()
        write_project(folder / "one", 1)
        sides: list[dict[str, tuple[float, int]]] = []
        fixed: list[float] = []
        for pair in range(pairs + 1):
            whole = project_seconds(project, python, arguments, folder)
            one = project_seconds(folder / "one", python, [], folder)
            if pair:  # the first fills the caches of compiled code
                sides.append(whole)
                fixed.append(one["overt"][0] - one["plain"][0])
    extra = statistics.median(each["overt"][0] - each["plain"][0] for each in sides)
    tests, once = max(sides[0]["plain"][1], 1), statistics.median(fixed)
    return {
        "ratio": statistics.median(each["overt"][0] / each["plain"][0] for each in sides),
        "tests": tests,
        "plain_seconds": statistics.median(each["plain"][0] for each in sides),
        "once_seconds": once,
        "each_test_us": (extra - once) / tests * 1e6,
    }


def main() -> int:
    """Measure, tell the figures, and exit 1 when recording costs more than the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=10, help="how many pairs to run (default: 10)")
    parser.add_argument("--tests", type=int, default=10_000, help="how many tests each side runs (default: 10000)")
    parser.add_argument("--project", type=Path, metavar="DIR", help="measure `overt validate` on this project instead")
    parser.add_argument("--python", default=sys.executable, metavar="PROGRAM", help="interpreter of that project")
    parser.add_argument("--argument", action="append", default=[], metavar="TEXT", help="argument for its pytest")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if options.pairs < 1 or options.tests < 1:
        parser.error("--pairs and --tests take numbers from 1")
    if options.project:
        told = measure_project(options.project, options.python, options.argument, options.pairs)
        sys.stdout.write(json.dumps(told | {"limit": LIMIT}) + "\n")
        return 0 if told["ratio"] <= LIMIT else 1
    figures = measure(options.pairs, options.tests)
    if options.json:
        print(json.dumps({field: getattr(figures, field) for field in Figures.__slots__} | {"limit": LIMIT}))
    else:
        print(
            f"recording {figures.tests} tests: {figures.median:.3f} x the processor time of plain pytest "
            f"(pairs: {figures.pairs}, from {figures.low:.3f} to {figures.high:.3f}; limit {LIMIT:.2f}; "
            f"plain: {figures.plain_seconds:.2f} s)"
        )
    return 0 if figures.median <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
