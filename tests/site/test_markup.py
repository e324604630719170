"""What is not known to be safe is escaped, in Markdown and in HTML, whatever it is."""

from __future__ import annotations

import re

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.site.markup import Markup, block, code, facts, fill, link, prose, table
from overt.system.text import plain_text

EXTENSIONS = ["tables", "fenced_code", "toc", "attr_list", "md_in_html", "pymdownx.tilde", "pymdownx.caret"]
EXTENSIONS += ["pymdownx.superfences", "pymdownx.mark", "pymdownx.magiclink", "admonition", "footnotes", "def_list"]


def render(text: str) -> str:
    return markdown.markdown(text, extensions=EXTENSIONS)


def words(html: str) -> str:
    from html import unescape

    return unescape(re.sub(r"<[^>]*>", "", html))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Zl", "Zp"]), max_size=60))
def test_a_paragraph_shows_any_text_and_adds_no_element(text: str) -> None:
    """Escaped text is what the reader sees, and nothing in it becomes an element."""
    html = render(fill("x{}x", text))
    assert re.findall(r"<(\w+)", html) == ["p"]
    assert words(html).split() == f"x{plain_text(text)}x".split()


@pytest.mark.parametrize("make", [code, lambda text: block(text), lambda text: table(("a", "b"), [(text, "x")])])
def test_hostile_text_adds_no_element(make: object, hostile: tuple[str, ...]) -> None:
    """In code, in output and in a cell, hostile text brings no element of its own and no link."""
    plain = re.findall(r"<(\w+)", render(make("harmless")))
    for text in hostile:
        html = render(make(text))
        assert re.findall(r"<(\w+)", html) == plain, text
        assert "javascript:" not in re.sub(r">[^<]*<", "><", html)


def test_markup_is_not_escaped_again() -> None:
    """What is markup already passes as it is; what is not is escaped."""
    assert fill("{}{}", Markup("<b>"), "<b>") == "<b>&#60;b&#62;"


def test_a_block_keeps_its_lines_on_one_source_line() -> None:
    """Empty lines in output end no HTML block."""
    shown = block("one\n\n    two\n# three")
    assert "\n" not in shown
    assert words(render(shown)) == "one\n\n    two\n# three"


def test_a_link_text_cannot_close_its_bracket() -> None:
    """A hostile name in a link stays text of that link."""
    html = render(link("a](javascript:alert(1)) [b", "page.md"))
    assert re.findall(r'href="([^"]*)"', html) == ["page.md"]


def test_a_cell_with_a_bar_stays_one_cell() -> None:
    """A bar and a line break in a value make no further column or row."""
    html = render(table(("a", "b"), [("x|y\n|z|", "w")]))
    assert html.count("<td") == 2


def test_prose_shows_backticks_as_code_and_escapes_both_sides() -> None:
    """Inside and outside of backticks nothing foreign gets through."""
    assert prose("a <i> `b <i>` c") == "a &#60;i&#62; <code>b &#60;i&#62;</code> c"


def test_values_keep_their_outer_spaces() -> None:
    """A value that begins with a space does not stick to the one before it."""
    assert fill("{}{}", "commit", " with changes") == "commit with changes"


def test_a_table_of_facts_has_an_empty_head() -> None:
    """The style knows it by its empty head."""
    assert render(facts([("State", "fine")])).count("></th>") == 2
