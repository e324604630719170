"""What is a link and what is not, with exact places."""

from __future__ import annotations

import time
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.markdown import Document, scan


def targets(text: str) -> list[str]:
    """Return where the links of a document lead."""
    return [link.target for link in scan(text).links]


NOT_LINKS = {
    "code span": "`[no](x)`",
    "two backticks": "``a ` [no](x)``",
    "span over lines": "`a\n[no](x)`",
    "fence": "```\n[no](x)\n```",
    "fence of tildes": "~~~ python\n[no](x)\n```\n[no](y)\n~~~",
    "longer fence": "````\n```\n[no](x)\n```\n[no](y)\n````",
    "fence in a list": "- a\n\n  ```python\n  [no](x)\n  ```\n",
    "fence behind a marker": "- ```\n  [no](x)\n  ```",
    "fence in an admonition": '!!! note "x"\n\n    ```\n    [no](x)\n    ```',
    "fence in a quote": "> ```\n> [no](x)\n> ```",
    "open fence": "```\n[no](x)\n\n[no](y)",
    "indented code": "text\n\n    [no](x)\n",
    "indented code in a list": "- a\n\n        [no](x)\n",
    "comment": "a <!-- [no](x) --> b",
    "comment over blank lines": "<!--\n[no](x)\n\n[no](y)\n-->",
    "front matter": "---\ntitle: '[no](x)'\n---\n",
    "front matter of TOML": "+++\ntitle = '[no](x)'\n+++\n",
    "escaped": r"\[no](x) and [no\](x)",
    "attribute of a tag": '<a title="[no](x)">t</a>',
    "block of HTML": "<div>\n[no](x)\n</div>",
    "script": "<script>\n\n[no](x)\n\n</script>",
    "pre": "<pre>\n\n[no](x)\n\n</pre>",
    "parentheses that do not close": "[no](a(b",
    "nest of parentheses": "[no](" + "(" * 40 + ")" * 41,
    "space in the target": "[no](a b)",
    "no target": "[no] (x)",
    "definition": "[no]: x.md",
    "footnote": "[^1]: see",
    "code in a table": "a | b\n--- | ---\n`x|[no](x)` | y",
}
LINKS = {
    "plain": ("[a](x.md)", ["x.md"]),
    "title": ("[a](x.md \"t\") [b](<y z.md> 't')", ["x.md", "y z.md"]),
    "parentheses": ("[a](x_(y).md)", ["x_(y).md"]),
    "over lines": ("[a\nb](x.md)", ["x.md"]),
    "over quoted lines": ("> [a\n> b](x.md)", ["x.md"]),
    "nested brackets": ("[a [b] c](x.md)", ["x.md"]),
    "code in its text": ("[`a]`](x.md)", ["x.md"]),
    "image in a link": ("[![i](i.png)](x.md)", ["x.md", "i.png"]),
    "link in a link": ("[a [b](in.md) c](out.md)", ["in.md"]),
    "reference": ("[a][R] [r][] [r]\n\n[r]: x.md 'T'", ["x.md", "x.md", "x.md"]),
    "heading": ("# [a](x.md)", ["x.md"]),
    "underlined heading": ("[a](x.md)\n===", ["x.md"]),
    "table": ("| [a](x.md) | b |\n|---|:-:|\n| c | [d](y.md) \\| e |", ["x.md", "y.md"]),
    "list": ("- [a](x.md)\n  1. [b](y.md)\n- [ ] [c](z.md)", ["x.md", "y.md", "z.md"]),
    "list after text": ("text\n\n1. one\n\n    [a](x.md)\n", ["x.md"]),
    "admonition": ("!!! note\n    [a](x.md)\n\n    [b](y.md)\n", ["x.md", "y.md"]),
    "after a fence": ("```\nx\n```\n[a](x.md)", ["x.md"]),
    "after a fence in a list": ("- ~~~\n  x\n[a](x.md)", ["x.md"]),
    "after a quoted fence": ("> ```\n> x\n[a](x.md)", ["x.md"]),
    "unmatched backtick": ("a ` b [a](x.md)", ["x.md"]),
    "escaped backtick": (r"\`[a](x.md)`", ["x.md"]),
    "autolink": ("<https://a.b/c>", ["https://a.b/c"]),
    "escaped target": (r"[a](x\_y.md)", ["x_y.md"]),
    "div with Markdown": ('<div markdown="1">\n[a](x.md)\n</div>', ["x.md"]),
    "after HTML": ("<div>\nx\n</div>\n\n[a](x.md)", ["x.md"]),
    "claim": ("[all pass](claim:green)", ["claim:green"]),
    "windows lines": ("a\r\n\r\n[a](x.md)\r\n", ["x.md"]),
    "unclosed front matter": ("---\n\n[a](x.md)", ["x.md"]),
}


@pytest.mark.parametrize("text", NOT_LINKS.values(), ids=NOT_LINKS)
def test_what_is_no_link(text: str) -> None:
    """Code, comments, front matter and escapes hold no links."""
    assert targets(text) == []


@pytest.mark.parametrize(("text", "expected"), LINKS.values(), ids=LINKS)
def test_what_is_a_link(text: str, expected: list[str]) -> None:
    """Links in every place where a reader sees one."""
    assert targets(text) == expected


