"""Allowances in comments: `# overt: allow OV202 until=2027-03-01 -- reason`."""

from __future__ import annotations

from overt.lint.results import Allowance

MARK = "overt: allow"


def read_allowances(source: bytes) -> tuple[Allowance, ...]:
    """Return the allowances of a file, found in its comments only.

    Args:
        source: The bytes of a file that the compiler accepts.
    """
    import io
    import tokenize

    from overt.lint.examine import decoded

    comments: list[tuple[int, str]] = []
    code_lines: list[int] = []
    quiet = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
    try:
        # As text: the compiler takes comments that are not in the encoding of the file, the tokenizer does not.
        for token in tokenize.generate_tokens(io.StringIO(decoded(source)).readline):
            if token.type == tokenize.COMMENT:
                if token.string.lstrip("#").strip().startswith(MARK):
                    comments.append((token.start[0], token.string))
            elif token.type not in quiet:
                code_lines.append(token.start[0])
    except (tokenize.TokenError, SyntaxError):
        # The compiler accepted the file; what the tokenizer saw until here still counts.
        pass
    lines = sorted(set(code_lines))
    return tuple(parse_allowance(text, line, target_of(line, lines)) for line, text in comments)


def target_of(line: int, code_lines: list[int]) -> int:
    """Return the line that a comment speaks of: its own when there is code on it, else the next one that has code.

    Args:
        line: Line of the comment.
        code_lines: Lines that have code, sorted.

    Example:
        >>> target_of(3, [1, 5, 9]), target_of(5, [1, 5, 9]), target_of(12, [1, 5, 9])
        (5, 5, 12)
    """
    from bisect import bisect_left

    place = bisect_left(code_lines, line)
    return code_lines[place] if place < len(code_lines) else line


def parse_allowance(comment: str, line: int, target: int) -> Allowance:
    """Read one comment.

    Args:
        comment: Its text with `#`.
        line: Its line.
        target: The line it speaks of.

    Example:
        >>> parse_allowance("# overt: allow OV202 until=2027-03-01 -- read-only after start", 3, 3).reason
        'read-only after start'
    """
    text = comment.lstrip("#").strip()[len(MARK) :]
    head, dashes, reason = text.partition("--")
    codes: list[str] = []
    until, problem = "", ""
    for word in head.replace(",", " ").split():
        if word.startswith("until="):
            until = word.removeprefix("until=")
            if not is_date(until):
                problem = f"`{until}` is not a date: write until=YYYY-MM-DD"
        elif word.isalnum() and word.startswith("OV"):
            codes.append(word)
        else:
            problem = f"`{word}` is not understood"
    if not codes:
        problem = problem or "names no rule"
    if not dashes or not reason.strip():
        problem = problem or "has no reason"
    return Allowance(line, target, tuple(codes), until, reason.strip(), problem)


def is_date(text: str) -> bool:
    """Tell whether a text is a day written YYYY-MM-DD.

    Example:
        >>> is_date("2027-03-01"), is_date("2027-02-30"), is_date("soon")
        (True, False, False)
    """
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
