"""Pages as Markdown that people and programs read without a browser: marks as words, code as code."""

from __future__ import annotations

import re
from html import unescape

_CODE = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[`~]*[ \t]*$|<pre[^>]*>(?P<block>.*?)</pre>|<code>(?P<code>.*?)</code>",
    re.DOTALL | re.MULTILINE,
)
_MARK = re.compile(r'<span class="ov ov-[a-z]+"><svg[^>]*>.*?</svg>([^<]*)</span>', re.DOTALL)
_DRAWN = re.compile(r'<svg[^>]*?(?:aria-label="([^"]*)")?[^>]*>.*?</svg>', re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|summary|details|li|tr)>|(?<=</strong>)(?=<span>)")
_TAG = re.compile(r"</?[a-z][^<>]*>")
_CLAIM = re.compile(
    r'<span class="ov-claim">(.*?)<span class="ov ov-[a-z]+"><svg[^>]*>.*?</svg>([^<]*)</span></span>', re.DOTALL
)
_SHOWN_AS_IT_IS = re.compile(r"&#(?:3[4679]|4[014]|5[89]|6[34]);")
_INSIDE_A_WORD = re.compile(r"(?<=\w)&#95;(?=\w)")
_SPACES = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_RUNS = re.compile(r"`+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def readable(markdown: str) -> str:
    r"""Return the Markdown of a generated page without its HTML.

    What others wrote stays escaped where it would mean something to Markdown or to HTML.

    Args:
        markdown: The page, as it is given to mkdocs.

    Example:
        >>> readable("a <code>b&#95;c</code> &#60;b&#62;, &#40;d&#41;<br>e")
        'a `b_c` &#60;b&#62;, (d) e\n'
    """
    text = _DRAWN.sub(lambda found: found[1] or "", _MARK.sub(r" \1 ", markdown))
    parts, at = [], 0
    for found in _CODE.finditer(text):
        parts += [_without_html(text[at : found.start()]), _code(found)]
        at = found.end()
    whole = "".join([*parts, _without_html(text[at:])])
    return _EMPTY_LINES.sub("\n\n", whole).strip() + "\n"


def with_words(markdown: str) -> str:
    """Return the Markdown of a hand-written page with our marks in it as words, and all else as it was written.

    Args:
        markdown: The page, as it is given to mkdocs.
    """
    return _MARK.sub(r"\1", _CLAIM.sub(r"\1 (\2)", markdown)).strip() + "\n"


def _without_html(text: str) -> str:
    text = _SPACES.sub(" ", _TAG.sub("", _BREAK.sub(" ", text))).replace("&ndash;", "\u2013")
    return _INSIDE_A_WORD.sub("_", _SHOWN_AS_IT_IS.sub(lambda found: unescape(found[0]), text))


def _code(found: re.Match[str]) -> str:
    """Code as Markdown has it; a bar in it would end the cell of a table."""
    if found["fence"]:
        return found[0]
    if found["block"] is not None:
        return _block(found["block"])
    text = unescape(_TAG.sub("", found["code"])).replace("\n", " ")
    in_table = found.string.startswith("|", found.string.rfind("\n", 0, found.start()) + 1)
    fence = "`" * (max(map(len, _RUNS.findall(text)), default=0) + 1)
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|" if in_table else "|") if text else ""


def _block(shown: str) -> str:
    text = unescape(shown).strip("\n")
    fence = "`" * max(3, max(map(len, _RUNS.findall(text)), default=0) + 1)
    return f"\n\n{fence}text\n{text}\n{fence}\n\n"
