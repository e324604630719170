"""The page of a migration: what is known is shown with its evidence, and what is not known is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.audit.migration import MigrationView
from overt.campaign.migration import STORE
from overt.evidence.records import ComparisonSeen, Difference
from overt.flags import Check, FeatureFlags, Flag, Health, MigrationControl, Move, SqliteStore, Stage, Status
from overt.flags.reported import Reported
from overt.model import Claim, Finding, Location, State, Verdict
from overt.site.collect import collect
from overt.site.inputs import Rooms, SiteInputs
from overt.site.pages.migration import headline
from overt.site.pages.stage_bar import share_done, stage_bar
from overt.site.render import render

Make = Callable[..., Any]
PAGE = "validation/migration.md"
STAGES = (Stage(1, "cart", ["new-cart"], requires=["agree"]), Stage(2, "search", ["new-search"], risk="high"))


def status(stage: int, percentage: float, **more: Any) -> Status:
    """Return where a migration stands."""
    values = {"new-cart": True, "new-search": 25.0}
    told = {"name": "", "flags": values, "drift": (), "history": (), "health": None, **more}
    return Status(stage=stage, percentage=percentage, **told)


def view_of(**more: Any) -> MigrationView:
    """Return a migration in the middle of its second stage."""
    return MigrationView(**{"stages": STAGES, "status": status(2, 25.0), "following": 2, **more})


@pytest.mark.parametrize(
    ("more", "state", "said"),
    [
        ({"status": None, "problem": "gone"}, State.UNCHECKED, "is not known"),
        ({"following": 0}, State.PROVED, "All 2 stages are done"),
        ({"checks": (Check("a", True, ""),)}, State.PROVED, "Stage 2 is at 25 %; stage 2 is ready"),
        ({"checks": (Check("a", True, ""), Check("b", False, ""))}, State.OPEN, "stage 2 waits for 1 check"),
        ({"stages": (), "following": 0}, State.OPEN, "No stage is declared"),
        ({"status": status(0, 0.0), "following": 1}, State.OPEN, "Nothing is turned on yet"),
    ],
)
def test_the_headline_says_where_it_stands(more: dict[str, Any], state: State, said: str) -> None:
    """What is not known is never proved."""
    found, text = headline(view_of(**more))
    assert (found, said in text) == (state, True)


def test_a_bar_has_its_figures_as_text() -> None:
    """Each stage as far as it is on; nothing is filled when nothing is known."""
    assert [share_done(stage, status(2, 25.0)) for stage in STAGES] == [100.0, 25.0]
    drawn = str(stage_bar(STAGES, status(2, 25.0)))
    assert "stage 1 cart&#58; 100 &#37;&#59; stage 2 search&#58; 25 &#37;" in drawn
    assert (drawn.count("ov-done"), drawn.count("ov-part")) == (1, 1)
    unknown = str(stage_bar(STAGES, None))
    assert ("ov-done" in unknown, "not known" in unknown) == (False, True)


def test_everything_that_is_known_is_on_the_page(view: Make) -> None:
    """Stages with values and claims, checks with their evidence, health, comparisons, moves, flags that are done."""
    seen = ComparisonSeen(
        id="c",
        suite="unit",
        name="new-cart",
        samples=(Difference(chosen="legacy", call="(7)", new="returned 8", legacy="returned 7"),),
    )
    claims = {"agree": (Claim("agree", "x == 0"), Verdict(State.STALE, "its inputs changed", ("run-1/c",)))}
    moves = [Move(1.7e9, "ann", "advance", 0, 1, 100.0, "measured"), Move(1.7e9 + 9, "", "automatic", 1, 0, 0.0, "bad")]
    migration = view_of(
        status=status(2, 25.0, history=moves, drift=("new-cart",)),
        checks=(Check("order", True, "stage 1 is at 100 %"), Check("claim agree", False, "stale: its inputs changed")),
        reports=(Reported("host:7", 1.7e9, 1, Health(0.0125, 1.5, 4000)),),
        retired=(Finding("flag-unread", "nothing reads new-search", Location("overt.toml", 9), symbol="new-search"),),
        comparisons={"new-cart": {"agreed": 1234, "mismatches": 1}},
    )
    inputs = SiteInputs(project="shop", suites=(view(seen),), claims=claims, rooms=Rooms(migration=migration))
    text = render(inputs)[PAGE].decode()
    for said in (
        "<code>new-search</code> 25 &#37;",
        "Set by hand, not as the stage says&#58; new-cart",
        "[claim agree](claims.md#claim-agree) | its inputs changed | [unit](evidence/unit.md)",
        "4,000 | 1.25 &#37; | 1.50 x legacy",
        "<code>new-cart</code> | 1,234 | 1 |",
        "<code>&#40;7&#41;</code> | legacy | <code>returned 8</code> | <code>returned 7</code>",
        "nothing reads new-search | <code>overt.toml&#58;9</code>",
        "automatic | 1 to 0 | 0 &#37; | unknown | bad",
    ):
        assert said in text, said
    assert text.index("automatic") < text.index("ann"), "the newest move comes first"
    assert "host" not in text


def test_hostile_texts_bring_no_markup(view: Make, hostile: tuple[str, ...]) -> None:
    """Names, reasons, answers and who made a move are escaped."""
    for text in hostile:
        sample = Difference(chosen=text, call=text, new=text, legacy=text)
        seen = ComparisonSeen(id="c", suite="unit", name=text, samples=(sample,))
        stage = Stage(1, text, ["new-cart"], description=text, requires=[text])
        migration = MigrationView(
            stages=(stage,),
            status=status(0, 0.0, history=[Move(0.0, text, text, 0, 1, 5.0, text)], drift=(text,)),
            following=1,
            checks=(Check(text, False, text),),
            retired=(Finding("flag-unread", text, Location(text), symbol=text),),
            comparisons={text: {"agreed": 1}},
        )
        inputs = SiteInputs(project="shop", suites=(view(seen),), rooms=Rooms(migration=migration))
        body = render(inputs)[PAGE].decode().split("\n---", 1)[1]
        for sign in ("<script", "<img", "javascript:", "http:", "{{", "{%", "\x1b", "<!--", "**bold**", ":::", "www."):
            assert sign not in body, (sign, text)


TOML = """
[suites.unit]
kind = "pytest"

