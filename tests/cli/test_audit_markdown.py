"""`overt audit` as Markdown, with docstrings, with what is allowed, with contradictions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.markdown import scan

PAGE = "# Shop\n\nSee `src/shop/crat.py` and `src/shop/a|b.py`.\n\nAll 12 tests pass.\n\nAll 14 tests pass.\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with one wrong path, one wrong docstring and two numbers of the same thing."""
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "src/shop/__init__.py").write_text('"""See :class:`shop.Crat`."""\n\n\nclass Cart: ...\n')
    (tmp_path / "src/shop/cart.py").write_text("")
    (tmp_path / "README.md").write_text(PAGE)
    return tmp_path


def overt(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run overt and return its exit status and its output."""
    status = main(list(arguments))
    out, err = capfd.readouterr()
    assert err == ""
    return status, out


def test_markdown_sums_up_first(shop: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The verdict, a table of counts, then a table for each group, with what is told escaped."""
    status, out = overt(capfd, "audit", "-C", str(shop), "--md")
    assert status == 1
    lines = out.split("\n")
    assert lines[0] == "## Audit of the documents"
    assert lines[2] == "**Something here is not so.** 1 document."
    assert [heading.text for heading in scan(out).headings][1:] == [
        "Refuted (1)",
        "Contradicted by another number (1)",
        "Asserted without evidence (2)",
    ]
    assert "| README.md:3:5 | path src/shop/crat.py: there is no file src/shop/crat.py | did you mean" in out
    assert "| README.md:7:5 | 14 tests: README.md:5:5 says 12 tests |" in out


def test_markdown_of_documents_that_hold(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """No group, exit 0."""
    (tmp_path / "a.md").write_text("# A\n")
    status, out = overt(capfd, "audit", "-C", str(tmp_path), "--md")
    assert (status, "Nothing here is known to be wrong." in out, "###" in out) == (0, True, False)


def test_one_form_of_output_at_a_time(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Two of them are a usage error."""
    assert main(["audit", "-C", str(tmp_path), "--md", "--json"]) == 2
    assert "exclude each other" in capfd.readouterr().err


def test_docstrings_are_read_when_asked(shop: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Their references count like any other."""
    (shop / "README.md").write_text("# Shop\n")
    assert overt(capfd, "audit", "-C", str(shop))[0] == 0
    status, out = overt(capfd, "audit", "-C", str(shop), "--docstrings")
    assert (status, "src/shop/__init__.py:1:8: symbol shop.Crat" in out) == (1, True)


def test_what_the_campaign_allows_is_quiet(shop: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With a reason and an end; an entry that covers nothing is refuted at its line."""
    entry = "[[audit.allow]]\ntext = 'src/shop/crat.py'\nreason = 'it comes'\nuntil = 2999-01-01\n"
    (shop / "overt.toml").write_text(entry)
    assert overt(capfd, "audit", "-C", str(shop))[0] == 0
    (shop / "overt.toml").write_text(entry + "\n" + entry.replace("crat", "dog"))
    status, out = overt(capfd, "audit", "-C", str(shop))
    assert status == 1
    assert "overt.toml:6" in out
    assert "the entry covers nothing that is wrong" in out


def test_contradictions_fail_when_strict(shop: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """They are told in every form; without --strict they fail nothing."""
    (shop / "README.md").write_text("In total, 12 GenServers. Altogether 14 GenServers.\n")
    status, out = overt(capfd, "audit", "-C", str(shop), "--json")
    (told,) = json.loads(out)["contradictions"]
    assert (status, told["grade"], told["against"], told["line"]) == (0, "certain", "number", 1)
    assert overt(capfd, "audit", "-C", str(shop), "--strict")[0] == 1
    status, out = overt(capfd, "audit", "-C", str(shop), "--sarif", "--strict")
    (result,) = json.loads(out)["runs"][0]["results"]
    assert (status, result["ruleId"], result["level"]) == (1, "contradicted", "error")
