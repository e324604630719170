"""Items of the review checklist that a project declares itself."""

from __future__ import annotations

import pytest

from overt.campaign.loading import parse_campaign
from overt.model import OvertError

RULE = '[[review.rules]]\nid = "r"\ntitle = "R"\npaths = ["db"]\n'


def test_a_rule_is_read_as_written() -> None:
    """With its defaults."""
    [rule] = parse_campaign(RULE + 'command = ["make", "check"]\n')[0].review.rules
    assert (rule.command, rule.question, rule.timeout) == (("make", "check"), "", 300.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RULE, "review.rules[0] has neither a command nor a question"),
        (RULE + 'command = ["a"]\nquestion = "b?"\n', "review.rules[0] has both a command and a question"),
        (RULE + 'command = [""]\n', "review.rules[0].command names no program"),
        ((RULE + 'question = "b?"\n') * 2, "review.rules[1] has the id of review.rules[0]"),
        (RULE.replace('"db"', '"../db"') + 'question = "b?"\n', "'../db' leaves the repository"),
        ('[review]\nchangelog = "/etc/news"\n', "'/etc/news' leaves the repository"),
        ('[[review.hot-paths]]\nfiles = ["a.py"]\nsuite = "speed"\n', "no suite is named 'speed'"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, told: str) -> None:
    """With its place."""
    with pytest.raises(OvertError) as caught:
        parse_campaign(text)
    assert any(told in problem.message for problem in caught.value.problems), caught.value.problems
