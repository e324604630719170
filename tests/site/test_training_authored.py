"""What authors of a track write keeps its meaning and can do nothing."""

from __future__ import annotations

import functools
import re
from html.parser import HTMLParser

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.site.authored import authored, fenced

EXTENSIONS = ("tables", "attr_list", "md_in_html", "toc", "admonition", "pymdownx.superfences", "pymdownx.highlight")
DEFAULTS = ("toc", "tables", "fenced_code", "md_in_html", "attr_list")
ALLOWED = frozenset(
    ("p", "ul", "ol", "li", "code", "pre", "strong", "em", "a", "div", "span", "hr", "blockquote", "br", "details")
).union(("summary", "table", "thead", "tbody", "tr", "th", "td"))
PIECES = (
    *("<script>alert(1)</script>", "</details>", "<details>", "<!--", "-->", "</code></pre>"),
    *(
        "<img src=x onerror=a()>",
        "![i](http://evil.example/x.png)",
        "[x](javascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x][y]",
    ),
    *("[![i](http://e/x)](http://e)", "[y]: http:x", "{: onclick=a() }", "{ onclick=a() }", "<a href='javascript:x'>"),
    *("```", "````", "~~~", "`", "``", "```python", "# T", "#T", "===", "---", "> ", "- ", "    ", "\n", "\n\n", " "),
    *("a", "*b*", "::: shop", "--8<-- 'x'", "{{ 7*7 }}", "&lt;b&gt;", "\\", "!", "]", "(", ")", "| a | b |"),
    *("www.evil.example", "\x02wzxhzdk:0\x03"),
)


class Seen(HTMLParser):
    """The tags and attributes of a page, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.code = ""
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = self.inside or tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        self.code += data if self.inside else ""


@functools.cache
def builder(extensions: tuple[str, ...]) -> markdown.Markdown:
    return markdown.Markdown(extensions=list(extensions))


def html_of(text: str, extensions: tuple[str, ...]) -> str:
    return builder(extensions).reset().convert(text)


@pytest.mark.parametrize("extensions", [EXTENSIONS, DEFAULTS], ids=["superfences", "plain"])
@given(pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12))
def test_nothing_acts_and_nothing_escapes_its_fold(extensions: tuple[str, ...], pieces: list[str]) -> None:
    """No tag but those of text, no handler, no picture, no script in an address, and the fold ends where it ends."""
    inside = authored("".join(pieces), headings=False)
    html = html_of(f'<details markdown="1"><summary>S</summary>\n\n{inside}\n\n</details>\n\nbehind\n', extensions)
    seen = Seen(html)
    tags = [tag for tag, _ in seen.tags]
    assert set(tags) <= ALLOWED, html
    assert tags.count("details") == tags.count("summary") == 1
    assert html.rstrip().endswith("<p>behind</p>"), html
    for tag, attributes in seen.tags:
        assert not any(name.startswith("on") or name in {"src", "style"} for name in attributes), html
        if tag == "a":
            assert re.match(r"https?://|mailto:|#__codelineno", str(attributes.get("href", "#__codelineno"))), html


@pytest.mark.parametrize("extensions", [EXTENSIONS, DEFAULTS], ids=["superfences", "plain"])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=10))
def test_code_is_shown_as_it_is(extensions: tuple[str, ...], pieces: list[str]) -> None:
    """Whatever a program holds, its block holds the same and ends after it."""
    code = "x = 1\n" + "".join(pieces).replace("\x02", "").replace("\x03", "") + "\ny = 2"
    html = html_of(f"before\n\n{fenced(code)}\n\nbehind\n", extensions)
    assert html.rstrip().endswith("<p>behind</p>")
    seen = Seen(html)
    assert {tag for tag, _ in seen.tags} <= {"p", "div", "pre", "span", "code", "a"}
    # A line of blanks may become an empty one.
    assert [line.rstrip() for line in seen.code.strip().split("\n")] == [line.rstrip() for line in code.split("\n")]


def test_meaning_is_kept() -> None:
    """Lists, emphasis, code, fences and links to other hosts are what they were."""
    text = "Take *one*:\n\n- `a[0]` of **all**\n- [home](https://example.org/x?y=1)\n\n```python\nx = '<b>'\n```"
    assert authored(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Why\n\nBecause.", "## Why\n\nBecause."),
        ("a {: .b } {{ c }}", "a &#123;: .b &#125; &#123;&#123; c &#125;&#125;"),
        ("Title\n=====", "Title\n&#61;===="),
        ("see [the task](task.md)", "see the task"),
        ("``a`b`` and `two\nlines`", "<code>a&#96;b</code> and <code>two lines</code>"),
        ("~~~\nnever ended", "```\nnever ended\n```"),
        ("- item\n\n    ```\n    x\n    ```\n", "- item\n\n    ```\n    x\n    ```"),
    ],
)
def test_what_is_changed(text: str, shown: str) -> None:
    """Headings move below the title of the page, and addresses that only hold in the folder of the track go."""
    assert authored(text) == shown
