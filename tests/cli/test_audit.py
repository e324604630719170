"""`overt audit` from the command line, over a project with a real ledger."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from overt.cli.main import main

CAMPAIGN = """\
[project]
name = "shop"
packages = ["src/shop"]
sources = ["src", "tests"]

[suites.unit]
kind = "pytest"
args = ["tests"]

[claims.green]
text = "Every test passes"
expect = "tests.failed == 0 and tests.passed == 2"
"""
PAGE = """\
# Shop

[Every test passes](claim:green): [2](evidence:tests.passed) of them.
See `src/shop/__init__.py`.
"""


def overt(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run overt and return its exit status and what it printed."""
    status = main(list(arguments))
    out, err = capfd.readouterr()
    return status, out, err


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose suite has run."""
    root = tmp_path_factory.mktemp("shop")
    for name, text in {
        "overt.toml": CAMPAIGN,
        "README.md": PAGE,
        "src/shop/__init__.py": "",
        "tests/test_shop.py": "def test_a():\n    assert True\n\n\ndef test_b():\n    assert True\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    assert main(["validate", "-C", str(root)]) == 0
    return root


@pytest.fixture
def project(measured: Path) -> Path:
    """The measured project with its page as it was."""
    (measured / "README.md").write_text(PAGE)
    (measured / "src/shop/__init__.py").write_text("")
    for extra in measured.glob("*.md"):
        if extra.name != "README.md":
            extra.unlink()
    return measured


def test_documents_that_hold_are_said_to(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """One screen, exit 0."""
    status, out, err = overt(capfd, "audit", "-C", str(project))
    assert (status, err) == (0, "")
    assert "1 document\n" in out
    assert "links               2   2 proved" in out
    assert "Nothing here is known to be wrong." in out


def test_a_drifted_number_is_refuted_and_set_right(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Exit 1 with file, line and column; `--update` writes the number and nothing else."""
    page = project / "README.md"
    page.write_text(PAGE.replace("[2]", "[3]"))
    status, out, _ = overt(capfd, "audit", "-C", str(project))
    assert status == 1
    assert "README.md:3:35: evidence tests.passed: it shows '3', tests.passed is 2" in out
    assert "overt audit --update sets 1 drifted number right" in out
    status, out, _ = overt(capfd, "audit", "-C", str(project), "--fix-numbers")
    assert (status, page.read_text()) == (0, PAGE)
    assert "README.md: 1 set right" in out


