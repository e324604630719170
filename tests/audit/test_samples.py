"""Samples of documents held against the ledger: by the digest of their text, and without running them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from overt.audit.samples import held_samples, sample_evidence
from overt.campaign import load
from overt.evidence.ledger import open_ledger
from overt.markdown import scan
from overt.system.files import project_files
from overt.validate.run import validate

TOML = '[project]\nname = "shop"\npackages = ["shop"]\n[suites.docs]\nkind = "samples"\n'
TEXT = """# Shop

```python { .run }
from shop import rate
assert rate() == 2
```

```python { .run }
assert 1 == 2
```

```json
{}
```

```text
a picture
```
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose samples were run."""
    (tmp_path / "overt.toml").write_text(TOML.replace("packages", f'python = "{sys.executable}"\npackages', 1))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").write_text("def rate():\n    return 2\n")
    (tmp_path / "a.md").write_text(TEXT)
    validate(load(tmp_path), tmp_path, project_files(tmp_path), environment={"PATH": "/usr/bin:/bin"})
    return tmp_path


def held(root: Path) -> list[tuple[int, str, str]]:
    """Return line, sort and state of each sample of the one document, as an audit sees them now."""
    files, campaign = project_files(root), load(root).campaign
    known = sample_evidence(root, campaign, open_ledger(root), files=files, now_ns=1)
    found = held_samples(scan((root / "a.md").read_text()), "a.md", known)
    return [(one.location.line, one.sort, one.verdict.state.value) for one in found]


def test_each_sample_is_what_its_result_says(root: Path) -> None:
    """What ran is proved, what failed is refuted at its line, and what nothing was done with is told."""
    assert held(root) == [
        (3, "sample", "proved"),
        (9, "sample", "refuted"),
        (12, "sample", "proved"),
        (16, "fence", "unchecked"),
    ]


def test_a_sample_that_moved_is_still_proved(root: Path) -> None:
    """Only the text of a sample ties it to its result, not its place; a failure is named where it stands now."""
    (root / "a.md").write_text("More.\n\n" + TEXT)
    assert held(root)[:2] == [(5, "sample", "proved"), (11, "sample", "refuted")]


def test_a_changed_sample_is_stale_and_leaves_the_others_alone(root: Path) -> None:
    """A result is about the text that was run, and about no other."""
    (root / "a.md").write_text(TEXT.replace("rate() == 2", "rate() >= 2"))
    assert [state for _, _, state in held(root)] == ["stale", "refuted", "proved", "unchecked"]


def test_changed_code_makes_what_ran_stale(root: Path) -> None:
    """What was run rests on the code; what was parsed rests on nothing but its text."""
    (root / "shop/__init__.py").write_text("def rate():\n    return 3\n")
    assert [state for _, _, state in held(root)] == ["stale", "refuted", "proved", "unchecked"]


def test_a_new_sample_is_unchecked(root: Path) -> None:
    """Nothing is known of a sample that no suite has seen."""
    (root / "a.md").write_text(TEXT + "\n```bash { .run }\ntrue\n```\n")
    assert held(root)[-1] == (20, "sample", "unchecked")


def test_a_damaged_run_proves_nothing(root: Path) -> None:
    """Results that may not be what was written count for nothing."""
    records = next(root.glob(".overt/runs/*/records/*.jsonl"))
    records.write_text(records.read_text().replace("failed", "passed"))
    assert {state for _, sort, state in held(root) if sort == "sample"} == {"unchecked"}


def test_without_a_suite_only_marked_samples_are_told(root: Path) -> None:
    """In a repository that has no such suite, a mark is told and decides nothing."""
    (root / "overt.toml").write_text('[project]\nname = "shop"\n')
    assert held(root) == [(3, "fence", "unchecked"), (8, "fence", "unchecked")]


def test_a_mark_that_cannot_be_read_is_refuted_without_a_run(root: Path) -> None:
    """That needs no evidence."""
    (root / "a.md").write_text("```python { .rum }\nx = 1\n```\n")
    assert held(root) == [(1, "sample", "refuted")]
