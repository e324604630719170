"""A runbook is told what it lacks, and a complete one is left alone."""

from __future__ import annotations

import pytest

from overt.runbook.lint import RULES, lint
from overt.runbook.parse import parse_runbook


def codes(text: str) -> list[tuple[str, int]]:
    return [(finding.rule, finding.location.line) for finding in lint(parse_runbook("lamp.md", text))]


def test_a_complete_runbook_is_left_alone(good: str) -> None:
    """Nothing to say."""
    assert codes(good) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("owner: stage\n", "", [("RB104", 7)]),
        (".check for=on", ".precheck", [("RB101", 8)]),
        (".undo for=on", ".precheck", [("RB102", 8)]),
        ("id=on timeout=5", "id=on", [("RB103", 8)]),
        ("echo on > lamp", "rm -rf lamp; echo on > lamp", [("RB105", 8)]),
        ("grep -q on lamp\n", "\n", [("RB107", 11)]),
    ],
)
def test_what_is_lacking_is_told_at_its_line(good: str, old: str, new: str, expected: list[tuple[str, int]]) -> None:
    """One finding for one fault."""
    assert old in good
    assert codes(good.replace(old, new, 1)) == expected


@pytest.mark.parametrize(
    "command",
    [
        *(
            "rm -r x",
            "rm -f x",
            "psql -c 'DROP TABLE a'",
            "git push --force",
            "git reset --hard",
            "kubectl delete pod a",
        ),
        *("dd if=a of=b", "redis-cli FLUSHALL", "delete FROM cart", "terraform destroy", "mkfs.ext4 /dev/x"),
    ],
)
def test_what_destroys_needs_a_confirmation(good: str, command: str) -> None:
    """Unless it has one."""
    text = good.replace("echo on > lamp", f"{command}; echo on > lamp")
    assert [code for code, _ in codes(text)] == ["RB105"]
    assert codes(text.replace("id=on timeout=5", 'id=on timeout=5 confirm="it is lost"')) == []


@pytest.mark.parametrize("command", ["rmdir x", "echo form", "ls -r", "git push", "confirm.sh", "cat drop_tables.md"])
def test_what_only_looks_destructive_does_not(good: str, command: str) -> None:
    """A question too many is answered without reading."""
    assert codes(good.replace("echo on > lamp", f"{command}; echo on > lamp")) == []


@pytest.mark.parametrize(
    ("match", "expected", "anything"),
    [
        ("regex", ".*", True),
        ("regex", r"\w+", True),
        ("regex", "(ok)?", True),
        ("regex", "^ok$", False),
        ("regex", r"^\d+ rows$", False),
        ("contains", "", True),
        ("contains", "ok", False),
        ("exact", "", False),
        ("json", '{"state": "up"}', False),
    ],
)
def test_an_expectation_must_be_able_to_fail(good: str, match: str, expected: str, anything: bool) -> None:
    """It is tried on nonsense."""
    text = good + f"```text {{ .expect for=on match={match} }}\n{expected}\n```\n"
    assert [code for code, _ in codes(text)] == ["RB106"] * anything


def test_each_code_says_what_and_why() -> None:
    """They are shown as a table."""
    assert all(title and why for title, why in RULES.values())
