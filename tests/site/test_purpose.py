"""What a module is for, out of docstrings as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.site.docstrings import with_headings
from overt.site.purpose import summary_of


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("", ""),
        ("Adds.", "Adds."),
        ("Holds what is bought,\nuntil it is paid.\n\nMore.", "Holds what is bought, until it is paid."),
        ("One thing. Another thing.", "One thing."),
        ("Reads files, e.g. TOML, i.e. text. Then stops.", "Reads files, e.g. TOML, i.e. text."),
        ("Version 2.1 of it", "Version 2.1 of it"),
        ("shop.cart\n~~~~~~~~~\n\nHolds things.\n\n:copyright: me", "Holds things."),
        ("====\nShop\n====\n\nSells things.", "Sells things."),
        ("Shop\n----", "Shop"),
        (":copyright: me\n\n.. note:: x\n\nSells.", "Sells."),
        (">>> 1\n1", ""),
        ("The :class:`base <shop.Base>` of :class:`~shop.cart.Cart` and ``x``", "The base of `Cart` and `x`"),
        ("word " * 100, "word " * 47 + "word …"),
    ],
)
def test_the_first_sentence_stands_on_one_line(docstring: str, expected: str) -> None:
    """A sentence that runs over lines is whole; headings, fields and samples are passed over."""
    assert summary_of(docstring) == expected


@given(st.text(alphabet="ab .\n~=-:`<>", max_size=60))
def test_whatever_is_written_gives_one_line(docstring: str) -> None:
    """No docstring breaks a row of a table."""
    assert "\n" not in summary_of(docstring)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop.cart\n~~~~~~~~~\n\nHolds.", "\nHolds."),
        ("Prices\n^^^^^^\n\nText.", "**Prices**\n\nText."),
        ("======\nPrices\n======\n\nText.", "**Prices**\n\nText."),
        ("Parameters\n----------\nx : int", "Parameters\n----------\nx : int"),
        ("Title\n=====\n", "Title\n=====\n"),
        ("a\n~~~\ncode\n~~~\n", "a\n~~~\ncode\n~~~\n"),
    ],
)
def test_headings_of_restructured_text_are_bold(text: str, expected: str) -> None:
    """What Markdown and NumPy's style know stays; a heading that repeats the name goes."""
    assert with_headings(text, "shop.cart") == expected
