"""The samples of a document: fences of code, each with what is to be done with it.

A fence is run when it says so, `python { .run }`, or when it shows a session of Python (`>>>`); others are parsed when
there is something to parse them with. What a fence marked `.output` holds is what the sample before it prints.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from overt.markdown.attributes import Info, read_info
from overt.markdown.blocks import Fence
from overt.markdown.document import Document
from overt.system.text import did_you_mean, nearest

How = Literal["script", "session", "console", "shell", "parse", "none"]
"""What is done: a Python script is run, a session of Python (`>>>`) or of a console (`$`) is typed in, a shell script
is run, other code is only parsed, and the rest is left alone."""

RUN, OUTPUT = "run", "output"
ATTRIBUTES = ("session", "from", "varies", "timeout", "exit", "file")
VARYING = ("durations", "sizes", "times", "hashes", "paths", "spaces")
"""What a sample may say differs from run to run."""

_LANGUAGES = MappingProxyType(
    {
        **dict.fromkeys(("python", "py", "python3", "pycon", "doctest"), "python"),
        **dict.fromkeys(("console", "shell-session", "sh-session"), "console"),
        **dict.fromkeys(("bash", "sh", "shell"), "bash"),
        **dict.fromkeys(("yaml", "yml"), "yaml"),
        **dict.fromkeys(("elixir", "ex", "exs"), "elixir"),
        "json": "json",
        "toml": "toml",
    }
)
PARSED = frozenset({"python", "bash", "yaml", "elixir", "json", "toml"})
_RUNS: MappingProxyType[str, How] = MappingProxyType({"python": "script", "console": "console", "bash": "shell"})
_PROMPT = re.compile(r"^[ \t]*>>> ", re.MULTILINE)
_REHEARSED = frozenset({"step", "check", "precheck", "undo", "state", "expect"})
_SECONDS = 60.0
_MOST_FILES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A piece of code that a document shows.

    Args:
        path: The document, relative to the root, POSIX.
        line: Line of its fence, from 1; of a docstring, of its first example.
        language: `python`, `console`, `bash`, ... as far as it is known, else as written.
        how: What is done with it.
        code: The code, without the indentation of what it stands in.
        first: Line of its first line of code.
        shown: What it shows as its output; None when it shows none.
        session: Name of the session whose folder, and names in Python, it shares; empty when it stands alone.
        copies: Folder of the project that its folder begins as a copy of; empty for an empty folder.
        varies: What differs from run to run.
        timeout: Seconds that it may take.
        exit: Exit status that a script must end with.
        files: Files that are written before it runs: name to text.
        module: Module whose docstring holds it; empty in a document.
        problem: Why it cannot be run as it is marked; empty when it can.
        sha256: Digest of all of that, and of what ran before it in its session.
    """

    path: str
    line: int
    language: str
    how: How
    code: str = field(repr=False)
    first: int = 0
    shown: str | None = field(default=None, repr=False)
    session: str = ""
    copies: str = ""
    varies: tuple[str, ...] = ()
    timeout: float = _SECONDS
    exit: int = 0
    files: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    module: str = ""
    problem: str = ""
    sha256: str = ""

    @property
    def name(self) -> str:
        """Its name, for example `docs/index.md:12`."""
        return f"{self.path}:{self.line}"

    @property
    def runs(self) -> bool:
        """Whether it is run."""
        return self.how not in {"parse", "none"}


def samples(document: Document, path: str) -> tuple[Sample, ...]:
    """Return the samples of a document, in order.

    Args:
        document: The document.
        path: Its file, relative to the root, POSIX.

    Example:
        >>> from overt.markdown import scan
        >>> [(one.line, one.how) for one in samples(scan("```python { .run }\\nprint(1)\\n```\\n"), "a.md")]
        [(1, 'script')]
    """
    return tuple(_read(document.fences, path))


def _read(fences: Sequence[Fence], path: str) -> Iterator[Sample]:
    digests: dict[str, str] = {}
    given: list[tuple[str, str, str]] = []
    before: Info | None = None
    for number, fence in enumerate(fences):
        info = read_info(fence.info)
        if OUTPUT in info.classes and before is not None and RUN in before.classes:
            continue
        before = info
        name = info.values.get("file", "")
        if name and len(given) < _MOST_FILES:
            given.append((info.values.get("session", ""), name, fence.code()))
        follows = fences[number + 1] if number + 1 < len(fences) else None
        sample = _sample(fence, info, path, _output(follows), given)
        yield _digested(sample, digests)