def test_places_are_exact() -> None:
    """Line and column count from 1, and the offsets cut out the link."""
    text = "# T\n\nSee [one](a.md) and\n> [two](b.md).\n"
    first, second = scan(text).links
    assert (first.line, first.column, second.line, second.column) == (3, 5, 4, 3)
    assert text[first.start : first.end] == "[one](a.md)"
    assert text[second.text_start : second.text_end] == "two"


def test_headings_know_level_text_and_anchor() -> None:
    """Both styles, closing marks and given anchors."""
    text = dedent("""\
        # One #
        Two
        ---
        ### Three { #three .x }
        #### Four {: #four }
        ```
        # not
        ```
        """)
    assert [(one.level, one.text, one.line, one.anchor) for one in scan(text).headings] == [
        (1, "One", 1, ""),
        (2, "Two", 2, ""),
        (3, "Three", 4, "three"),
        (4, "Four", 5, "four"),
    ]


def test_fences_keep_info_and_body() -> None:
    """A fence knows its line, what stands behind its mark, and where its code is."""
    text = "a\n\n```bash { .step id=x }\nls\n```\n"
    (fence,) = scan(text).fences
    assert (fence.line, fence.info, fence.body) == (3, "bash { .step id=x }", "ls\n")
    assert text[fence.body_start :].startswith("ls")


def test_comments_and_spans_are_listed() -> None:
    """Comments in text and as blocks, code spans with their column."""
    document = scan("a `b` <!-- c -->\n\n<!-- d\ne -->\n")
    assert [(comment.line, comment.text) for comment in document.comments] == [(1, " c "), (3, " d\ne ")]
    assert [(span.line, span.column, span.text) for span in document.spans] == [(1, 3, "b")]


def test_cells_know_their_heads() -> None:
    """A cell knows the head of its column and of its row, also beside an empty cell."""
    cells = scan("| S | T | U |\n|---|---|---|\n| a | | c |\n").prose
    assert [(cell.text, cell.column_head, cell.row_head) for cell in cells][3:] == [("a", "S", "a"), ("c", "U", "a")]


_PIECES = [
    "[a](b.md)",
    "[",
    "]",
    "(",
    ")",
    "`",
    "``",
    "```\n",
    "~~~\n",
    "\n",
    "\n\n",
    "    ",
    "> ",
    "- ",
    "1. ",
    "|",
    "\\",
]
_PIECES += [
    "<!--",
    "-->",
    "<div>\n",
    "---\n",
    "===\n",
    "# ",
    "!",
    "[r]: x\n",
    "[r]",
    "claim:x",
    "<a>",
    "é",
    "\t",
    "\r\n",
    "!!! n\n",
    '"',
]
_DOCUMENTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))


def _code(document: Document) -> list[tuple[int, int]]:
    places = [(fence.start, fence.end) for fence in document.fences]
    places += [(span.start, span.end) for span in document.spans]
    return places + [(comment.start, comment.end) for comment in document.comments]


@given(_DOCUMENTS)
def test_any_document_is_scanned(text: str) -> None:
    """Nothing breaks the scanner; every offset cuts out what it says; prose is as long as its source."""
    document = scan(text)
    for link in document.links:
        assert text[link.text_start : link.text_end] == link.text
        assert link.start < link.end <= len(text)
        assert link.start <= link.text_start <= link.text_end <= link.end
        assert document.place(link.start) == (link.line, link.column)
        assert text.split("\n")[link.line - 1][link.column - 1] in "[!<"
    for prose in document.prose:
        assert len(prose.text) == prose.end - prose.start
    for fence in document.fences:
        assert text[fence.body_start : fence.body_start + len(fence.body)] == fence.body
    for comment in document.comments:
        assert text[comment.start : comment.end] == f"<!--{comment.text}-->"


@given(_DOCUMENTS)
def test_nothing_inside_code_is_a_link(text: str) -> None:
    """A link may hold code in its text or target, but never begins inside code or a comment."""
    document = scan(text)
    for link in document.links:
        assert not any(start <= link.start < end for start, end in _code(document))


@given(st.text(alphabet="ab[](`\n", max_size=60).filter(lambda text: "```" not in text))
def test_a_fence_hides_whatever_it_holds(text: str) -> None:
    """Any text put into a fence gives no link."""
    assert targets(f"````\n{text}\n````\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[](" * 30_000,
        "[a][" * 20_000 + "\n\n[a]: b",
        "".join("`" * (number % 50) + "a" for number in range(20_000)),
        "- " * 50_000,
        "<!-- " * 30_000,
        '<a "' * 30_000,
        "a|b\n-|-\n" + "`|``|" * 20_000,
        "<script>\n" * 20_000,
        "<!-- a -->\n" * 20_000,
        "![a](" * 20_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_documents_cost_linear_time(text: str) -> None:
    """A hundred kilobytes of the worst take well under what quadratic work would (minutes)."""
    start = time.process_time()
    scan(text)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "code", "closed"),
    [
        ("```\n  ls\n```\n", "  ls\n", True),
        ("- a\n\n  ```\n  ls\n    -l\n  ```\n", "ls\n  -l\n", True),
        ("> ```\n> ls\n>\n>  -l\n> ```\n", "ls\n\n -l\n", True),
        ("```\nls\n", "ls\n", False),
    ],
)
def test_code_is_what_a_reader_sees(text: str, code: str, closed: bool) -> None:
    """Marks of lists and quotations are not part of it, and a fence that never ends says so."""
    (fence,) = scan(text).fences
    assert (fence.code(), fence.closed) == (code, closed)
