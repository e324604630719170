"""Rules that apply to some files only, and the address of their pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.cli.check import main
from overt.lint import check
from overt.lint.formats import render
from overt.lint.settings import PlainPaths, PlainSettings
from overt.model.errors import OvertError

BAD = "import os\n\n_rows = []\n\ndef f(x):\n    _rows.append(x)\n    os.environ['A'] = x\n"


def found(root: Path, *paths: PlainPaths, ignore: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Return the rules that find something in each file."""
    for name in ("src/a.py", "tests/test_a.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(BAD, "utf-8")
    report = check(root, ["src/a.py", "tests/test_a.py"], PlainSettings(paths=paths, ignore=ignore))
    rules: dict[str, list[str]] = {"src/a.py": [], "tests/test_a.py": []}
    for seen in report.findings:
        rules[seen.finding.location.path].append(seen.finding.rule)
    return rules


def test_a_rule_is_left_out_for_some_files(tmp_path: Path) -> None:
    """The other files keep it."""
    both = ["OV202", "OV401"]
    assert found(tmp_path) == {"src/a.py": both, "tests/test_a.py": both}
    assert found(tmp_path, PlainPaths(("tests",), ignore=("OV4",))) == {"src/a.py": both, "tests/test_a.py": ["OV202"]}


def test_only_some_rules_apply_to_some_files_and_later_tables_count_more(tmp_path: Path) -> None:
    """Also a rule that the project leaves out everywhere else."""
    rows = (PlainPaths(("**/*.py",), ignore=("OV",)), PlainPaths(("tests/**",), select=("OV401",)))
    assert found(tmp_path, *rows) == {"src/a.py": [], "tests/test_a.py": ["OV401"]}
    assert found(tmp_path, *reversed(rows)) == {"src/a.py": [], "tests/test_a.py": []}
    assert found(tmp_path, rows[1], ignore=("OV4",)) == {"src/a.py": ["OV202"], "tests/test_a.py": ["OV401"]}


def test_a_code_that_names_no_rule_is_refused(tmp_path: Path) -> None:
    """A misspelt code would silently leave nothing out."""
    for row in (PlainPaths(("a",), ignore=("OV2O2",)), PlainPaths(("a",), select=("OV2O2",))):
        with pytest.raises(OvertError, match="no rule 'OV2O2'"):
            found(tmp_path, row)


def test_overt_toml_says_so_also_for_one_file_and_from_the_kept_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second run reads what the first has kept."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    toml = '[hidden-state]\nrule-url = "https://x.test/{rule}.html"\n[[hidden-state.paths]]\nfiles = ["a.py"]\n'
    (tmp_path / "overt.toml").write_text(toml + 'ignore = ["OV202"]\n', "utf-8")
    for _ in range(2):
        assert main(["a.py", "--json"]) == 1
        shown = json.loads(capsys.readouterr().out)
        assert [each["rule"] for each in shown["findings"]] == ["OV401"]
        assert [each["url"] for each in shown["findings"]] == ["https://x.test/OV401.html"]


def test_findings_and_sarif_name_the_page_of_a_rule(tmp_path: Path) -> None:
    """With the rule's code in the address; without an address there is none."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    report = check(tmp_path, ["a.py"], PlainSettings(rule_url="https://x.test/{rule}"))
    assert [seen.finding.url for seen in report.findings] == ["https://x.test/OV202", "https://x.test/OV401"]
    rules = json.loads(render("sarif", report, tmp_path))["runs"][0]["tool"]["driver"]["rules"]
    assert all(rule["helpUri"] == f"https://x.test/{rule['id']}" for rule in rules)
    bare = check(tmp_path, ["a.py"], PlainSettings())
    assert bare.findings[0].finding.url == ""
    assert "helpUri" not in render("sarif", bare, tmp_path)
