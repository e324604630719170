"""What is taken from a former build: never damaged, never too much, and the same as made anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.model import Problems, State
from overt.site.build import build
from overt.site.configuration import site_config
from overt.site.fingerprint import contents, digest, impure, plain
from overt.site.memo import Memo
from overt.site.pack import Pack
from overt.site.unchanged import FOLDER, key_of

CONFIG = "site_name: shop\nuse_directory_urls: false\ntheme: {name: material, font: false}\nplugins: [search, overt]\n"
LIGHT = "site_name: shop\nuse_directory_urls: false\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [overt]\n"
KEY = "ab" * 32
OTHER = "cd" * 32

Project = Callable[..., Path]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@given(st.binary(max_size=400), st.integers(0, 500), st.integers(1, 255))
def test_a_damaged_result_is_none(tmp_path_factory: pytest.TempPathFactory, data: bytes, at: int, change: int) -> None:
    """Whichever byte is turned, what comes out is what went in, or nothing."""
    path = tmp_path_factory.mktemp("pack") / "pages.pack"
    pack = Pack(path)
    pack.put(KEY, data)
    pack.put(OTHER, b"the other")
    pack.save()
    stored = bytearray(path.read_bytes())
    stored[at % len(stored)] ^= change
    path.write_bytes(stored)
    again = Pack(path)
    assert again.get(KEY) in {data, None}
    assert again.get(OTHER) in {b"the other", None}


def test_a_cut_file_gives_what_is_whole(tmp_path: Path) -> None:
    """A kill, or a full disk, costs what was behind the cut."""
    path = tmp_path / "pages.pack"
    pack = Pack(path)
    pack.put(KEY, b"one" * 100)
    pack.put(OTHER, b"two" * 100)
    pack.save()
    path.write_bytes(path.read_bytes()[:-3])
    assert (Pack(path).get(KEY), Pack(path).get(OTHER)) == (b"one" * 100, None)


def test_it_stays_within_its_limit_and_forgets_what_nobody_asks_for(tmp_path: Path) -> None:
    """What was asked for last is kept; a result that no build wants is gone after a few."""
    path = tmp_path / "pages.pack"
    pack = Pack(path, limit=200)
    for number in range(50):
        pack.put(digest(str(number)), str(number).encode() * 9)
    pack.save()
    assert 0 < path.stat().st_size <= 200
    pack = Pack(path)
    pack.put(KEY, b"wanted once")
    pack.save()
    for number in range(8):
        pack = Pack(path)
        pack.put(digest(f"new {number}"), b"x")
        pack.save()
    assert Pack(path).get(KEY) is None


def test_a_file_that_says_nothing_new_is_left_alone(tmp_path: Path) -> None:
    """Asking only for what is there writes nothing."""
    path = tmp_path / "pages.pack"
    pack = Pack(path)
    pack.put(KEY, b"one")
    pack.save()
    before = path.stat().st_mtime_ns
    pack = Pack(path)
    assert pack.get(KEY) == b"one"
    pack.save()
    assert path.stat().st_mtime_ns == before


def test_a_memo_holds_until_a_source_changes(tmp_path: Path) -> None:
    """The answer is asked for once; a byte more in a Python file, or another question, asks again."""
    (tmp_path / "a.py").write_text("x = 1\n")
    asked: list[int] = []

    def answer() -> tuple[int, ...]:
        asked.append(1)
        return (len(asked),)

    def ask(*about: str) -> tuple[int, ...]:
        memo = Memo(tmp_path, ["a.py"])
        given = memo.of(tuple[int, ...], answer, *about)
        memo.save()
        return given

    assert [ask(), ask(), ask("other")] == [(1,), (1,), (2,)]
    (tmp_path / "a.py").write_text("x = 2\n")
    assert ask() == (3,)


def test_settings_are_the_same_in_every_run() -> None:
    """No address of an object in memory, and no order of a set, is part of a key."""
    said = plain({"b": {1, 2}, "a": [test_settings_are_the_same_in_every_run, object(), Path("x")]})
    assert said == {
        "a": [f"{__name__}.test_settings_are_the_same_in_every_run", "builtins.object", "x"],
        "b": ["1", "2"],
    }


def test_a_cached_page_is_the_page_and_a_damaged_cache_harms_nothing(project: Project, tmp_path: Path) -> None:
    """A build that takes its pages from a former one writes the same bytes; so does one whose cache is broken."""
    files = {"mkdocs.yml": CONFIG, "docs/two.md": "# Two\n\n[start](start.md#start) [gone](start.md#gone)\n\n`x`\n"}
    root = project(files)
    first = build(root, output=tmp_path / "first", strict=False)
    pack = root / ".overt/cache/pages.pack"
    size = pack.stat().st_size
    second = build(root, output=tmp_path / "second", strict=False)
    assert tree(tmp_path / "first") == tree(tmp_path / "second")
    assert first.warnings == second.warnings != ()
    assert not second.unchanged
    assert pack.stat().st_size == size
    data = bytearray(pack.read_bytes())
    data[size // 3 : size // 3 + 4000] = bytes(4000)
    pack.write_bytes(data)
    build(root, output=tmp_path / "third", strict=False)
    assert tree(tmp_path / "third") == tree(tmp_path / "first")


def test_nothing_to_do_is_said_and_judged_the_same(project: Project, tmp_path: Path) -> None:
    """The site stays as it is, with the same problems; whatever changes, it is built again."""
    claim = '[claims.works]\nexpect = "tests.passed > 0"\n'
    root = project({"mkdocs.yml": LIGHT, "docs/start.md": "# Start\n\nIt [works](claim:works).\n"}, claim)
    site = tmp_path / "site"
    first = build(root, output=site, strict=False)
    marked = (site / "start.html").stat().st_mtime_ns
    again = build(root, output=site, strict=False)
    assert (first.unchanged, again.unchanged) == (False, True)
    assert (again.problems, again.states, again.unheld) == (first.problems, first.states, first.unheld)
    assert State.UNCHECKED in again.states
    assert again.inspection == first.inspection
    assert (site / "start.html").stat().st_mtime_ns == marked
    with pytest.raises(Problems):
        build(root, output=site)
    (site / "start.html").write_text("changed by somebody")
    assert not build(root, output=site, strict=False).unchanged
    assert b"changed by" not in (site / "start.html").read_bytes()
    for kept in (root / FOLDER).iterdir():
        kept.write_bytes(kept.read_bytes()[:-20])
    assert not build(root, output=site, strict=False).unchanged


@pytest.mark.parametrize("name", ["docs/new.md", "src/shop/new.py", "overt.toml", "mkdocs.yml", ".overt/runs/x/y"])
def test_a_change_is_seen(project: Project, tmp_path: Path, name: str) -> None:
    """A page, a source, a setting, evidence: none of them is overlooked."""
    root = project({"mkdocs.yml": LIGHT})
    (root / ".overt/runs").mkdir(parents=True)

    def key(now_ns: int = 0) -> str:
        config = site_config(root, site_dir=tmp_path / "made", strict=False, empty=tmp_path)
        return key_of(root, config, target=tmp_path / "site", now_ns=now_ns, options=())

    before = key()
    assert before == key() != key(now_ns=86_400 * 10**9)
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + "\n# more\n")
    assert key() != before


def test_folders_behind_links_count(tmp_path: Path) -> None:
    """mkdocs reads them; a link that leads back is no endless way."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/a.md").write_text("one")
    (tmp_path / "docs/shared").symlink_to(tmp_path / "shared")
    (tmp_path / "docs/back").symlink_to(tmp_path / "docs")
    before = contents([tmp_path / "docs"])
    assert contents([tmp_path / "docs"]) == before
    (tmp_path / "shared/a.md").write_text("two")
    assert contents([tmp_path / "docs"]) != before


def test_a_function_of_the_project_is_no_setting_to_keep_pages_by(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it does may change while its name stays; functions of installed packages are fine."""
    (tmp_path / "slugs.py").write_text("def short(text, sep):\n    return text\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    installed = "markdown_extensions: [{toc: {slugify: !!python/name:pymdownx.emoji.to_svg }}]\n"
    own = "markdown_extensions: [{toc: {slugify: !!python/name:slugs.short }}]\n"
    for extensions, found in (("", []), (installed, []), (own, ["function slugs.short"])):
        root = project()
        (root / "mkdocs.yml").write_text(CONFIG + extensions)
        empty = tmp_path / "empty"
        empty.mkdir(exist_ok=True)
        assert impure(site_config(root, site_dir=tmp_path / "site", strict=False, empty=empty)) == found
