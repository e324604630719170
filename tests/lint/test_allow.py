"""The allow-list of overt.toml and the allowances in comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.lint import Report, check
from overt.lint.settings import PlainAllow, PlainSettings

BAD = "_rows = []{}\n\n\ndef add(row):\n    _rows.append(row){}\n"
TODAY = "2026-06-01"


def run(root: Path, text: str, *allow: PlainAllow, name: str = "src/shop/cart.py", **given: object) -> Report:
    """Check one file with an allow-list."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return check(root, [name], PlainSettings(allow=allow), today=TODAY, **given)  # type: ignore[arg-type]


def standings(report: Report) -> list[tuple[str, str]]:
    """Return rule and standing of each finding."""
    return sorted((seen.finding.rule, seen.standing) for seen in report.findings)


def entry(**given: object) -> PlainAllow:
    """Return an entry of the allow-list."""
    return PlainAllow(**{"reason": "legacy", "owner": "ann", "until": "2027-01-01"} | given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        {"path": "src/shop/cart.py"},
        {"path": "src/shop/"},
        {"module": "shop.cart"},
        {"path": "src/shop/cart.py", "rules": ("OV202", "OV101")},
    ],
)
def test_an_exact_path_folder_or_module_allows(tmp_path: Path, given: dict[str, object]) -> None:
    """The finding stays visible, with its reason, and does not fail."""
    report = run(tmp_path, BAD.format("", ""), entry(**given))
    assert standings(report) == [("OV202", "allowed")]
    assert report.findings[0].reason == "legacy"
    assert report.exit == 0


@pytest.mark.parametrize(
    "given",
    [
        {"path": "src/shop/car"},
        {"path": "shop/cart.py"},
        {"path": "src/shop"},
        {"path": "src/sho/"},
        {"module": "shop"},
        {"module": "cart"},
        {"path": "src/shop/cart.py", "rules": ("OV101",)},
    ],
)
def test_a_part_of_a_name_never_allows(tmp_path: Path, given: dict[str, object]) -> None:
    """It matches nothing, which is a finding itself."""
    report = run(tmp_path, BAD.format("", ""), entry(**given))
    assert standings(report) == [("OV202", "new"), ("OV900", "new")]
    assert report.exit == 1


def test_an_entry_past_its_date_is_a_finding_and_allows_nothing(tmp_path: Path) -> None:
    """The day itself still counts."""
    past = run(tmp_path, BAD.format("", ""), entry(path="src/shop/cart.py", until="2026-05-31"))
    assert standings(past) == [("OV202", "new"), ("OV902", "new")]
    assert "owner: ann" in past.findings[0].finding.message
    last_day = run(tmp_path, BAD.format("", ""), entry(path="src/shop/cart.py", until=TODAY))
    assert standings(last_day) == [("OV202", "allowed")]


def test_of_a_part_of_the_project_only_what_was_looked_at_is_judged(tmp_path: Path) -> None:
    """A pre-commit hook that names one file must not call the entries of others unused."""
    others = (entry(path="src/other.py"), entry(path="src/old/"))
    assert standings(run(tmp_path, "x = 1\n", *others, whole=False)) == []
    here = entry(path="src/shop/cart.py")
    assert standings(run(tmp_path, "x = 1\n", here, whole=False)) == [("OV900", "new")]


@pytest.mark.parametrize(
    "text",
    [
        BAD.format("  # overt: allow OV202 until=2027-01-01 -- filled by plug-ins", ""),
        BAD.format("", "  # overt: allow OV202 -- filled by plug-ins"),
        "# overt: allow OV202, OV101 -- filled by plug-ins\n" + BAD.format("", ""),
    ],
)
def test_a_comment_at_the_container_or_at_a_site_allows(tmp_path: Path, text: str) -> None:
    """On the line itself or alone above it."""
    report = run(tmp_path, text)
    assert standings(report) == [("OV202", "allowed")]
    assert report.findings[0].reason == "filled by plug-ins"


def test_a_comment_elsewhere_allows_nothing_and_says_so(tmp_path: Path) -> None:
    """It is unused."""
    report = run(tmp_path, BAD.format("", "") + "# overt: allow OV202 -- too far down\nx = 1\n")
    assert standings(report) == [("OV202", "new"), ("OV900", "new")]


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("OV202", "has no reason"),
        ("OV202 --", "has no reason"),
        ("-- because", "names no rule"),
        ("OV209 -- because", "names no rule: OV209"),
        ("OV202 until=soon -- because", "`soon` is not a date"),
        ("OV202 forever -- because", "`forever` is not understood"),
    ],
)
def test_a_comment_that_is_not_whole_does_not_count(tmp_path: Path, comment: str, told: str) -> None:
    """It is told what is missing."""
    report = run(tmp_path, BAD.format(f"  # overt: allow {comment}", ""))
    assert standings(report) == [("OV202", "new"), ("OV901", "new")]
    assert any(told in seen.finding.message for seen in report.findings)


