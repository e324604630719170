"""A warm check says what a cold one says, whatever was edited in between and whatever has become of the journal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.lint import Report, check
from overt.lint.cache import FEW, Cache
from overt.lint.settings import PlainSettings

BASE = ".overt/cache/hidden-state.json"
JOURNAL = ".overt/cache/hidden-state.journal"
GOOD = "x = 1\n" * 40
OTHER = "\nimport threading\n\n_local = threading.local()\n"
BAD = "_rows = []\n\n\ndef add(row):\n    _rows.append(row)\n"
SOURCES = (
    "",
    "def f(:\n",
    GOOD,
    BAD,
    "_rows = []  # overt: allow OV202 -- filled by others\n",
    "from shop.m1 import _rows\n\n\ndef add(row):\n    _rows.append(row)\n",
    "from shop.m0 import *\n",
    "from shop import m2\n\n\ndef drop():\n    m2._rows.clear()\n    m2._rows.append(1)\n",
    "import os\n\n\ndef go():\n    os.environ['A'] = 'b'  # overt: allow OV401 -- the tool reads it\n",
)
NAMES = tuple(f"shop/m{number}.py" for number in range(4 * FEW))


def warm(root: Path, *, key: str = "k", by_content: bool = False) -> tuple[Report, int]:
    """Check what there is with the cache; return how many files it answered for."""
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    cache = Cache(root / BASE, key, by_content=by_content)
    return check(root, files, PlainSettings(), cache=cache, today="2026-01-01"), cache.hits


def cold(root: Path) -> Report:
    """Check what there is without a cache."""
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    return check(root, files, PlainSettings(), today="2026-01-01")


def make(root: Path, content: str = BAD) -> None:
    """Make a package of many files and fill the cache with them."""
    (root / "shop").mkdir(parents=True)
    for name in (*NAMES, "shop/__init__.py"):
        (root / name).write_text(content, "utf-8")
    warm(root)


def added(root: Path) -> int:
    """Return how many times something was added to the journal."""
    return sum(bool(line) for line in (root / JOURNAL).read_bytes().split(b"\n"))


Edit = tuple[str, str | None]
EDITS = st.lists(
    st.lists(st.tuples(st.sampled_from(NAMES[:6]), st.sampled_from((None, *SOURCES))), min_size=1, max_size=3),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(rounds=EDITS, by_content=st.booleans())
def test_after_any_edits_a_warm_check_says_what_a_cold_one_says(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[Edit]], by_content: bool
) -> None:
    """Files are changed, emptied, broken, mended and taken away, some of them several times."""
    root = tmp_path_factory.mktemp("tree")
    make(root)
    for edits in rounds:
        for name, content in edits:
            if content is None:
                (root / name).unlink(missing_ok=True)
            else:
                (root / name).write_text(content, "utf-8")
        for _ in range(2):
            assert warm(root, by_content=by_content)[0]._replace(cached=0) == cold(root)


def test_one_changed_file_leaves_the_kept_results_as_they_are(tmp_path: Path) -> None:
    """It goes into the journal, and the next run answers for it from there."""
    make(tmp_path)
    before = (tmp_path / BASE).read_bytes()
    (tmp_path / NAMES[3]).write_text(OTHER, "utf-8")
    report, hits = warm(tmp_path)
    assert (report.findings, hits) == (cold(tmp_path).findings, len(NAMES))
    assert (tmp_path / BASE).read_bytes() == before
    assert added(tmp_path) == 1
    again, hits = warm(tmp_path)
    assert (again.findings, hits) == (report.findings, len(NAMES) + 1)


def test_the_last_line_of_the_journal_counts(tmp_path: Path) -> None:
    """A file that was changed twice is answered for as it is now."""
    make(tmp_path)
    for content in (OTHER, GOOD):
        (tmp_path / NAMES[3]).write_text(content, "utf-8")
        warm(tmp_path)
    assert added(tmp_path) == 2
    report, hits = warm(tmp_path)
    assert (report.findings, hits) == (cold(tmp_path).findings, len(NAMES) + 1)


@pytest.mark.parametrize("cut", [1, 2, 30, -40, -2])
def test_what_a_crash_leaves_of_a_line_is_passed_over(tmp_path: Path, cut: int) -> None:
    """Its file is examined again, and lines that are added later count."""
    make(tmp_path)
    (tmp_path / NAMES[3]).write_text(OTHER, "utf-8")
    warm(tmp_path)
    path = tmp_path / JOURNAL
    path.write_bytes(path.read_bytes()[:cut])
    for known in (len(NAMES), len(NAMES) + 1):
        report, hits = warm(tmp_path)
        assert (report.findings, hits) == (cold(tmp_path).findings, known)


def test_lines_of_another_configuration_do_not_count(tmp_path: Path) -> None:
    """As when another version of the tool has added them between."""
    make(tmp_path)
    (tmp_path / NAMES[3]).write_text(OTHER, "utf-8")
    warm(tmp_path)
    path = tmp_path / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"key":"k"', b'"key":"j"'))
    assert warm(tmp_path)[1] == len(NAMES)


def test_a_journal_that_has_grown_is_taken_into_the_kept_results(tmp_path: Path) -> None:
    """It never has more than its share of them, and nothing is lost on the way."""
    make(tmp_path)
    sizes = []
    for number in range(30):
        (tmp_path / NAMES[number % 3]).write_text(BAD + f"x = {number}\n", "utf-8")
        assert warm(tmp_path)[1] == len(NAMES)
        sizes.append((tmp_path / JOURNAL).stat().st_size if (tmp_path / JOURNAL).exists() else 0)
    assert 0 in sizes
    assert 0 < max(sizes) < (tmp_path / BASE).stat().st_size / FEW
    assert warm(tmp_path)[1] == len(NAMES) + 1


def test_many_changed_files_are_not_added_one_by_one(tmp_path: Path) -> None:
    """Then the kept results are written anew and the journal goes."""
    make(tmp_path)
    (tmp_path / NAMES[3]).write_text(OTHER, "utf-8")
    warm(tmp_path)
    for name in NAMES[:8]:
        (tmp_path / name).write_text(OTHER, "utf-8")
    warm(tmp_path)
    assert not (tmp_path / JOURNAL).exists()
    assert warm(tmp_path)[1] == len(NAMES) + 1


def test_writers_at_the_same_time_keep_each_others_lines(tmp_path: Path) -> None:
    """Both read the same journal, both add to it."""
    make(tmp_path)
    first, second = Cache(tmp_path / BASE, "k"), Cache(tmp_path / BASE, "k")
    for cache, name in ((first, NAMES[1]), (second, NAMES[2])):
        (tmp_path / name).write_text(OTHER, "utf-8")
        check(tmp_path, [name], PlainSettings(), cache=cache)
    assert warm(tmp_path)[1] == len(NAMES) + 1


def test_a_journal_without_kept_results_is_not_read(tmp_path: Path) -> None:
    """Somebody took the results away: all is examined again, and the journal goes."""
    make(tmp_path)
    (tmp_path / NAMES[3]).write_text(OTHER, "utf-8")
    warm(tmp_path)
    (tmp_path / BASE).unlink()
    assert warm(tmp_path)[1] == 0
    assert not (tmp_path / JOURNAL).exists()