def test_a_wrong_reference_is_refuted(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file that was renamed is found by every document that names it."""
    (project / "guide.md").write_text("`src/shop/_init_.py` [x](REAMDE.md)\n")
    status, out, _ = overt(capfd, "audit", "-C", str(project), "guide.md")
    assert status == 1
    assert "guide.md:1:1: path src/shop/_init_.py" in out
    assert "did you mean 'README.md'?" in out


def test_a_claim_that_is_refuted_is_not_passed_over_at_the_end(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The last line never says that nothing is wrong below a claim that was just told to be."""
    campaign = project / "overt.toml"
    campaign.write_text(CAMPAIGN + '\n[claims.many]\nexpect = "tests.passed >= 99"\n')
    try:
        status, out, _ = overt(capfd, "audit", "-C", str(project))
    finally:
        campaign.write_text(CAMPAIGN)
    assert status == 1
    assert "claim many: tests.passed is 2" in out
    assert "Nothing here is known to be wrong." not in out
    assert out.rstrip().endswith("Next: mend what is refuted, or say less; overt validate measures it anew.")


def test_changed_sources_make_claims_stale(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What held on other files fails, and says what to do."""
    (project / "src/shop/__init__.py").write_text("x = 1\n")
    status, out, _ = overt(capfd, "audit", "-C", str(project))
    assert status == 1
    assert "Stale" in out
    assert "overt validate" in out


def test_what_was_never_measured_is_unchecked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """No evidence, exit 3."""
    (tmp_path / "overt.toml").write_text(CAMPAIGN)
    (tmp_path / "README.md").write_text(PAGE.replace("See `src/shop/__init__.py`.", ""))
    status, out, _ = overt(capfd, "audit", "-C", str(tmp_path))
    assert status == 3
    assert "Not checked (3)" in out


def test_assertions_without_evidence_fail_strictly(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """They are told in any case, and fail only with `--strict`, and only where certain."""
    (project / "boast.md").write_text("It is 30 % faster.\n")
    (project / "hint.md").write_text("It never leaks.\n")
    status, out, _ = overt(capfd, "audit", "-C", str(project))
    assert (status, "boast.md:1:7: 30 % faster (speed)" in out) == (0, True)
    assert overt(capfd, "audit", "-C", str(project), "--strict")[0] == 1
    assert overt(capfd, "audit", "-C", str(project), "--strict", "hint.md")[0] == 0


def test_long_lists_are_cut_and_said_to_be(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The first forty are shown; `--all` shows the rest, what was not decided included."""
    (project / "many.md").write_text("[a](nothing.md)\n" * 45 + "[b](/somewhere)\n")
    _, out, _ = overt(capfd, "audit", "-C", str(project))
    assert (out.count(": link nothing.md"), "and 5 more: overt audit --all" in out) == (40, True)
    _, out, _ = overt(capfd, "audit", "-C", str(project), "--all")
    assert (out.count(": link nothing.md"), "link /somewhere: it begins at the root" in out) == (45, True)
    assert "more: overt audit --all" not in out


def test_colour_is_for_those_who_want_it(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """States are painted when asked for, and never otherwise."""
    assert "\x1b[32mproved\x1b[0m" in overt(capfd, "audit", "-C", str(project), "--color", "always")[1]
    assert "\x1b" not in overt(capfd, "audit", "-C", str(project), "--color", "never")[1]


def test_json_is_one_document(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """It holds the counts, the claims, the links and the exit status."""
    (project / "wrong.md").write_text("[x](claim:gren)\n")
    status, out, _ = overt(capfd, "audit", "-C", str(project), "--json")
    document = json.loads(out)
    assert document["exit"] == status == 1
    assert document["counts"]["links"] == {"refuted": 1, "proved": 2}
    assert document["claims"][0]["state"] == "proved"
    assert document["claims"][0]["evidence"]
    wrong = document["links"][-1]
    assert (wrong["path"], wrong["line"], wrong["hint"]) == ("wrong.md", 1, "did you mean 'green'?")


def test_sarif_points_at_the_place(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each refutation is a result with its region; `--strict` makes errors of certain assertions."""
    (project / "wrong.md").write_text("\n [x](nothing.md) All tests pass.\n")
    _, out, _ = overt(capfd, "audit", "-C", str(project), "--sarif", "--strict")
    (run,) = json.loads(out)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["refuted", "certain"]
    assert [result["level"] for result in run["results"]] == ["error", "error"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("wrong.md", {"startLine": 2, "startColumn": 2})
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} >= {"refuted", "stale", "unchecked", "certain"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.md"], "there is no document nothing.md"),
        (["REDME.md"], "did you mean 'README.md'?"),
        (["src"], "there is no Markdown in src"),
        (["--json", "--sarif"], "exclude each other"),
        (["--nothing"], "unrecognized arguments"),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(
    project: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """Exit 2, what is wrong, what to do."""
    status, out, err = overt(capfd, "audit", "-C", str(project), *arguments)
    assert (status, out) == (2, "")
    assert said in err


def test_a_wrong_expression_is_told_with_its_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A campaign that compares what cannot be compared is a configuration error."""
    (tmp_path / "overt.toml").write_text("[claims.a]\nexpect = 'run.dirty and and'\n")
    status, _, err = overt(capfd, "audit", "-C", str(tmp_path))
    assert status == 2
    assert "overt.toml:2" in err
    assert "at column 15" in err


def test_any_folder_can_be_audited(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Without configuration, code or git; claims that were only detected do not count."""
    (tmp_path / "a.md").write_text("# A\n\n[b](#a)\n")
    status, out, _ = overt(capfd, "audit", "-C", str(tmp_path))
    assert (status, "references          1   1 proved" in out) == (0, True)


def test_a_hostile_folder_costs_little_and_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Loops of links, a pipe, a file without end, no text, links out of the repository: no crash, each said."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "loop").symlink_to(docs)
    (docs / "self.md").symlink_to("self.md")
    os.mkfifo(docs / "pipe.md")
    (docs / "binary.md").write_bytes(b"\xff\xfe\x00")
    with (docs / "huge.md").open("wb") as stream:
        stream.truncate(1 << 30)
    (docs / "many.md").write_text("`a/b.py` " * 6_000)
    (tmp_path / "pyproject.toml").write_text("a = [" * 2_000)
    (docs / "bad.md").write_text("[x](\n`overt '\"`\n```bash\novert 'open\n```\n\x1b[31m[y](\x1b[0m.md)")
    status, out, err = overt(capfd, "audit", "-C", str(tmp_path))
    assert (status in {1, 3}, err) == (True, "")
    for name in ("binary.md", "huge.md"):
        assert f"docs/{name}: cannot be read" in out
    assert "docs/many.md: only its first 5,000 references are followed" in out
    assert "\x1b" not in out


def test_an_audit_of_no_document_is_no_pass(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A folder without documents, or the wrong folder, is unchecked."""
    status, out, _ = overt(capfd, "audit", "-C", str(tmp_path))
    assert status == 3
    assert out.endswith("No document was looked at. That is not a pass.\n")
