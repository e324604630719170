"""Stages wait for evidence, health comes from running programs, and flags that are done are told."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from overt.campaign.migration import STORE
from overt.cli.main import main
from overt.flags import FeatureFlags, Flag, Health, SqliteStore
from overt.flags.reported import report_health

TOML = """
[project]
name = "shop"

[suites.unit]
kind = "pytest"
args = ["-p", "no:cacheprovider", "tests"]

[claims.both-agree]
expect = \"\"\"measures.compare.new-cart.agreed > 0 and measures.compare.new-cart.mismatches == 0 \\
and measures.compare.new-cart.new_calls > 0 and measures.compare.new-cart.legacy_calls > 0\"\"\"

[flags.new-cart]
owner = "shop"
purpose = "the new cart"
created = "2026-01-01"
until = "2999-12-31"

[flags.old-search]
owner = "shop"
purpose = "the search"
created = "2020-01-01"
until = "2020-12-31"
default = true

[[stages]]
number = 1
name = "cart"
flags = ["new-cart"]
requires = ["both-agree"]

[[stages]]
number = 2
name = "search"
flags = ["old-search"]
"""

TEST = """
import pytest

def new(number):
    return number + NEW

@pytest.mark.flag_matrix("new-cart")
def test_cart(feature_flags, record_comparison):
    cart = feature_flags.guard("new-cart", new=new, legacy=lambda number: number, compare=1.0)
    record_comparison(cart)
    assert cart(7) in (7, 8)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make a project whose cart reads one of its two flags."""
    for name, text in {
        "overt.toml": TOML,
        "src/shop/__init__.py": 'def cart(flags):\n    return flags.enabled("new-cart")\n',
        "tests/test_cart.py": "NEW = 0\n" + TEST,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], shop: Path, *arguments: str) -> tuple[int, str]:
    """Run overt and return its status and what it printed."""
    verb, *rest = arguments
    status = main([verb, "-C", str(shop), *rest])
    return status, capsys.readouterr().out


def checks(capsys: pytest.CaptureFixture[str], shop: Path) -> dict[str, Any]:
    """Return what `overt flags status` says about each check of the next stage."""
    document = json.loads(run(capsys, shop, "flags", "status", "--json")[1])
    return {check["name"]: (check["ok"], check["why"]) for check in document["checks"]}


def test_a_stage_is_entered_on_evidence(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not before it is there; with it; not when it is stale; and not when both differ."""
    status, text = run(capsys, shop, "flags", "advance", "1")
    assert (status, "no  claim both-agree" in text, "unchecked:" in text) == (1, True, True)
    assert run(capsys, shop, "validate")[0] == 0
    assert checks(capsys, shop)["claim both-agree"][0] is True
    path = shop / "tests" / "test_cart.py"
    path.write_text("NEW = 1\n" + TEST)
    ok, why = checks(capsys, shop)["claim both-agree"]
    assert (ok, why.split(":")[0]) == (False, "stale")
    run(capsys, shop, "validate")
    ok, why = checks(capsys, shop)["claim both-agree"]
    assert (ok, "refuted: " in why, "mismatches is 2, expected == 0" in why) == (False, True, True)
    path.write_text("NEW = 0\n" + TEST)
    run(capsys, shop, "validate")
    status, text = run(capsys, shop, "flags", "advance", "1", "--by", "ann")
    assert (status, text) == (0, "stage 0 -> stage 1 at 100 %\n")
    lines = [line.split() for line in run(capsys, shop, "flags", "status")[1].splitlines()]
    assert ["new-cart", "2", "0", "0", "1", "1"] in lines
    assert ["advance", "0", "->", "1", "at", "100", "%", "ann"] in [line[1:] for line in lines]


def test_health_is_that_of_running_programs(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As long as it is fresh; what is too old was not measured."""
    run(capsys, shop, "flags", "advance", "1", "--force")
    assert checks(capsys, shop)["health"] == (False, "0 calls measured, 20 are needed")
    flag = Flag("new-cart", owner="", purpose="", created="2026-01-01", until="2999-12-31")
    with FeatureFlags(SqliteStore(shop / STORE), [flag]) as flags:
        report_health(flags, Health(0.01, 1.2, 500), moves=1, at=time.time() - 3)
        ok, why = checks(capsys, shop)["health"]
        assert (ok, why.rsplit(",", 1)[0]) == (True, "1.00 % errors, 1.20 x the duration, 500 calls")
        report_health(flags, Health(0.01, 1.2, 500), moves=1, at=time.time() - 61)
    assert checks(capsys, shop)["health"] == (False, "0 calls measured, 20 are needed")
    document = json.loads(run(capsys, shop, "flags", "status", "--json")[1])
    assert document["reports"][0]["health"]["samples"] == 500


def test_retired_flags_are_findings(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Read by nothing, past the date, on for long: each with its line; the list marks them."""
    status, text = run(capsys, shop, "flags", "retired")
    assert status == 1
    assert [line.split(": ")[:2] for line in text.splitlines()[:-1]] == [
        ["overt.toml:19", "flag-unread"],
        ["overt.toml:19", "flag-overdue"],
        ["overt.toml:19", "flag-finished"],
    ]
    document = json.loads(run(capsys, shop, "flags", "retired", "--json")[1])
    assert {found["flag"] for found in document["findings"]} == {"old-search"}
    assert (
        "nothing reads it; past its date, 2020-12-31: take it out; on for long: take it out"
        in run(capsys, shop, "flags", "list")[1]
    )
    (shop / "src/shop/search.py").write_text('flags.enabled("old-search")\nflags.enabled("new-crat")\n')
    toml = shop / "overt.toml"
    toml.write_text(TOML.replace("2020-12-31", "2999-12-31") + "[migration]\nretire-after-days = 0\n")
    status, text = run(capsys, shop, "flags", "retired")
    told = "'new-crat' is read here, and no flag has that name; did you mean 'new-cart'?"
    assert (status, text.splitlines()) == (
        1,
        [f"src/shop/search.py:2: flag-undeclared: {told}", "1 finding about flags. Looked for readers in 2 files."],
    )
    (shop / "src/shop/search.py").write_text('flags.enabled("old-search")\n')
    assert run(capsys, shop, "flags", "retired")[0] == 0
    assert json.loads(run(capsys, shop, "flags", "show", "old-search", "--json")[1])["retired"] == []


def test_where_nothing_can_be_read_nothing_is_clean(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken file may be the reader, and a project without Python tells nothing."""
    toml = shop / "overt.toml"
    toml.write_text(TOML.replace("2020-12-31", "2999-12-31") + "[migration]\nretire-after-days = 0\n")
    (shop / "src/shop/search.py").write_text("def (")
    status, text = run(capsys, shop, "flags", "retired")
    assert (status, "src/shop/search.py: cannot be read" in text) == (3, True)
    for name in ("src/shop/search.py", "src/shop/__init__.py"):
        (shop / name).unlink()
    status, text = run(capsys, shop, "flags", "retired")
    assert (status, "who reads the flags is not known" in text) == (3, True)
