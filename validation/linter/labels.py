"""How often the hidden-state linter is wrong: what it says about real code, held against what a person says.

`labels.jsonl` holds one labelled state a line. Those of origin `sample` are findings drawn at random for each rule from
released packages and the standard library, tests left out; those of origin `search` were found by a plain search of the
text for globals, containers, thread-locals and process settings, where the linter had been silent. `hidden` is the
label: whether code that runs after import changes state that its owner does not hold. `reported` is what the linter
says of it now.

Run it with `python validation/linter/labels.py`. It fetches the packages with pip (or takes them from `--corpus`),
checks every file of them, and fails when the shares are past their limits or a finding is not what the file says.
`--write` writes what is reported now into the file; the labels stay.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from overt.lint import Report, check
from overt.lint.settings import PlainSettings
from overt.system.process import run_process

LABELS = Path(__file__).with_name("labels.jsonl")
STANDARD_LIBRARY = "stdlib"
LIMITS = {"OV202": 0.10, "all rules": 0.15}
"""The largest share of false alarms among the labelled findings that are reported."""
FOUND = 0.95
"""The smallest share of labelled hidden states that is found."""

Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says about one state.

    Args:
        project: Package that it is in, or `stdlib`.
        version: Version of it.
        path: File, relative to the folder that the package is installed in.
        rule: Rule that it concerns.
        scope: Dotted scope that the finding names.
        symbol: Name of the state.
        line: Line, for people.
        hidden: Whether it is hidden state.
        reported: Whether the linter reports it.
        origin: `sample` or `search`.
        why: Why the label or the silence; empty when the code says it.
    """

    project: str
    version: str
    path: str
    rule: str
    scope: str
    symbol: str
    line: int
    hidden: bool
    reported: bool
    origin: str
    why: str

    @property
    def key(self) -> Key:
        """What names the state."""
        return self.project, self.rule, self.path, self.scope, self.symbol


def read_labels(path: Path = LABELS) -> list[Label]:
    """Return the labels, in the order of the file."""
    return [Label(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def false_alarms(labels: Iterable[Label], rule: str = "") -> tuple[int, int]:
    """Return how many of the reported findings of the sample are false alarms, and how many are reported."""
    seen = [each for each in labels if each.origin == "sample" and each.reported and rule in {"", each.rule}]
    return sum(not each.hidden for each in seen), len(seen)


def found(labels: Iterable[Label]) -> tuple[int, int]:
    """Return how many of the hidden states are found, and how many there are."""
    hidden = [each for each in labels if each.hidden]
    return sum(each.reported for each in hidden), len(hidden)


def check_folder(folder: Path) -> Report:
    """Return what the linter says about all Python files below a folder."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    return check(folder, [name for name in files if "site-packages" not in name.split("/")], PlainSettings())


def keys_of(project: str, report: Report) -> set[Key]:
    """Return what was found in a project, as the labels name it."""
    return {
        (project, seen.finding.rule, seen.finding.location.path, seen.finding.scope, seen.finding.symbol)
        for seen in report.findings
    }


def fetch(corpus: Path, labels: Iterable[Label]) -> None:
    """Put the packages and the standard library into a folder, each in a folder of its own; what is there stays."""
    for project, version in sorted({(each.project, each.version) for each in labels}):
        target = corpus / f"{project}-{version}"
        if target.is_dir():
            continue
        if project == STANDARD_LIBRARY:
            here = Path(sysconfig.get_paths()["stdlib"])
            shutil.copytree(here, target, ignore=shutil.ignore_patterns("site-packages", "*.so", "*.pyc", "*.a", "*.o"))
            continue
        with tempfile.TemporaryDirectory() as folder:
            argv = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", folder]
            done = run_process([*argv, f"{project}=={version}"], cwd=corpus, timeout=300, output_limit=4_000)
            wheels = list(Path(folder).glob("*.whl"))
            if done.exit_code != 0 or not wheels:
                raise SystemExit(f"pip cannot fetch {project} {version}: {done.output.decode(errors='replace')}")
            zipfile.ZipFile(wheels[0]).extractall(target)


def same_python(labels: Iterable[Label]) -> bool:
    """Tell whether the standard library of this Python is the one that was labelled, up to small mends."""
    versions = {each.version.rpartition(".")[0] for each in labels if each.project == STANDARD_LIBRARY}
    return versions == {f"{sys.version_info[0]}.{sys.version_info[1]}"}


def main() -> int:
    """Check the corpus and tell the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="folder that the packages are kept in (default: a temporary one)")
    parser.add_argument("--write", action="store_true", help="write into the file what is reported now")
    options = parser.parse_args()
    labels = read_labels()
    if not same_python(labels):
        sys.stderr.write("this Python has another standard library than the labelled one; it is left out\n")
    usable = [each for each in labels if each.project != STANDARD_LIBRARY or same_python(labels)]
    with tempfile.TemporaryDirectory() as folder:
        corpus = options.corpus or Path(folder)
        corpus.mkdir(parents=True, exist_ok=True)
        fetch(corpus, usable)
        now: set[Key] = set()
        failed = False
        for project, version in sorted({(each.project, each.version) for each in usable}):
            report = check_folder(corpus / f"{project}-{version}")
            now |= keys_of(project, report)
            crashed = [each for each in report.unreadable if "overt failed" in each.message]
            failed = failed or bool(crashed) or not report.files
            print(
                f"{project} {version}: {report.files} files, {report.lines:,} lines, {len(report.findings)} findings, "
                f"{len(report.unreadable)} could not be parsed, {len(crashed)} crashed"
            )
    different = [each for each in usable if (each.key in now) != each.reported]
    for each in different:
        place = f"{each.project}/{each.path}:{each.line}"
        print(f"{'now' if each.key in now else 'no longer'} reported: {each.rule} {place}")
    if options.write:
        fresh = [replace(each, reported=each.key in now) if each in usable else each for each in labels]
        LABELS.write_text("".join(json.dumps(asdict(each)) + "\n" for each in fresh), "utf-8")
        labels, different = fresh, []
    return int(_tell(labels) or failed or bool(different))


def _tell(labels: list[Label]) -> bool:
    """Print the shares; tell whether one is past its limit."""
    past = False
    for name, limit in LIMITS.items():
        wrong, all_of_them = false_alarms(labels, "" if name == "all rules" else name)
        share = wrong / all_of_them if all_of_them else 1.0
        past = past or share > limit
        print(f"false alarms, {name}: {wrong} of {all_of_them} ({share:.1%}; limit {limit:.0%})")
    got, there = found(labels)
    print(f"hidden states found: {got} of {there} ({got / there:.1%}; limit {FOUND:.0%})")
    return past or got < FOUND * there


if __name__ == "__main__":
    sys.exit(main())
