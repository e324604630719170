"""The pieces of a document that may name something of the repository."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from overt.audit.references.record import Mention
from overt.markdown import Document, Fence, Prose
from overt.model import Location

_SHELLS = frozenset(
    {"bash", "sh", "shell", "zsh", "console", "shell-session", "shellsession", "terminal", "text-session"}
)
ELIXIR = frozenset({"elixir", "ex", "exs", "iex"})
"""The languages of fences that hold Elixir."""

_TELLING = frozenset({"mix", "iex", "make", "npm", "just", "tox", "nox", "pytest", "elixir", "$"})
_COMMANDS = frozenset(
    {"cd", "export", "git", "source", "echo", "docker", "pip", "python", "python3", "uv", "bash", "sh"}
)
"""First words by which a fence without a language is known to hold commands."""

_PYTHON = frozenset({"python", "py", "python3", "pycon"})
_HISTORY = re.compile(
    r"(?:^|[/_-])(?:changelog|changes|history|news|release[-_ ]?notes|releases?|whats[-_]?new|migrat\w*|upgrad\w*"
    r"|(?:\w+-and-)?deprecat\w*|decisions?)(?:[/._-]|$)",
    re.IGNORECASE,
)
_NOW = re.compile(r"report|validation|runbook|record|checklist|status|summary|complete|guidelines", re.IGNORECASE)
"""Words in the name of a document that tells how things stand, though it may tell of a migration, too."""

_GONE = re.compile(
    r"\b(?:removed?|removes|renamed?|deprecat\w+|no longer|formerly|used to|dropped|replaced|previously|"
    r"does not exist|doesn't exist|not exist|there is no|missing|instead of|was called|typo|misspell\w*|wrong|invalid|"
    r"refuted|broken|hypothetical\w*|imaginary|planned|future|upcoming)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:your|creates?|creating|saved? (?:as|it|this)|save|generates?|generated|for example|for instance|e\.g\.|"
    r"such as|suppose|imagine|would|named|called|something like|let's say|assum\w+|example|writes?|written|"
    r"third[- ]party|another project|other projects?)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?]\s")
_AROUND = 400
_RULE = re.compile(r"(?<![\w-])OVE?\d{3}(?![\w-])")
_PATH = re.compile(
    r"(?<![\w/.:@<\-`'\"(\[{~$\\])(?:[A-Za-z0-9_.-]+/)+[A-Za-z0-9_.-]*[A-Za-z0-9_-]\.[a-z]{1,5}(?![\w/])"
)
_MODULE = re.compile(r"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)+(?:\.[a-z_]\w*[?!]?/\d{1,2})?(?![\w(])")
"""A module of Elixir in running text, perhaps with a function."""

_PROMPT = re.compile(r"\s*(?:\([\w.-]+\)\s*)?(?:[\w.@~:/-]*[$%]|[\w.-]+@[\w.:~/-]+#|❯|➜)\s+")


def is_history(path: str) -> bool:
    """Tell whether a document speaks of the past, where things may be named that are gone.

    Example:
        >>> is_history("CHANGELOG.md"), is_history("docs/exchange.md")
        (True, False)
        >>> is_history("docs/migration.md"), is_history("MIGRATION_REPORT.md")
        (True, False)
    """
    return bool(_HISTORY.search(path)) and not tells_of_now(path)


def tells_of_now(path: str) -> bool:
    """Tell whether a document, by its name, tells how things stand in this repository.

    Example:
        >>> tells_of_now("docs/VALIDATION_REPORT.md"), tells_of_now("docs/guide.md")
        (True, False)
    """
    return bool(_NOW.search(path.rpartition("/")[2]))


def mentions(document: Document, path: str) -> Iterator[Mention]:
    """Yield what a document mentions, apart from its links.

    Args:
        document: A scanned document.
        path: Its file, relative to the repository root, POSIX.
    """
    past = "the document tells of earlier versions" if is_history(path) else ""
    starts = [prose.start for prose in document.prose]
    for span in document.spans:
        at = bisect_right(starts, span.start) - 1
        # In the plain text of the prose code is blanked, so that a command `remove` does not speak of the past.
        prose = document.prose[at] if at >= 0 else None
        yield _span(span.text.strip(), span.start, Location(path, span.line, span.column), prose, past)
    for prose in document.prose:
        yield from _in_prose(document, prose, path, past)
    for fence in document.fences:
        yield from _in_fence(fence, path, past)


def _span(text: str, start: int, place: Location, prose: Prose | None, past: str) -> Mention:
    if prose is None:
        return Mention(text, place, "code", past)
    first, last = _sentence(prose.text, start - prose.start)
    sentence = prose.text[first:last]
    around = f"{prose.column_head} | {prose.row_head} | {sentence}" if prose.kind == "cell" else sentence
    gone = past or _gone(sentence, start - prose.start - first)
    return Mention(text, place, "code", gone, speaks_of_others(sentence), around)


def _sentence(text: str, at: int) -> tuple[int, int]:
    """Return the ends of the sentence around an offset, of a long one only of the neighbourhood."""
    start, end = max(0, at - _AROUND), min(len(text), at + _AROUND)
    before = [mark.end() for mark in _END.finditer(text, start, at)]
    after = _END.search(text, at, end)
    return before[-1] if before else start, after.start() if after else end


def _gone(sentence: str, at: int) -> str:
    """Return why what stands at an offset of a sentence may be gone; in `A was replaced by B` only A is."""
    for match in _GONE.finditer(sentence):
        word = match[0].lower()
        between = sentence[match.end() : at]
        if word in {"replaced", "renamed", "rename"} and re.search(r"\b(?:by|with|to)\b", between):
            continue
        if word in {"instead of", "used to", "formerly", "was called", "previously"} and at < match.start():
            continue
        return "the sentence speaks of what is gone or not there"
    return ""


def speaks_of_others(sentence: str) -> str:
    """Return why a sentence may speak of the reader's own files; empty when it does not seem to."""
    return "the sentence may speak of the reader's own files" if _OTHERS.search(sentence) else ""