def test_an_expired_comment_is_a_finding(tmp_path: Path) -> None:
    """The state counts again."""
    report = run(tmp_path, BAD.format("  # overt: allow OV202 until=2026-05-31 -- old", ""))
    assert standings(report) == [("OV202", "new"), ("OV902", "new")]


def test_text_that_only_looks_like_a_comment_allows_nothing(tmp_path: Path) -> None:
    """Strings and documentation do not speak to the linter."""
    text = '"""\n# overt: allow OV202 -- in a string\n"""\n' + BAD.format("", "")
    assert standings(run(tmp_path, text)) == [("OV202", "new")]


def test_rules_that_are_left_out_do_not_make_allowances_unused(tmp_path: Path) -> None:
    """A run with --select must not call everything else unused."""
    text = BAD.format("  # overt: allow OV202 -- filled by plug-ins", "")
    path = tmp_path / "a.py"
    path.write_text(text, "utf-8")
    settings = PlainSettings(select=("OV1", "OV9"), allow=(entry(path="a.py", rules=("OV202",)),))
    assert standings(check(tmp_path, ["a.py"], settings, today=TODAY)) == []


def test_a_comment_that_is_not_in_the_encoding_of_the_file_is_read_past(tmp_path: Path) -> None:
    """The compiler takes it; the allowance after it counts."""
    source = b"#\xff overt: allow \n" + BAD.format("  # overt: allow OV202 -- filled by plug-ins", "").encode()
    (tmp_path / "a.py").write_bytes(source)
    assert standings(check(tmp_path, ["a.py"], PlainSettings(), today=TODAY)) == [("OV202", "allowed")]


def test_of_one_file_nobody_can_tell_that_no_other_changes_its_container(tmp_path: Path) -> None:
    """As a pre-commit hook sees it; with the whole project the allowance that nobody needs is found."""
    source = "_rows = []  # overt: allow OV202 -- filled by plug-ins\n"
    assert standings(run(tmp_path, source, whole=False)) == []
    assert standings(run(tmp_path, source)) == [("OV900", "new")]
    assert standings(run(tmp_path, source.replace("[]", "()"), whole=False)) == [("OV900", "new")]


def test_what_an_editor_has_not_saved_is_checked_instead_of_the_file(tmp_path: Path) -> None:
    """The file need not even be there."""
    sources = {"new.py": BAD.format("", "").encode()}
    report = check(tmp_path, ["new.py"], PlainSettings(), sources=sources, whole=False)
    assert [str(seen.finding.location) for seen in report.findings] == ["new.py:1:1"]


def test_a_run_that_leaves_rules_out_does_not_make_entries_unused(tmp_path: Path) -> None:
    """What the entry allows is there; only this run does not look for it. Gone is gone, whatever is left out."""
    path = tmp_path / "src/shop/cart.py"
    path.parent.mkdir(parents=True)
    path.write_text(BAD.format("", ""), "utf-8")
    every = entry(path="src/shop/")
    settings = PlainSettings(ignore=("OV202",), allow=(every,))
    assert standings(check(tmp_path, ["src/shop/cart.py"], settings, today=TODAY)) == []
    path.write_text("x = 1\n", "utf-8")
    assert standings(check(tmp_path, ["src/shop/cart.py"], settings, today=TODAY)) == [("OV900", "new")]


def test_an_entry_that_names_no_rule_does_not_count_and_says_so(tmp_path: Path) -> None:
    """Neither a typing error nor the beginning of a code allows anything."""
    for code in ("OV209", "OV2", "ov202"):
        report = run(tmp_path, BAD.format("", ""), entry(path="src/shop/cart.py", rules=(code,)))
        assert standings(report) == [("OV202", "new"), ("OV901", "new")]
        assert f"names no rule: {code}" in report.findings[0].finding.message


def test_a_folder_without_its_stroke_is_told_how_to_write_it(tmp_path: Path) -> None:
    """The most likely mistake has its mend in the message."""
    (first, _) = run(tmp_path, BAD.format("", ""), entry(path="src/shop")).findings
    assert "a folder is written `src/shop/`" in first.finding.message


@pytest.mark.parametrize(
    "path",
    [
        "./src/shop/cart.py",
        "src//shop/cart.py",
        "src/shop/../shop/cart.py",
        "SRC/shop/cart.py",
        "src/shop/*.py",
        "src/"[:-1],
        "/",
        "*",
    ],
)
def test_another_way_of_writing_a_path_never_allows(tmp_path: Path, path: str) -> None:
    """No globs, no dots, no other case: one file has one name."""
    assert standings(run(tmp_path, BAD.format("", ""), entry(path=path))) == [("OV202", "new"), ("OV900", "new")]


def test_no_entry_allows_what_is_wrong_with_entries(tmp_path: Path) -> None:
    """An allowance cannot be kept by another one."""
    old = entry(path="src/shop/cart.py", until="2026-05-31")
    more = entry(path="overt.toml", rules=("OV902", "OV900"))
    report = run(tmp_path, BAD.format("", ""), old, more)
    assert standings(report) == [("OV202", "new"), ("OV900", "new"), ("OV902", "new")]
