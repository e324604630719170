"""Pages from hand-made records: pure, complete, and harmless whatever the records say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from overt.campaign.records import Allow
from overt.evidence.facts import Facts
from overt.evidence.records import CommandRun, FindingSeen, Scan, TestCase
from overt.evidence.summary import Counts
from overt.model import Claim, Finding, Location, Problem, Severity, State, Verdict
from overt.site.inputs import LinkSeen, Past, SiteInputs, SuiteView
from overt.site.modules import read_modules
from overt.site.pages.status import headline
from overt.site.render import render

Make = Callable[..., Any]


def page(inputs: SiteInputs, path: str) -> str:
    return render(inputs)[path].decode()


def columns(script: bytes) -> dict[str, Any]:
    found = re.fullmatch(rb"window\.overtCases\((.*)\);\n", script, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def finding(path: str = "src/a.py", *, standing: str = "new", rule: str = "OV202") -> FindingSeen:
    seen = Finding(rule, "a `dict` is changed", Location(path, 3), symbol=path)
    return FindingSeen(id=f"finding:{path}:{rule}", suite="hidden-state", finding=seen, standing=standing)


def test_rendering_twice_gives_the_same_bytes(case: Make, view: Make) -> None:
    """Nothing but the inputs decides what a page holds."""
    inputs = SiteInputs(project="shop", suites=(view(case("t::a"), case("t::b", "failed")),))
    assert render(inputs) == render(inputs)


def test_nothing_measured_is_never_proved() -> None:
    """Without suites and claims the status is unchecked, and the pages are there."""
    inputs = SiteInputs(project="shop")
    assert headline(inputs)[0] is State.UNCHECKED
    assert "ov-unchecked" in page(inputs, "index.md")
    assert "proved" not in page(inputs, "validation/index.md").replace("ov-proved", "")


def test_the_worst_state_leads(view: Make) -> None:
    """One refuted claim among proved ones is what a reader sees first."""
    claims = {
        "good": (Claim("good", "tests.failed == 0", "No test fails"), Verdict(State.PROVED, "tests.failed is 0")),
        "bad": (Claim("bad", "tests.total > 9", "Many tests"), Verdict(State.REFUTED, "tests.total is 1")),
    }
    text = page(SiteInputs(project="shop", suites=(view(),), claims=claims), "index.md")
    assert text.index("1 of 3 claims and required suites is refuted") < text.index("No test fails")
    assert text.index("Many tests") < text.index("No test fails")


def test_an_optional_suite_does_not_decide(view: Make) -> None:
    """A suite that is not required is shown, but the project does not fall with it."""
    failing = view(name="extra", required=False, verdict=Verdict(State.REFUTED, "it failed"))
    inputs = SiteInputs(project="shop", suites=(view(), failing))
    assert headline(inputs)[0] is State.PROVED
    assert "&#40;optional&#41;" in page(inputs, "validation/index.md")


def test_changes_since_the_run_before_are_told(case: Make, view: Make) -> None:
    """A test that now fails, one that is mended and a new one are each named."""
    before = (case("t::a"), case("t::b", "failed"))
    after = (case("t::a", "failed"), case("t::b"), case("t::c"))
    text = page(SiteInputs(project="shop", suites=(view(*after, before=before),)), "index.md")
    changed = text[text.index("## What changed") :]
    assert "1 test now fails: <code>t&#58;&#58;a</code>" in changed
    assert "1 test passes again: <code>t&#58;&#58;b</code>" in changed
    assert "1 test was added: <code>t&#58;&#58;c</code>" in changed


def test_what_was_not_run_is_told_with_its_reason(case: Make, view: Make) -> None:
    """A suite that could not run, a skip and its reason are in the report."""
    lost = view(name="load", status="unable", reason="no such program", verdict=Verdict(State.UNCHECKED, "x"))
    skipped = view(case("t::a", "skipped", message="needs a network"))
    text = page(SiteInputs(project="shop", suites=(skipped, lost)), "validation/index.md")
    part = text[text.index("## What was not run") : text.index("## Suites")]
    assert "no such program" in part
    assert "1 test skipped&#58; needs a network".replace("&#58;", ":") in part


def test_damage_of_the_ledger_is_on_the_report(view: Make) -> None:
    """An edited record is named where the figures are."""
    damage = (Problem("was edited", Location(".overt/runs/x/records/a.jsonl")),)
    text = page(SiteInputs(project="shop", suites=(view(),), damage=damage), "validation/index.md")
    assert "was edited" in text
    assert "damaged" in text


def test_cases_are_columns_with_the_last_attempt(case: Make, view: Make) -> None:
    """A retried test is one row with its last outcome; failures come first."""
    records = (
        case("t.py::a", "failed", detail="no"),
        case("t.py::a", attempt=2),
        case("t.py::b", "failed", detail="ah"),
    )
    data = columns(render(SiteInputs(project="shop", suites=(view(*records),)))["validation/data/cases.js"])
    assert data["n"] == ["b", "a"]
    assert [data["outcomes"][number] for number in data["o"]] == ["failed", "passed"]
    assert data["x"] == [0, -1]
    assert data["files"] == ["t.py"]


def test_failures_stand_in_the_page_without_scripts(case: Make, view: Make) -> None:
    """The text of a failure is in the Markdown itself."""
    text = page(
        SiteInputs(project="shop", suites=(view(case("t::a", "failed", detail="expected 3\ngot 4")),)),
        "validation/cases.md",
    )
    assert "expected 3&#10;got 4" in text


def test_ten_thousand_cases_stay_small(case: Make, view: Make) -> None:
    """The page does not grow with the number of tests; the data has them all."""
    tests = [case(f"tests/test_{number % 50}.py::test_case_{number}") for number in range(10_000)]
    found = render(SiteInputs(project="shop", suites=(view(*tests),)))
    assert len(found["validation/cases.md"]) < 10_000
    assert len(found["validation/evidence/unit.md"]) < 10_000
    assert len(columns(found["validation/data/cases.js"])["n"]) == 10_000
    assert len(found["validation/data/cases.js"]) < 700_000


def test_a_script_of_data_cannot_end_itself(case: Make, view: Make) -> None:
    """No `<` and no line separator of a name reaches the script as it is."""
    name = "t::</script><script>alert(1)</script>\u2028"
    script = render(SiteInputs(project="shop", suites=(view(case(name)),)))["validation/data/cases.js"]
    assert b"<" not in script
    assert "\u2028".encode() not in script
    assert columns(script)["n"] == ["</script><script>alert(1)</script>\u2028"]


def test_hostile_records_bring_no_markup_into_any_page(view: Make, hostile: tuple[str, ...]) -> None:
    """Names, messages, outputs, claims, reasons and paths are escaped wherever they are shown."""
    tests = [
        TestCase(id=f"test:{text}", suite="unit", name=f"t::{text}", outcome="failed", message=text, detail=text)
        for text in hostile
    ]
    command = CommandRun(
        id="command:unit", suite="unit", argv=hostile, exit_code=1, output_blob="b", failure=hostile[0]
    )
    claims = {
        f"c{number}": (Claim(f"c{number}", text, text), Verdict(State.REFUTED, text, (text,)))
        for number, text in enumerate(hostile)
    }
    inputs = SiteInputs(
        project=hostile[0],
        suites=(
            view(*tests, command, title=hostile[0], verdict=Verdict(State.REFUTED, hostile[1]), reason=hostile[2]),
        ),
        claims=claims,
        facts=Facts(),
        links=tuple(
            LinkSeen(path=text, line=1, target=f"claim:{text}", state=State.STALE, reason=text) for text in hostile
        ),
        damage=tuple(Problem(text, Location(text), text) for text in hostile),
        blobs={"b": "\n".join(hostile).encode() + b"\xff"},
    )
    for path, content in render(inputs).items():
        if not path.endswith(".md"):
            continue
        body = content.decode().split("\n---", 1)[1]
        for sign in (
            "<script",
            "<img",
            "javascript:",
            "http:",
            "{{",
            "{%",
            "\x1b",
            "<!--",
            "**bold**",
            ":::",
            "www.evil",
        ):
            assert sign not in body, (path, sign)


def test_findings_are_listed_by_module_with_their_standing(view: Make) -> None:
    """New, ratcheted and allowed findings are told apart, and what could not be read is named."""
    scan = Scan(id="scan:x", suite="hidden-state", tool="overt", files=9, lines=90, unreadable=("src/odd.py",))
    records = (scan, finding("src/a.py"), finding("src/b.py", standing="ratcheted"), finding("src/b.py", rule="OV101"))
    text = page(
        SiteInputs(project="shop", suites=(view(*records, name="hidden-state", kind="hidden-state"),)),
        "validation/hidden-state.md",
    )
    assert "3 findings&#58; 2 new, 1 in the ratchet, 0 allowed</strong>" in text
    assert text.index("src/b.py</code>**, 2 findings") < text.index("src/a.py</code>**, 1 finding")
    assert "src/odd.py" in text
    assert "a <code>dict</code> is changed" in text


def test_a_note_is_no_new_finding(view: Make) -> None:
    """What fails nothing is told apart from what does, in the headline and in the tables."""
    noted = FindingSeen(
        id="finding:n",
        suite="hidden-state",
        finding=Finding(
            rule="OV401", message="it is read", location=Location("src/a.py", 4), severity=Severity.NOTE, tool="overt"
        ),
    )
    text = page(
        SiteInputs(project="shop", suites=(view(noted, name="hidden-state", kind="hidden-state"),)),
        "validation/hidden-state.md",
    )
    assert "1 finding&#58; 0 new, 0 in the ratchet, 0 allowed, 1 note</strong>" in text
    assert "</svg>note</span>" in text
    assert "</svg>new</span>" not in text


def test_what_a_suite_may_find_stands_beside_what_it_found(view: Make) -> None:
    """A reader sees why findings are no failure."""
    suite = view(finding(), name="ruff", kind="lint", at_most=5, counts=Counts(findings=1, new_findings=1))
    assert "1 finding&#58; 1 new, at most 5 allowed" in page(SiteInputs(project="s", suites=(suite,)), "index.md")


def test_a_clean_scan_is_told_by_what_was_looked_at(view: Make) -> None:
    """Not just that it ran."""
    suite = view(name="ruff", kind="lint", verdict=Verdict(State.PROVED, "no finding in 7 files"))
    assert "| no finding in 7 files |" in page(SiteInputs(project="s", suites=(suite,)), "index.md")


def test_a_reason_that_claims_share_is_told_once(case: Make, view: Make) -> None:
    """Claims that rest on a stale suite lead to it, and suites that are stale alike do not repeat why."""
    why = Verdict(State.STALE, "it held, but its inputs changed since: src/a.py")
    suites = tuple(view(case("t::a"), name=name, verdict=why) for name in ("unit", "more"))
    claims = {
        f"c{number}": (
            Claim(f"c{number}", "tests.failed == 0", "Green", Location("overt.toml", number)),
            Verdict(State.STALE, f"tests.failed: unit: {why.reason}; last seen: tests.failed is 0"),
        )
        for number in (1, 2)
    }
    text = page(SiteInputs(project="shop", suites=suites, claims=claims), "index.md")
    assert text.count("rests on [Unit](validation/evidence/unit.md) |") == 2
    assert text.count("src/a.py") == 1
    assert text.count("for the same reason") == 1


def test_a_proved_suite_says_its_result_once(case: Make, view: Make) -> None:
    """Its verdict is its result."""
    proved = view(case("t::a"), verdict=Verdict(State.PROVED, "1 of 1 tests passed"))
    text = page(SiteInputs(project="shop", suites=(proved,)), "validation/index.md")
    assert "**Result**" not in text
    assert "**Verdict**" in text


def test_modules_without_a_docstring_say_what_they_hold(view: Make) -> None:
    """No cell is empty: names that are defined or exported, modules that are inside, or that there is nothing."""
    sources = {
        "p/__init__.py": b"__all__ = ['a', 'b', '_c']\nfrom p.a import a, b\n",
        "p/a.py": b"class A: ...\ndef b(): ...\ndef _c(): ...\nasync def d(): ...\ndef e(): ...\n",
        "p/s/__init__.py": b"",
        "p/s/n.py": b"",
        "p/t.py": b'"""Sells :class:`~p.a.A`\nand more.\n\nNot this."""' + b"\n" * 2_000,
    }
    inputs = SiteInputs(project="shop", modules=read_modules(sources, ["p"]))
    text = page(inputs, "code/index.md")
    assert "<small>holds <code>a</code>, <code>b</code></small>" in text
    assert "<small>holds <code>A</code>, <code>b</code>, <code>d</code> and 1 more</small>" in text
    assert "[<code>p.<wbr>s</code>](p/s/index.md) | <small>holds 1 module</small> |" in text
    assert "| <small>has no docstring</small> | 0 |" in text
    assert "Sells <code>A</code> and more. | 2,003 |" in text
    assert "holds <code>A</code>" in page(inputs, "code/architecture.md")


def test_findings_can_be_kept_off_the_page(view: Make) -> None:
    """A project may publish the counts without the places."""
    inputs = SiteInputs(
        project="shop", suites=(view(finding("src/secret.py"), kind="hidden-state"),), hidden_state_details=False
    )
    assert "secret" not in page(inputs, "validation/hidden-state.md")


def test_what_is_allowed_stands_on_the_page_with_its_last_day(view: Make) -> None:
    """Also when findings are kept off it; without an entry there is no section."""
    entries = (
        Allow(path="src/new/", reason="later", owner="bob", until="2028-01-01", rules=("OV101",)),
        Allow(path="src/old/", reason="how it was | before", owner="ann", until="2027-06-30"),
    )
    suites = (view(finding(), kind="hidden-state"),)
    inputs = SiteInputs(project="shop", suites=suites, allowed=entries, hidden_state_details=False)
    text = page(inputs, "validation/hidden-state.md")
    assert "| <code>src/old/</code> | all | how it was &#124; before | ann | 2027-06-30 |" in text
    assert text.index("2027-06-30") < text.index("2028-01-01")
    assert "<code>OV101</code> | later | bob" in text
    assert "Allowed for now" not in page(SiteInputs(project="shop", suites=suites), "validation/hidden-state.md")


def test_a_curve_needs_two_runs(view: Make) -> None:
    """One run is no development; two are, with a text that says the same."""
    import dataclasses

    one = dataclasses.replace(view(finding(), kind="hidden-state"), past=(Past("a", 10**18, 5, 0),))
    two = dataclasses.replace(one, past=(*one.past, Past("b", 2 * 10**18, 2, 0)))
    assert '<svg class="ov-curve"' not in page(SiteInputs(project="s", suites=(one,)), "validation/hidden-state.md")
    assert "over 2 runs" in page(SiteInputs(project="s", suites=(two,)), "validation/hidden-state.md")


def test_every_claim_is_listed_with_where_it_is_stated(view: Make) -> None:
    """The page of claims has expression, verdict, place of declaration, and the documents that state it."""
    claim = Claim("green", "tests.failed == 0", "No test fails", Location("overt.toml", 7))
    inputs = SiteInputs(
        project="shop",
        suites=(view(),),
        claims={"green": (claim, Verdict(State.STALE, "files changed"))},
        facts=Facts(),
        links=(LinkSeen(path="docs/a.md", line=4, target="claim:green", state=State.STALE, reason="x", page="a.md"),),
    )
    text = page(inputs, "validation/claims.md")
    for expected in (
        '<a id="claim-green"></a>',
        "tests.failed &#61;&#61; 0",
        "ov-stale",
        "overt.toml&#58;7",
        "](../a.md)",
        "not measured",
    ):
        assert expected in text


def test_every_public_module_has_a_page(view: Make) -> None:
    """Packages become folders; private modules have none; a broken one says so instead of breaking the build."""
    sources = {
        "p/__init__.py": b"",
        "p/a.py": b"'''Adds.'''",
        "p/_b.py": b"",
        "p/s/__init__.py": b"",
        "p/bad.py": b"def (",
    }
    found = render(SiteInputs(project="shop", modules=read_modules(sources, ["p"])))
    pages = {path for path in found if path.startswith("code/p")}
    assert pages == {"code/p/index.md", "code/p/a.md", "code/p/s/index.md", "code/p/bad.md"}
    assert "\n::: p.a\n" in found["code/p/a.md"].decode()
    assert "::: " not in found["code/p/bad.md"].decode()


@pytest.mark.parametrize("reference", [True, False])
def test_the_reference_can_be_left_out(*, reference: bool) -> None:
    """Without a reference no page refers to one."""
    modules = read_modules({"p/__init__.py": b"", "p/a.py": b"import p"}, ["p"])
    found = render(SiteInputs(project="shop", modules=modules, reference=reference))
    assert ("code/p/a.md" in found) is reference
    assert ("p/a.md" in found["code/architecture.md"].decode()) is reference


def test_pages_of_rules_come_from_the_rules() -> None:
    """Each rule has a page with its reason, its examples and what to use instead."""
    from overt.lint.rules import all_rules

    rules = all_rules()
    found = render(SiteInputs(project="shop", rules=rules))
    assert {f"rules/{rule.code}.md" for rule in rules} <= found.keys()
    text = found["rules/OV202.md"].decode()
    (rule,) = [rule for rule in rules if rule.code == "OV202"]
    assert rule.bad.strip() in text
    assert rule.good.strip() in text


def test_links_between_pages_lead_to_pages(case: Make, view: Make) -> None:
    """Every relative link of a generated page names a page or asset that is rendered."""
    import posixpath

    from overt.lint.rules import all_rules

    modules = read_modules({"p/__init__.py": b"", "p/a.py": b"import p"}, ["p"])
    suites: tuple[SuiteView, ...] = (view(case("t::a", "failed"), finding()),)
    found = render(SiteInputs(project="shop", suites=suites, modules=modules, rules=all_rules()))
    for path, content in found.items():
        if path.endswith(".md"):
            for target in re.findall(r"\]\(([^)#?]+)(?:[#?][^)]*)?\)", content.decode()):
                assert posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) in found, (path, target)