def _in_prose(document: Document, prose: Prose, path: str, past: str) -> Iterator[Mention]:
    for pattern in (_RULE, _PATH, _MODULE):
        for match in pattern.finditer(prose.text):
            line, column = document.place(prose.start + match.start())
            first, last = _sentence(prose.text, match.start())
            sentence = prose.text[first:last]
            gone = past or _gone(sentence, match.start() - first)
            yield Mention(match[0], Location(path, line, column), "prose", gone, speaks_of_others(sentence), sentence)


def _in_fence(fence: Fence, path: str, past: str) -> Iterator[Mention]:
    language = language_of(fence)
    lines = fence.body.split("\n")
    if language in _SHELLS or (not language and _are_commands(lines)):
        prompted = any(_PROMPT.match(line) for line in lines)
        for number, line in enumerate(lines, fence.line + 1):
            command = _PROMPT.sub("", line, count=1) if prompted else line
            if command.strip() and not command.lstrip().startswith("#") and (not prompted or command != line):
                yield Mention(command.strip(), Location(path, number, 1), "shell", past)
    elif language in _PYTHON:
        for number, line in enumerate(lines, fence.line + 1):
            if re.match(r"\s*(?:>>> )?(?:from\s+[\w.]+\s+import\s|import\s+\w)", line):
                yield Mention(line.strip().removeprefix(">>> "), Location(path, number, 1), "python", past)


def _are_commands(lines: list[str]) -> bool:
    """Tell whether a fence without a language holds nothing but commands, of which one is surely a repository's."""
    words = [line.split()[0] for line in lines if line.strip() and not line.lstrip().startswith("#")]
    own = [word for word in words if word in _TELLING or word.startswith("./")]
    return bool(own) and all(word in _COMMANDS or word in own for word in words)


def language_of(fence: Fence) -> str:
    """Return the language that a fence says it is in; empty when it does not."""
    return re.split(r"[\s{,:]", fence.info.lower().lstrip("{."), maxsplit=1)[0].rstrip("}")
