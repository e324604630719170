"""What secrets look like.

Every pattern ends in an open-ended class or has bounded parts only, so that no text, however long or hostile,
makes one scan the same characters again and again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

MARK = "[redacted]"
"""What stands where a secret stood."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape that only secrets have.

    Args:
        literals: Lower-case pieces, one of which every match holds: a cheap look before the pattern is tried.
        signs: Characters, one of which every match holds as it is written: a look that is cheaper still.
        pattern: The shape.
        keep: What of the match stays in front of the mark, as a replacement template.
    """

    literals: tuple[str, ...]
    signs: str
    pattern: re.Pattern[str]
    keep: str = ""


def _shape(literals: str, signs: str, pattern: str, *, keep: str = "", flags: int = re.ASCII) -> Shape:
    return Shape(tuple(literals.split()), signs, re.compile(pattern, flags), keep)


_START = r"(?<![A-Za-z0-9])"

SHAPES = (
    _shape("ghp_ gho_ ghu_ ghs_ ghr_", "_", _START + r"gh[pousr]_[A-Za-z0-9]{20,}"),
    _shape("github_pat_", "_", _START + r"github_pat_[A-Za-z0-9_]{20,}"),
    _shape("glpat- gldt- glrt- glcbt-", "-", _START + r"gl(?:pat|dt|rt|cbt)-[A-Za-z0-9_-]{16,}"),
    _shape("akia asia agpa aida aroa anpa", "A", _START + r"A(?:KIA|SIA|GPA|IDA|ROA|NPA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _shape("xox xapp-", "-", _START + r"(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}"),
    _shape("hooks.slack.com", "/", r"(hooks\.slack\.com/[a-z]{4,10}/)[A-Za-z0-9/_-]{16,}", keep=r"\1"),
    _shape("k_live_ k_test_ whsec_", "_", _START + r"(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,}"),
    _shape("aiza", "I", _START + r"AIza[A-Za-z0-9_-]{30,}"),
    _shape("ya29.", ".", _START + r"ya29\.[A-Za-z0-9_-]{16,}"),
    _shape("gocspx-", "G", _START + r"GOCSPX-[A-Za-z0-9_-]{16,}"),
    _shape("npm_", "_", _START + r"npm_[A-Za-z0-9]{30,}"),
    _shape("pypi-", "-", _START + r"pypi-[A-Za-z0-9_-]{40,}"),
    _shape("sk-", "-", _START + r"sk-(?:(?:proj|ant|svcacct|or)-[A-Za-z0-9_-]{16,}|[A-Za-z0-9]{32,})"),
    _shape("hf_", "_", _START + r"hf_[A-Za-z0-9]{30,}"),
    _shape("dop_v1_ doo_v1_", "_", _START + r"do[op]_v1_[a-f0-9]{40,}"),
    _shape("sg.", "G", _START + r"SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}"),
    _shape("eyj", "J", r"(?<![A-Za-z0-9+/])eyJ[A-Za-z0-9_-]{14,}={0,2}(?:\.[A-Za-z0-9_-]*){0,4}"),
    _shape("://", "@", r"(://[^\s/:@\[\]]{0,256}:)(?!\[redacted(?:-[0-9]{1,9})?\]@)[^\s/@]{1,512}(?=@)", keep=r"\1"),
    _shape(
        "authorization",
        ":=",
        r"(authorization[\"']?[ \t]{0,4}(?:=(?!=)|:(?!:))[ \t]{0,4}[\"']?"
        r"(?:(?:basic|bearer|token|digest|negotiate)[ \t]{1,4})?)"
        r"(?!\[redacted[\]-]|[\"'\s])[^\s\"',;]{4,}",
        keep=r"\1",
        flags=re.ASCII | re.IGNORECASE,
    ),
    _shape(
        "bearer",
        " \t",
        _START + r"(bearer[ \t]{1,4})(?=[A-Za-z._~+/-]{0,256}[0-9]|[A-Za-z._~+/-]{32})[A-Za-z0-9._~+/=-]{8,}",
        keep=r"\1",
        flags=re.ASCII | re.IGNORECASE,
    ),
)
"""Tokens of known services, credentials in addresses and headers."""

_ASSIGNED = re.compile(
    r"((?:password|passwd|passphrase|pwd|secret|token|credential"
    r"|(?:api|access|account|auth|client|encryption|master|private|secret|shared|signing)[_-]?(?:access[_-]?)?key)"
    r"(?:[_-]?(?:key|id|value|b64|base64))?"
    r"[\"']?\]?[ \t]{0,8}(?::=|=>|=(?![=~])|:(?!:))[ \t]{0,8})"
    r"(?:\"([^\"\n]{3,})\"?|'([^'\n]{3,})'?|([^\s\"',;&)}\]]{4,}))",
    re.ASCII | re.IGNORECASE,
)
_NAMED = re.compile(r"[A-Za-z0-9_-]{3,40}[\"']?\]?[ \t]{0,8}(?:=|:(?!:))", re.ASCII)
"""The end of a name that something is assigned to, from the literal in it on."""

_NOT_A_VALUE = re.compile(
    r"\[redacted|[A-Za-z_][\w.]{0,256}[(\[]|\$[{(A-Z_]|<|\{\{|%[(s]|\*{3}|\.{3}|(?:str|int|bytes|bool|float|object|none|null|true|false|any|self|string"
    r"|optional|undefined|required|missing|invalid|expired|empty|read|write)\b[^0-9]{0,3}\Z|[0-9.]{1,5}\Z",
    re.ASCII | re.IGNORECASE,
)
_PLAIN_WORD = re.compile(r"[A-Za-z_]+\Z", re.ASCII)


def mask_assignments(text: str) -> str:
    """Return text with the values of `password=...`, `token: ...` and their like masked."""
    return _ASSIGNED.sub(_mask_assigned, text)


def _mask_assigned(found: re.Match[str]) -> str:
    key, double, single, bare = found.groups()
    if bare is None:
        quote, value = ('"', double) if double is not None else ("'", single)
        if value.startswith((MARK, f"{MARK[:-1]}-")):
            return found[0]
        closing = quote if found[0].endswith(quote) else ""
        return f"{key}{quote}{MARK}{closing}"
    return found[0] if _is_code(found, key, bare) else f"{key}{MARK}"


def _is_code(found: re.Match[str], key: str, value: str) -> bool:
    """Tell whether what follows is a type, a call, a placeholder or prose rather than a value."""
    if _NOT_A_VALUE.match(value):
        return True
    # After a colon a plain word is a value only when nothing follows it: `token: the one that ...` is prose.
    if not key.rstrip().endswith(":") or not _PLAIN_WORD.match(value):
        return False
    rest = found.string[found.end() : found.end() + 2]
    return not (rest == "" or rest[0] == "\n")


_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LINE = re.compile(r"[\s>|]*[A-Za-z0-9+/=]{16,}\s*\Z")


def mask_private_keys(text: str) -> str:
    """Return text without PEM and PGP private keys; one whose end or beginning was cut off goes too."""
    pieces: list[str] = []
    at = 0
    while begin := _BEGIN.search(text, at):
        end = _END.search(text, begin.end())
        pieces += [text[at : begin.start()], MARK]
        at = end.end() if end else len(text)
    pieces.append(text[at:])
    return _mask_ends("".join(pieces))


def _mask_ends(text: str) -> str:
    """Mask the lines above an end marker whose beginning is not there."""
    if not _END.search(text):
        return text
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not _END.search(line):
            continue
        lines[number] = _END.sub(MARK, line)
        above = number - 1
        while above >= 0 and _KEY_LINE.match(lines[above]):
            lines[above] = MARK
            above -= 1
    return "\n".join(lines)


def _masking(pattern: re.Pattern[str], keep: str) -> Callable[[str], str]:
    return lambda text: pattern.sub(keep + MARK, text)


@dataclass(frozen=True, slots=True)
class Family:
    """Secrets that are looked for together.

    Args:
        literals: Lower-case pieces, one of which every one of them holds.
        signs: Characters, one of which every one of them holds as it is written.
        mask: Returns a text without them.
        lines: Whether each of them stands on one line, so that the other lines of a text need not be looked at.
        follows: What stands where one of the literals in it begins; None when more than the literals is not said.
    """

    literals: tuple[str, ...]
    signs: str
    mask: Callable[[str], str]
    lines: bool = True
    follows: re.Pattern[str] | None = None


FAMILIES = (
    Family(("private key",), " ", mask_private_keys, lines=False),
    *(Family(shape.literals, shape.signs, _masking(shape.pattern, shape.keep)) for shape in SHAPES),
    Family(("passw", "passp", "pwd", "secret", "token", "key", "credential"), ":=", mask_assignments, follows=_NAMED),
)
"""Everything that is masked, in the order in which it is."""

_PIECES = tuple(sorted({literal for family in FAMILIES for literal in family.literals}))


def masked(text: str) -> str:
    """Return text with everything that has the shape of a secret replaced by `[redacted]`.

    Example:
        >>> masked("user=ann password=hunter22")
        'user=ann password=[redacted]'
    """
    lowered = text.lower()
    # Nearly every text holds none of the pieces; one search each takes half the time of one pattern for all.
    for piece in _PIECES:
        if piece in lowered:
            break
    else:
        return text
    for family in FAMILIES:
        if any(literal in lowered for literal in family.literals):
            text = family.mask(text)
    return text