def _output(fence: Fence | None) -> str | None:
    return fence.code() if fence is not None and OUTPUT in read_info(fence.info).classes else None


def _sample(fence: Fence, info: Info, path: str, shown: str | None, given: Sequence[tuple[str, str, str]]) -> Sample:
    language, code = language_of(info), fence.code()
    session = info.values.get("session", "")
    how = _how(info, language, code)
    varies = tuple(filter(None, info.values.get("varies", "").split(",")))
    return Sample(
        path=path,
        line=fence.line,
        language=language,
        how=how,
        code=code,
        first=fence.line + 1,
        shown=shown if RUN in info.classes else None,
        session=session,
        copies=info.values.get("from", "").rstrip("/"),
        varies=varies,
        timeout=_number(info.values.get("timeout", "")) or _SECONDS,
        exit=int(_number(info.values.get("exit", ""))),
        files=tuple((name, text) for owner, name, text in given if owner in {"", session})
        if how not in {"parse", "none"}
        else (),
        problem=_problem(info, language, varies, code),
    )


def language_of(info: Info) -> str:
    """Return the language of a fence under the one name that we know it by; as written when we do not know it."""
    word = info.language.split(" ")[0].lower()
    return _LANGUAGES.get(word, word)


def _how(info: Info, language: str, code: str) -> How:
    session = language == "python" and _PROMPT.search(code) is not None
    if _REHEARSED & set(info.classes):
        return "parse" if "expect" not in info.classes and language in PARSED else "none"
    if RUN in info.classes:
        return "session" if session else _RUNS.get(language, "script")
    if session:
        return "session"
    return "parse" if language in PARSED else "none"


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,5}(?:\.\d{1,3})?", text) else 0.0


def _problem(info: Info, language: str, varies: Sequence[str], code: str) -> str:
    """Return why a fence cannot be taken as it is marked."""
    if _REHEARSED & set(info.classes):
        return ""
    for name in info.classes:
        if name != RUN and nearest(name, [RUN]):
            return f"there is no mark .{name}: {did_you_mean(name, [RUN])}"
    if RUN not in info.classes:
        return ""
    if language not in _RUNS:
        return f"{language or 'a fence without a language'} does not run: write python, console or bash first"
    if language == "console" and not code.startswith("$ "):
        return "a session of a console begins with `$ ` and a command"
    if info.strange:
        return f"cannot read {info.strange[0]!r} in the braces: write key=value"
    strange = (f"there is no kind of difference {name!r}: {did_you_mean(name, VARYING)}" for name in varies)
    wrong = (text for text, name in zip(strange, varies, strict=True) if name not in VARYING)
    return next(wrong, "") or _value_problem(info)


def _value_problem(info: Info) -> str:
    for key, value in info.values.items():
        if key not in ATTRIBUTES:
            return f"there is no attribute {key!r}: {did_you_mean(key, ATTRIBUTES)}"
        if key in {"timeout", "exit"} and not _number(value) and value != "0":
            return f"{key}={value} is no number"
        if key in {"file", "from"} and (".." in value.split("/") or value.startswith("/")):
            return f"{key}={value} leaves its folder"
    return ""


def _digested(sample: Sample, digests: dict[str, str]) -> Sample:
    parts = [
        sample.language,
        sample.how,
        sample.code,
        "" if sample.shown is None else f"shows {sample.shown}",
        sample.copies,
        ",".join(sample.varies),
        str(sample.exit),
        *(part for file in sample.files for part in file),
        digests.get(sample.session, "") if sample.session else "",
    ]
    sha256 = digest(*parts)
    if sample.session:
        digests[sample.session] = sha256
    return replace(sample, sha256=sha256)


def digest(*parts: str) -> str:
    """Return the digest of texts; where one ends and the next begins counts."""
    joined = "\0".join(f"{len(part)} {part}" for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()
