"""Markdown for readers without a browser: code is code, marks are words, what others wrote does nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown

from overt.model import State
from overt.site.marks import state_mark
from overt.site.markup import block, code, fill, safe, table
from overt.site.plain import readable, with_words
from overt.site.stub import stub


def test_a_mark_is_its_word() -> None:
    """The icon goes, the word stays, with room around it."""
    assert readable(fill("a{}b", state_mark(State.REFUTED))) == "a refuted b\n"
    held = f'x <span class="ov-claim">[it holds](a.md){state_mark(State.STALE)}</span> y'
    assert with_words(held) == "x [it holds](a.md) (stale) y\n"


def test_code_and_output_are_fenced_whatever_they_hold() -> None:
    """A backtick, a bar or a fence in a name or an output ends nothing."""
    assert readable(code("a_b")) == "`a_b`\n"
    assert readable(code("a`b")) == "`` a`b ``\n"
    assert readable(table(("x",), [(code("a|b"),)])).splitlines()[-1] == "| `a\\|b` |"
    assert readable(block("one   1\n```\n<b>")) == "````text\none   1\n```\n<b>\n````\n"


def test_code_of_documents_is_not_touched() -> None:
    """A sample of HTML in a fence is what it was."""
    text = "a\n\n```html\n<div class='x'><br></div>\n```\n\nb <br> c\n"
    assert readable(text) == "a\n\n```html\n<div class='x'><br></div>\n```\n\nb c\n"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60))
def test_what_others_wrote_makes_no_tag_and_no_link(text: str) -> None:
    """Read as Markdown again, escaped text gives no element but the paragraph it is in."""
    html = markdown(readable(fill("said {} so", safe(text))))
    assert html.count("<") == 2, html


def test_a_stub_has_what_is_public() -> None:
    """Signatures and docstrings stay; bodies and private names go; what cannot be read is empty."""
    source = b'"""Doc."""\nimport os\nLIMIT = 3\n_x = 1\nclass A:\n    """An A."""\n    n: int = 1\n'
    source += b"    def f(self):\n        return os\n    def _g(self): ...\n"
    assert stub(source) == (
        '"""Doc."""\nLIMIT = 3\n\nclass A:\n    """An A."""\n    n: int = 1\n\n    def f(self):\n        ...'
    )
    assert stub(b"def (") == ""
    assert stub(b"class A: pass") == "class A:\n    ..."
