"""The operational runbook is written from the stages, can be read, and says what the stages say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from overt.campaign import Campaign, load
from overt.model import State
from overt.runbook.lint import lint
from overt.runbook.operational import Service, Wishes, operational
from overt.runbook.parse import parse_runbook
from overt.runbook.rehearse import rehearsal_verdict, rehearse
from overt.runbook.session import Surroundings
from overt.system.clock import SystemClock

TOML = """\
[project]
name = "shop"

[flags.new-cart]
owner = "ann"
purpose = "the new cart"
created = "2026-01-01"
until = "2999-12-31"

[[stages]]
number = 1
name = "cart"
flags = ["new-cart"]
risk = "low"
description = "The cart of the new kind."
requires = ["suite-green"]

[claims.suite-green]
expect = "tests.failed == 0"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with one stage."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / "overt.toml").write_text(TOML)
    return root


@pytest.fixture
def campaign(shop: Path) -> Campaign:
    """Return what it says."""
    return load(shop, files=["overt.toml"]).campaign


def test_it_lacks_nothing_and_names_what_the_stages_name(campaign: Campaign) -> None:
    """Each percentage is a step with a look and a way back; the emergency is one, too."""
    text = operational(campaign, Wishes(id="rollout"))
    runbook = parse_runbook("rollout.md", text)
    assert (runbook.id, runbook.owner, runbook.risk, lint(runbook)) == ("rollout", "ann", "low", [])
    assert [step.id for step in runbook.of("step")] == [
        *("stage-1-at-10", "stage-1-at-100", "emergency", "forward-again")
    ]
    for said in ("The cart of the new kind.", "`suite-green`", "at most 5%", "2999-12-31"):
        assert said in text


def test_services_and_the_look_of_a_project_stand_in_it(campaign: Campaign) -> None:
    """The flags of the stage follow the command."""
    wishes = Wishes(id="rollout", look="./look", services=(Service("shop", "./serve"),), inputs=("src",))
    runbook = parse_runbook("rollout.md", operational(campaign, wishes))
    assert [(one.id, one.ready, one.body) for one in runbook.of("service")] == [("shop", "ready", "./serve\n")]
    assert runbook.belonging("check", "stage-1-at-10")[0].body == "./look new-cart=10\n"
    assert runbook.belonging("check", "emergency")[0].body == "./look new-cart=0\n"
    assert runbook.inputs == ("overt.toml", "src")


def test_it_holds_when_it_is_rehearsed_as_it_stands(shop: Path, campaign: Campaign, tmp_path: Path) -> None:
    """With the look that needs nothing but the flags themselves."""
    runbook = parse_runbook("rollout.md", operational(campaign, Wishes(id="rollout")))
    around = Surroundings(
        root=shop, files=["overt.toml"], environment=dict(os.environ), temp=tmp_path, clock=SystemClock()
    )
    verdict = rehearsal_verdict(rehearse(runbook, around))
    assert verdict.state is State.PROVED, verdict.reason


def test_without_force_a_stage_that_is_not_ready_is_not_entered(shop: Path, campaign: Campaign, tmp_path: Path) -> None:
    """What the environment of a rehearsal sets is all that lets it through."""
    text = operational(campaign, Wishes(id="rollout")).replace("ADVANCE=--force", "ADVANCE=")
    around = Surroundings(
        root=shop, files=["overt.toml"], environment=dict(os.environ), temp=tmp_path, clock=SystemClock()
    )
    record = rehearse(parse_runbook("rollout.md", text), around)
    assert "step 'stage-1-at-10' ended with exit status 1" in record.reason
