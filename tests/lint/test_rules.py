"""What holds for every rule."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from overt.lint.allow import apply_allowances
from overt.lint.engine import as_finding
from overt.lint.examine import examine
from overt.lint.names import CALLS, STORES
from overt.lint.pages import rule_page
from overt.lint.records import Rule, first_sentence
from overt.lint.report import Seen
from overt.lint.results import Banned, Settings
from overt.lint.rules import all_codes, all_rules, rule_for

RULES = all_rules()
HERE = Path(__file__).parent
SOURCE = Path(__file__).parents[2] / "src/overt/lint/rules"


def codes(source: str, path: str, settings: str = "") -> set[str]:
    """Return the rules that find something, those about allowances included."""
    tables = tomllib.loads(settings).get("hidden-state", {}).get("banned", [])
    banned = tuple(Banned(**row | {"allow": tuple(row.get("allow", ()))}) for row in tables)
    result = examine(source.encode(), path, Settings(banned=banned))
    assert result.problem == ""
    found = [Seen(as_finding(hit, path)) for hit in result.hits]
    held = apply_allowances(found, {path: result}, (), codes=frozenset(all_codes()), today="2026-01-01", whole=True)
    return {seen.finding.rule for seen in held if seen.standing == "new"}


def test_the_list_of_rules_is_the_list_of_their_files() -> None:
    """A rule that is not in the list would never be applied."""
    assert [f"{code.lower()}.py" for code in all_codes()] == sorted(p.name for p in SOURCE.glob("ov*.py"))


def test_codes_are_unique_and_in_order() -> None:
    """A code names one rule."""
    assert [rule.code for rule in RULES] == sorted({rule.code for rule in RULES})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_bad_example_is_found_and_the_good_one_is_clean(rule: Rule) -> None:
    """The linter agrees with what the page of a rule says."""
    assert rule.code in codes(rule.bad, rule.path, rule.settings)
    assert codes(rule.good, rule.path, rule.settings) == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_says_why_and_what_instead_in_whole_sentences(rule: Rule) -> None:
    """A message without a way out helps nobody."""
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.instead.endswith(".")
    assert len(first_sentence(rule.why)) < 200
    assert set(rule.see) <= set(all_codes()) - {rule.code}


@pytest.mark.parametrize("rule", [r for r in RULES if r.kind != "allow"], ids=lambda rule: rule.code)
def test_every_rule_has_a_test_file_that_begins_with_what_it_must_not_report(rule: Rule) -> None:
    """Silence where there is nothing is the first promise of a linter."""
    text = (HERE / "rules" / f"test_{rule.code.lower()}.py").read_text("utf-8")
    first = text.index("def test_")
    assert text[first:].startswith("def test_should_not_report_")
    assert "def test_reports_" in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_tells_every_severity_that_it_gives(rule: Rule) -> None:
    """Who reads why a run failed must find it on the page."""
    source = (SOURCE / f"{rule.code.lower()}.py").read_text("utf-8")
    judge = source[source.index("def judge") : source.index("RULE = ")]
    gives = {"warning"} | {word for word in ("note", "error") if f"Severity.{word.upper()}" in judge}
    gives |= {"note", "error"} if "weigh(" in judge else {"note"} if "weigh_process(" in judge else set()
    assert all(word in rule.matters for word in gives if rule.kind not in {"allow", "banned"})
    assert rule.matters in rule_page(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_page_of_a_rule_has_all_of_its_declaration(rule: Rule) -> None:
    """Page and `overt explain` come from the declaration alone."""
    page = rule_page(rule)
    assert page.startswith(f"# {rule.code}: {rule.title}\n")
    assert all(
        text in page for text in (rule.bad, rule.good, " ".join(rule.why.split()), " ".join(rule.instead.split()))
    )


def test_the_catalogue_of_names_leads_to_rules_only() -> None:
    """A name that leads nowhere would crash the check."""
    assert set(CALLS.values()) | set(STORES.values()) <= set(all_codes())


def test_one_rule_is_imported_alone() -> None:
    """What a check of a clean file does not need is not loaded."""
    import subprocess
    import sys

    code = "import sys; from overt.lint.rules import rule_for; rule_for('OV202'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in loaded if name.startswith("overt.lint.rules.")] == ["overt.lint.rules.ov202"]
    assert rule_for("OV202").code == "OV202"