[claims.green]
expect = "suites.unit.failed == 0"

[flags.new-cart]
owner = "shop"
purpose = "the new cart"
created = "2026-01-01"
until = "2026-02-01"

[[stages]]
number = 1
name = "cart"
flags = ["new-cart"]

[[stages]]
number = 2
name = "more"
flags = ["new-cart"]
requires = ["green"]
"""


def collected(root: Path, day: int) -> MigrationView:
    """Return what the site reads about a project's migration on a day of 2026."""
    now_ns = round((1_767_225_600 + day * 86_400) * 1e9)
    found = collect(root, now_ns=now_ns, documents={}, pages={}, home="index.md", draw=None)
    assert found.inputs.rooms.migration is not None
    return found.inputs.rooms.migration


def test_what_the_store_beside_the_project_holds_is_read(project: Make) -> None:
    """Without a store that is said, and none is made; a damaged one is told without the path of this machine."""
    root = project(toml=TOML)
    view = collected(root, 10)
    assert (view.status, view.problem) == (
        None,
        "there is no .overt/flags.sqlite here, so what the flags are set to is not known",
    )
    assert not (root / STORE).exists()
    assert [found.rule for found in view.retired] == ["flag-unread"]
    flag = Flag("new-cart", owner="", purpose="", created="2026-01-01", until="2026-02-01")
    with FeatureFlags(SqliteStore(root / STORE), [flag], clock=lambda: 1_767_225_600.0) as flags:
        MigrationControl(flags, [Stage(1, "cart", ["new-cart"])]).advance_to(1, by="ann")
    view = collected(root, 40)
    assert view.status is not None
    assert (view.status.stage, view.following, view.status.flags) == (1, 2, {"new-cart": True})
    assert {check.name: check.ok for check in view.checks}["claim green"] is False
    assert [found.rule for found in view.retired] == ["flag-unread", "flag-overdue", "flag-finished"]
    for path in (root / STORE).parent.glob(f"{Path(STORE).name}*"):
        path.unlink()
    (root / STORE).write_bytes(b"no database " * 200)
    view = collected(root, 40)
    assert view.status is None
    assert "is damaged" in view.problem
    assert str(root) not in view.problem


def test_a_project_without_flags_has_no_such_page(project: Make) -> None:
    """And no entry in the navigation."""
    found = collect(project(), now_ns=0, documents={}, pages={}, home="index.md", draw=None)
    assert found.inputs.rooms.migration is None
    assert PAGE not in render(found.inputs)
