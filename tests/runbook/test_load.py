"""The runbooks of a project are found, broken ones do not hide the others, and each knows what it depends on."""

from __future__ import annotations

from pathlib import Path

from overt.campaign import Campaign
from overt.campaign.records import Runbooks as Where
from overt.runbook import depends_on, load_all
from overt.runbook.parse import parse_runbook


def test_runbooks_are_found_where_the_campaign_says(project: Path, good: str) -> None:
    """An index page is none; a broken one is told beside those that can be read."""
    (project / "books").mkdir()
    (project / "books" / "lamp.md").write_text(good)
    (project / "books" / "index.md").write_text("# Runbooks\n")
    (project / "books" / "broken.md").write_text(good.replace(".check for=on", ".check for=off"))
    (project / "books" / "raw.md").write_bytes(b"\xff")
    files = sorted(path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file())
    found = load_all(project, Campaign(runbooks=Where(paths=("books/*",))), files)
    assert [runbook.path for runbook in found.runbooks] == ["books/lamp.md"]
    assert [str(problem.where) for problem in found.problems] == ["books/broken.md:11", "books/raw.md"]
    assert found.findings == ()
    assert load_all(project, Campaign(), files).runbooks == ()


def test_an_id_belongs_to_one_runbook(project: Path, good: str) -> None:
    """Evidence is kept by id, so two would overwrite each other."""
    (project / "runbooks").mkdir()
    for name in ("a.md", "b.md"):
        (project / "runbooks" / name).write_text(good)
    found = load_all(project, Campaign(), ["runbooks/a.md", "runbooks/b.md"])
    assert [str(problem) for problem in found.problems] == [
        "runbooks/b.md:1: id 'lamp' is taken (runbooks/a.md has it already)"
    ]


def test_it_depends_on_its_text_its_inputs_and_the_files_it_names(good: str) -> None:
    """When one of them changes, its evidence is stale."""
    text = good.replace("owner: stage\n", "owner: stage\ninputs: [src/shop]\n").replace(
        "echo on > lamp", "./bin/switch.sh lamp --to=conf/on.ini"
    )
    files = ["lamp", "bin/switch.sh", "conf/on.ini", "conf/off.ini", "lamp.md"]
    assert depends_on(parse_runbook("lamp.md", text), files) == [
        "bin/switch.sh",
        "conf/on.ini",
        "lamp",
        "lamp.md",
        "src/shop",
    ]
