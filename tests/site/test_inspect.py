"""The last look at a site sees what nobody complained about."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.site.inspect import inspect, remote_loads


def look(folder: Path, *, expected: dict[str, str] | None = None, forbidden: tuple[Path, ...] = ()) -> list[str]:
    return [str(problem) for problem in inspect(folder, expected=expected or {}, forbidden=forbidden).problems]


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>::: shop.cart</p>", "an API block was not filled in: ::: shop.cart"),
        ('<a href="claim:green">x</a>', "a link to claim:green was not turned into text"),
        ('<a href="evidence:tests.passed">1</a>', "a link to evidence:tests.passed was not turned into text"),
        ('<a href="javascript:alert(1)">x</a>', "an address runs a script"),
        ("<code>/home/somebody/shop/a.py</code>", "it names a folder of this machine: /home/somebody/shop"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(tmp_path: Path, html: str, told: str) -> None:
    """Each kind of mistake is found with its page; the same words as text are not one."""
    (tmp_path / "a.html").write_text(html)
    (found,) = look(tmp_path, forbidden=(Path("/home/somebody/shop"),))
    assert found.startswith(f"a.html: {told}")
    (tmp_path / "a.html").write_text("<p>claim:green, evidence:x and javascript:y; a ::: b</p>")
    assert look(tmp_path) == []


def test_a_generated_page_that_is_missing_or_empty_is_told(tmp_path: Path) -> None:
    """A page that was rendered must be there and hold what was put on it."""
    (tmp_path / "a.html").write_text("<p>nothing</p>")
    assert look(tmp_path, expected={"a.html": "<h1", "b.html": "<h1"}) == [
        "a.html: it does not hold what was generated for it: '<h1'",
        "b.html: a generated page is missing",
    ]


def test_a_generated_page_may_load_only_what_the_theme_loads(tmp_path: Path) -> None:
    """What every page loads is the project's choice and is named; more on a generated page is wrong."""
    font = '<link rel="stylesheet" href="https://fonts.example/css">'
    (tmp_path / "404.html").write_text(font)
    (tmp_path / "own.html").write_text(font + '<img src="https://badge.example/x.svg">')
    (tmp_path / "a.html").write_text(font)
    seen = inspect(tmp_path, expected={"a.html": "<link"})
    assert seen.problems == ()
    assert seen.hosts == ("https://badge.example/x.svg", "https://fonts.example/css")
    (tmp_path / "a.html").write_text(font + "<script src='//evil.example/x.js'></script>")
    assert look(tmp_path, expected={"a.html": "<link"}) == ["a.html: it loads //evil.example/x.js"]


@pytest.mark.parametrize(
    "html",
    [
        "<script async src='https://a.example/x'></script>",
        '<IMG alt="" SRC=https://a.example/x>',
        '<link href="https://a.example/x" rel="preconnect">',
        '<iframe class="y" src="https://a.example/x"></iframe>',
    ],
)
def test_loads_of_every_form_are_seen(html: str) -> None:
    """Quotes, case and order of attributes do not hide a load."""
    assert remote_loads(html.encode()) == {"https://a.example/x"}


def test_links_that_readers_follow_are_no_loads() -> None:
    """A link and a canonical address load nothing."""
    assert (
        remote_loads(b'<a href="https://a.example"></a><link rel="canonical" href="https://a.example/">') == frozenset()
    )
