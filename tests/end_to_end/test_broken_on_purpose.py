"""Documents that are broken on purpose: whatever is done to the code or the text, CI ends red and says where."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from overt.audit.audit import Inputs, audit
from overt.audit.diagrams.find import diagram_sources
from overt.audit.report import Report
from overt.campaign.documents import documents_of
from overt.campaign.loading import load
from overt.cli.audit_inputs import find_inputs
from overt.system.files import project_files

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def copied(target: Path) -> Path:
    """Return a scratch copy of this repository: what git would commit, without history and evidence."""
    for name in project_files(ROOT):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    return target


def replace(path: Path, old: str, new: str) -> int:
    """Replace a text in a file, which must be there; return its line."""
    text = path.read_text()
    assert old in text, f"{path}: {old}"
    path.write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def refuted(report: Report) -> set[str]:
    """Return `file:line` of every reference and every part of a diagram that is refuted."""
    found = [*report.references, *(one for one in report.held if one.sort != "sample")]
    return {f"{one.location.path}:{one.location.line}" for one in found if one.verdict.state.value == "refuted"}


def audited(root: Path) -> Report:
    """Audit what a repository has, as `overt audit` does."""
    inputs = find_inputs(root, [])
    assert isinstance(inputs, Inputs)
    return audit(inputs)


def rename_a_function(root: Path) -> str:
    replace(root / "src/overt/testing/__init__.py", "assert_flat", "assert_level")
    text = (root / "docs/reference/testing.md").read_text()
    return f"docs/reference/testing.md:{text[: text.index('import assert_flat')].count(chr(10)) + 1}"


def remove_a_script(root: Path) -> str:
    (root / "scripts/build.py").unlink()
    text = (root / "README.md").read_text()
    return f"README.md:{text[: text.index('scripts/build.py')].count(chr(10)) + 1}"


def rename_a_rule(root: Path) -> str:
    return f"README.md:{replace(root / 'README.md', '`overt explain OV202`', '`overt explain OV999`')}"


def drop_an_option(root: Path) -> str:
    return f"README.md:{replace(root / 'README.md', '`overt rehearse --all`', '`overt rehearse --everything`')}"


def draw_a_false_edge(root: Path) -> str:
    path = root / "docs/architecture/system.py"
    path.write_text(f"{path.read_text()}    model >> cli\n")
    return f"docs/architecture/system.py:{len(path.read_text().splitlines())}"


def draw_a_module_that_is_gone(root: Path) -> str:
    where = replace(root / "docs/architecture/system.py", 'Node("overt.audit")', 'Node("overt.auditor")')
    return f"docs/architecture/system.py:{where}"


FAULTS = (
    rename_a_function,
    remove_a_script,
    rename_a_rule,
    drop_an_option,
    draw_a_false_edge,
    draw_a_module_that_is_gone,
)


@pytest.mark.timeout(300)
def test_every_fault_in_our_own_repository_is_named(tmp_path: Path) -> None:
    """Nothing is refuted as it is; each fault is, at the line of the document that it makes a lie of."""
    root = copied(tmp_path)
    report, files = audited(root), project_files(root)
    assert refuted(report) == set()
    assert [one for one in report.unbacked if one.grade == "certain"] == []
    assert {page.path for page in report.pages} >= {*documents_of(files, load(root).campaign), *diagram_sources(files)}
    assert len(report.diagrams) >= 3

    places = {fault.__name__: fault(root) for fault in FAULTS}
    report = audited(root)
    found = refuted(report)
    assert [name for name, where in places.items() if where not in found] == []
    assert int(report.exit()) == 1


def overt(root: Path, *arguments: str) -> tuple[int, str]:
    """Type an overt command and return its exit status and what it said."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "overt", *arguments], cwd=root, env=environment, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


SHOP = {
    "overt.toml": f"""[project]
name = "shop"
packages = ["shop"]
python = "{sys.executable}"
[suites.docs]
kind = "samples"
paths = ["*.md"]
[claims.samples-hold]
expect = "samples.failed == 0 and samples.passed > 0"
""",
    "shop/__init__.py": "def total(prices):\n    return sum(prices)\n",
    "README.md": """# Shop

Of what this shows, [1](evidence:samples.passed) piece is run, and [all of it holds](claim:samples-hold).
The sum is made by `shop.total`.

```python { .run }
from shop import total

print(total([1, 2]))
```

```text { .output }
3
```
""",
}


@pytest.mark.timeout(300)
def test_a_number_and_a_sample_are_held_to_the_evidence(tmp_path: Path) -> None:
    """A changed number, a changed output and changed code each end with 1 and the line."""
    for name, text in SHOP.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    page, code = tmp_path / "README.md", tmp_path / "shop/__init__.py"
    assert overt(tmp_path, "validate")[0] == 0
    assert overt(tmp_path, "audit", "--strict")[0] == 0

    page.write_text(SHOP["README.md"].replace("[1](", "[2]("))
    assert overt(tmp_path, "validate")[0] == 0
    status, said = overt(tmp_path, "audit")
    assert status == 1
    assert re.search(r"README\.md:3:\d+: evidence samples\.passed", said)

    page.write_text(SHOP["README.md"].replace("\n3\n", "\n4\n"))
    status, said = overt(tmp_path, "audit")
    assert (status, "README.md:6:1: sample python (run): its text is not the one" in said) == (1, True)
    status, said = overt(tmp_path, "validate")
    assert (status, "README.md:6" in said) == (1, True)
    status, said = overt(tmp_path, "audit")
    assert (status, "README.md:7:1: sample python (run): it did not print '4'" in said) == (1, True)

    page.write_text(SHOP["README.md"])
    code.write_text("def sum_up(prices):\n    return sum(prices)\n")
    status, said = overt(tmp_path, "validate")
    assert (status, "README.md:7" in said) == (1, True)
    status, said = overt(tmp_path, "audit")
    assert (status, "README.md:4:" in said) == (1, True)
