"""`overt init` shows what it found, asks, writes, and says what comes next."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from overt.campaign import load
from overt.cli.init import main
from overt.cli.init_measure import count_ruff, find_program
from overt.model import Exit, OvertError

PACKAGE = {
    "pyproject.toml": '[project]\nname = "shop"\ndescription = "Sells."\n[tool.pytest.ini_options]\n[tool.ruff]\n',
    "src/shop/__init__.py": '"""A shop."""\n\nCART = []\n\n\ndef add(item):\n    CART.append(item)\n',
    "tests/test_shop.py": "def test_shop():\n    pass\n",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return the folder of a small project with one piece of hidden state."""
    for name, text in PACKAGE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def files(root: Path) -> set[str]:
    """Return the files of a folder."""
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_a_dry_run_shows_every_file_with_a_reason_and_writes_none(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What would be written can be read before."""
    before = files(shop)
    assert main(["-C", str(shop), "--dry-run"]) == Exit.PROVED
    shown = capsys.readouterr().out
    assert files(shop) == before
    assert "packages   src/shop\n" in shown
    assert "tests      pytest in tests (pyproject.toml)\n" in shown
    for line in (
        "  + overt.toml                      suites and claims; the file you will edit",
        "  + mkdocs.yml                      the site: theme, search, reference, overt",
        "  +       release-and-roll-back.md  a runbook to start from; overt rehearse --all tries it",
        "  +   hidden-state.ratchet          the finding of today; it may only go",
    ):
        assert line in shown
    assert "Would write 11 files; nothing was written." in shown


def test_it_writes_what_it_showed_and_says_what_comes_next(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The findings of today are in the ratchet; the campaign loads; the next two commands stand last."""
    assert main(["-C", str(shop), "--yes"]) == Exit.PROVED
    shown = capsys.readouterr().out
    assert "Wrote 11 files." in shown
    assert "Hidden state: 1 finding today. validation/hidden-state.ratchet holds it:\n" in shown
    assert "              it may only go, and a new one fails the build.\n" in shown
    assert shown.endswith("Next\n  overt validate\n  overt build\n")
    assert "OV202|src/shop/__init__.py|shop|CART 1\n" in (shop / "validation/hidden-state.ratchet").read_text()
    loaded = load(shop)
    assert list(loaded.campaign.suites) == ["unit", "ruff", "hidden-state"]
    assert not loaded.detected


def test_notes_are_told_beside_the_findings(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A note fails nothing and needs no place in the ratchet."""
    head = "import threading\n\nLOCK = threading.Lock()\nrows = []\n\n\n"
    (shop / "src/shop/rows.py").write_text(f"{head}def add(row):\n    with LOCK:\n        rows.append(row)\n")
    main(["-C", str(shop), "--yes"])
    assert "Hidden state: 1 finding and 1 note today." in capsys.readouterr().out
    assert "rows" not in (shop / "validation/hidden-state.ratchet").read_text()


def test_the_second_time_there_is_nothing_to_do(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Running it again is safe, and says what is new since."""
    main(["-C", str(shop), "--yes"])
    before = {name: (shop / name).read_bytes() for name in files(shop)}
    with (shop / "src/shop/__init__.py").open("a") as stream:
        stream.write("\n\nTILLS = {}\n\n\ndef open_till(name):\n    TILLS[name] = 0\n")
    capsys.readouterr()
    assert main(["-C", str(shop), "--yes"]) == Exit.PROVED
    shown = capsys.readouterr().out
    assert "Nothing to do: everything is there." in shown
    assert "Hidden state: 2 findings today, 1 of them new; see overt check." in shown
    after = {name: (shop / name).read_bytes() for name in files(shop)}
    del before["src/shop/__init__.py"], after["src/shop/__init__.py"]
    assert after == before


def test_json_is_one_document_with_everything(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program can adopt a project too."""
    assert main(["-C", str(shop), "--json"]) == Exit.PROVED
    said = json.loads(capsys.readouterr().out)
    assert said["written"] is True
    assert said["detected"]["packages"] == ["src/shop"]
    assert {file["path"]: file["action"] for file in said["files"]}["overt.toml"] == "create"
    assert said["hidden_state"] == {"findings": 1, "new": 0, "notes": 0}
    assert said["next"][-2:] == ["overt validate", "overt build"]
    assert (shop / "overt.toml").is_file()


def test_a_wrong_campaign_is_told_and_nothing_is_written(shop: Path) -> None:
    """Adopting goes on from what is there only when that can be read."""
    (shop / "overt.toml").write_text("[suites.unit]\nkind = 'pytset'\n")
    before = files(shop)
    with pytest.raises(OvertError, match=r"overt\.toml:2: suites.unit.kind cannot be 'pytset'"):
        main(["-C", str(shop), "--yes"])
    assert files(shop) == before


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    """No folder is made by mistake."""
    with pytest.raises(OvertError, match="there is no folder") as caught:
        main(["-C", str(tmp_path / "gone")])
    assert caught.value.exit == Exit.USAGE
    assert not (tmp_path / "gone").exists()


def test_an_empty_folder_gets_a_campaign_to_fill_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without tests and packages it says so, and what to do."""
    assert main(["-C", str(tmp_path), "--yes"]) == Exit.PROVED
    assert "Note: Nothing to run was found" in capsys.readouterr().out
    assert load(tmp_path).campaign.suites == {}


def test_results_that_lie_there_are_adopted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A project of another language with a JUnit file has a suite that measures it, and a site that stays fresh."""
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "build").mkdir()
    (tmp_path / "build/junit.xml").write_text('<testsuite tests="1"><testcase classname="a" name="b"/></testsuite>')
    assert main(["-C", str(tmp_path), "--yes"]) == Exit.PROVED
    shown = capsys.readouterr().out
    assert "  results    build/junit.xml\n" in shown
    assert "Nothing to run was found" not in shown
    assert "[suites.results]" in (tmp_path / "overt.toml").read_text()
    assert "suites.javascript" not in (tmp_path / "overt.toml").read_text()
    from overt.cli.main import main as overt

    for verb in ("validate", "build", "build"):
        # The site lies in the project's folder; building it changes nothing that was measured.
        assert overt([verb, "-C", str(tmp_path)]) == Exit.PROVED
    assert "2 proved" in capsys.readouterr().out


def test_source_that_cannot_be_parsed_is_said_and_never_counted_as_clean(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No number is better than a wrong one."""
    (shop / "src/shop/broken.py").write_text("def :\n")
    main(["-C", str(shop), "--yes"])
    shown = capsys.readouterr().out
    assert "Note: Hidden state could not be counted: src/shop/broken.py" in shown
    assert "no finding" not in shown
    assert not (shop / "validation/hidden-state.ratchet").exists()


def test_several_findings_are_told_as_several(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The grammar follows the number."""
    with (shop / "src/shop/__init__.py").open("a") as stream:
        stream.write("\n\nTILLS = {}\n\n\ndef open_till(name):\n    TILLS[name] = 0\n")
    main(["-C", str(shop), "--yes"])
    shown = capsys.readouterr().out
    assert "2 findings of today; their number may only fall" in shown
    assert "2 findings today. validation/hidden-state.ratchet holds them:\n" in shown
    assert "their number may only fall, and a new one fails the build." in shown


def test_findings_of_ruff_are_allowed_and_no_more(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The count is that of ruff itself."""
    (shop / "tests/test_more.py").write_text("import os\nimport sys\n")
    main(["-C", str(shop), "--yes"])
    assert "Note: Ruff finds 2 places today: its suite allows that many" in capsys.readouterr().out
    assert load(shop).campaign.suites["ruff"].at_most == 2


def test_ruff_is_looked_for_beside_the_interpreter_of_the_project_first(tmp_path: Path) -> None:
    """The project's own ruff is the one that its developers run."""
    own = tmp_path / ".venv/bin/ruff"
    own.parent.mkdir(parents=True)
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    assert find_program("ruff", tmp_path, ".venv/bin/python") == str(own)
    assert find_program("no-such-program", tmp_path, "") is None


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo '[{}, {}]'", 2),
        ("exit 2", "ruff ended with status 2"),
        ("echo no json", "ruff printed no list of findings"),
        ("echo 3", "ruff printed no list of findings"),
        ("kill -9 $$", "ruff ended with status None"),
    ],
)
def test_what_ruff_does_is_never_taken_for_clean(tmp_path: Path, script: str, said: int | str) -> None:
    """Only a list of findings is a count."""
    program = tmp_path / "ruff"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    assert count_ruff(tmp_path, str(program)) == said


def test_a_broken_configuration_of_ruff_is_said(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Configured, but it cannot run: no suite, and the reason."""
    (shop / "ruff.toml").write_text("no-such-key = 1\n")
    main(["-C", str(shop), "--dry-run"])
    assert (
        "Note: ruff.toml configures ruff, but ruff ended with status 2: there is no suite for it."
        in capsys.readouterr().out
    )


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """For editors: the same document that is shipped."""
    assert main(["--schema"]) == Exit.PROVED
    shipped = Path(sys.modules["overt.campaign"].__path__[0], "overt.schema.json")
    assert capsys.readouterr().out == shipped.read_text()


@pytest.mark.parametrize(("answer", "written"), [("n\n", False), ("\n", True), ("yes\n", True), ("what\n", False)])
def test_on_a_terminal_it_asks(shop: Path, answer: str, written: bool) -> None:
    """Only a yes or a bare return is a yes."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "overt", "init", "-C", str(shop)]
    try:
        with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
            os.write(ours, answer.encode())
            shown = b""
            while b"Next" not in shown and b"Nothing was written" not in shown:
                shown += os.read(ours, 65536)
            assert process.wait(60) == 0
    finally:
        os.close(ours)
        os.close(theirs)
    assert b"Write these files? [Y/n]" in shown
    assert (shop / "overt.toml").exists() is written


def test_this_repository_has_been_adopted(capsys: pytest.CaptureFixture[str]) -> None:
    """Its own campaign and configuration are kept."""
    root = Path(__file__).parents[2]
    assert main(["-C", str(root), "--dry-run"]) == Exit.PROVED
    shown = capsys.readouterr().out
    assert "Nothing to do: everything is there." in shown
    assert "= overt.toml  kept: is there already" in shown


def test_the_first_runbook_holds_when_it_is_rehearsed_as_it_stands(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is missing in it, and its steps and their undos do what it says; also where mkdocs is used already."""
    from overt.cli.rehearse import main as rehearse

    (shop / "mkdocs.yml").write_text("site_name: shop\n")
    (shop / "docs").mkdir()
    (shop / "docs/index.md").write_text("# Shop\n")
    for path in ("runbooks/release-and-roll-back.md", "docs/how-to/runbooks/release-and-roll-back.md"):
        assert main(["-C", str(shop), "--yes"]) == Exit.PROVED
        assert (shop / path).is_file()
        capsys.readouterr()
        assert rehearse(["-C", str(shop), "release-and-roll-back", "--plan"]) == Exit.PROVED
        assert "0 findings" in capsys.readouterr().out
        assert rehearse(["-C", str(shop), "--all"]) == Exit.PROVED, capsys.readouterr().out
        for name in ("mkdocs.yml", "overt.toml", path):
            (shop / name).unlink()
