"""Real projects: of each commit, the checklist says what a person who read the difference found right.

`OVERT_REVIEW_CORPUS=all` takes every release of the table, and each of them as one change, too.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .corpus import PROJECTS, Unavailable, build, fetch
from .test_histories import GROUPS, checklist_of, groups

TABLE = Path(__file__).parent / "expected.tsv"
ALL = os.environ.get("OVERT_REVIEW_CORPUS") == "all"
FEW = {"structlog": 6, "click": 3, "starlette": 6}
"""How many releases make a bit more than forty commits in half a minute of processor time."""
CHOSEN = {project: versions if ALL else versions[: FEW[project]] for project, versions in PROJECTS.items()}
pytestmark = [pytest.mark.network, pytest.mark.timeout(1800)]


def expected() -> dict[str, dict[str, set[str]]]:
    """Return the table: commit to ids by group."""
    lines = [line.split("\t") for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return {line[0]: {group: set(ids.split()) for group, ids in zip(GROUPS, line[1:], strict=True)} for line in lines}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """The source distributions; without the package index nothing is proved about real projects."""
    try:
        return fetch(tmp_path_factory.mktemp("archives"), CHOSEN)
    except Unavailable as reason:
        told = f"UNCHECKED: the package index does not give the corpus: {reason}"
        if os.environ.get("OVERT_TESTS_MUST_RUN"):
            pytest.fail(told)
        pytest.skip(told)


def test_each_commit_of_real_projects_has_its_items(archives: dict[str, list[Path]], tmp_path: Path) -> None:
    """Those of the table, in their states, and nothing crashes."""
    table = expected()
    found = {
        part.name: groups(checklist_of(part.root, part.span))
        for project, files in archives.items()
        for part in build(project, files, tmp_path, whole=ALL)
    }
    assert len(found) >= 40
    assert found == {name: table[name] for name in found}


def test_the_table_is_whole() -> None:
    """A hundred commits, none without an item, and each item known."""
    from overt.review.rules import IDS

    table = expected()
    assert len(table) == 100
    assert {item for row in table.values() for ids in row.values() for item in ids} <= set(IDS)
    assert all(row["proved"] for row in table.values())
