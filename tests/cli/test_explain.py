"""`overt explain` says what the pages say."""

from __future__ import annotations

import json

import pytest

from overt.cli.explain import EXITS
from overt.cli.main import main
from overt.lint.pages import rule_page
from overt.lint.rules import all_codes, all_rules, rule_for
from overt.model import Exit


@pytest.mark.parametrize("code", all_codes())
def test_a_rule_is_explained_with_its_page(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same text, in small letters too."""
    assert main(["explain", code.lower()]) == 0
    assert capsys.readouterr().out == rule_page(rule_for(code))


def test_the_list_names_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """One line each."""
    assert main(["explain", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(all_codes())
    assert all(rule.title in line for rule, line in zip(all_rules(), lines, strict=True))


@pytest.mark.parametrize("status", list(Exit))
def test_every_exit_status_is_explained(status: Exit, capsys: pytest.CaptureFixture[str]) -> None:
    """By its number."""
    assert main(["explain", str(int(status))]) == 0
    assert capsys.readouterr().out.startswith(f"{int(status)} {EXITS[status][0]}: ")


def test_json_gives_the_declaration(capsys: pytest.CaptureFixture[str]) -> None:
    """For programs."""
    assert main(["explain", "OV202", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bad"] == rule_for("OV202").bad
    assert main(["explain", "--list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(all_codes())
    assert main(["explain", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "unchecked"


@pytest.mark.parametrize("arguments", [[], ["OV2O2"], ["7"], ["OV202", "--list"]])
def test_what_is_not_there_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest name."""
    assert main(["explain", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_typing_error_is_met_with_the_nearest_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Near names come from the one helper for them."""
    assert main(["explain", "OV2022"]) == 2
    assert "did you mean 'OV202'?" in capsys.readouterr().err
