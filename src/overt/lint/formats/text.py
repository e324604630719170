"""For people: what was found, where it stands, every place that belongs to it, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from overt.lint.report import NEW, Report, Seen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.model.finding import Finding

_MOST_PLACES = 5
_WIDEST = 160
_COLOURS = {"error": "31", "warning": "33", "note": "36"}


def render(report: Report, root: Path, *, colour: bool = False) -> str:
    """Return a report for a terminal.

    Args:
        report: The report.
        root: The project's folder.
        colour: Whether to colour it.
    """
    excerpts = Excerpts(root)
    shown = [_one(seen, excerpts, colour=colour) for seen in report.findings if seen.standing == NEW]
    unread = [_unread(each.path, each.line, each.message) for each in report.unreadable]
    return "".join([*shown, *unread, summary(report)])


class Excerpts:
    """Reads lines of source files to show them; each file is read once.

    Args:
        root: The project's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = ""
        self._lines: Sequence[str] = ()

    def line(self, path: str, number: int) -> str:
        """Return one line, safe to print; empty when it is not there."""
        if path != self._path:
            self._path, self._lines = path, self._read(path)
        if not 0 < number <= len(self._lines):
            return ""
        return "".join(c if c.isprintable() else " " for c in self._lines[number - 1].rstrip())[:_WIDEST]

    def _read(self, path: str) -> Sequence[str]:
        from overt.lint.examine import decoded

        try:
            return decoded((self._root / path).read_bytes()).split("\n")
        except OSError:
            return ()


def _paint(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def printable(text: str) -> str:
    """Return text without anything that a terminal would obey."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _one(seen: Seen, excerpts: Excerpts, *, colour: bool) -> str:
    finding = seen.finding
    found, _, rest = finding.message.partition(". ")
    severity = _paint(finding.severity.value, _COLOURS[finding.severity.value], colour=colour)
    place = _paint(printable(str(finding.location)), "1", colour=colour)
    lines = [f"{place}: {severity} {finding.rule}: {printable(found)}"]
    if seen.reason:
        lines[0] += f" ({printable(seen.reason)})"
    lines += _places(finding, excerpts)
    lines += [f"  {printable(rest)}", f"  More: overt explain {finding.rule}", ""]
    return "\n".join(line for line in lines if line.strip() or not line) + "\n"


def _places(finding: Finding, excerpts: Excerpts) -> list[str]:
    at = finding.location
    marked = [(at.line, at.column, "")]
    marked += [(near.location.line, near.location.column, near.message) for near in finding.related[:_MOST_PLACES]]
    width = len(str(max(line for line, _, _ in marked)))
    shown = []
    for line, column, words in marked:
        text = excerpts.line(at.path, line)
        if not text:
            continue
        shown.append(f"  {line:>{width}} | {text}")
        if not words:
            shown.append(f"  {'':>{width}} | {' ' * (column - 1)}^" if 0 < column <= len(text) else "")
        else:
            shown[-1] += f"    <- {printable(words)}"
    if len(finding.related) > _MOST_PLACES:
        shown.append(f"  {'':>{width}} | and {len(finding.related) - _MOST_PLACES} more places")
    return shown


def _unread(path: str, line: int, message: str) -> str:
    return f"{printable(path)}{f':{line}' if line else ''}: could not be checked: {printable(message)}\n"


def summary(report: Report) -> str:
    """Return the last lines: what was found, what was looked at, what to do next."""
    new = report.standing(NEW)
    kinds = [seen.severity for seen in new]
    parts = ", ".join(_many(kinds.count(name), name) for name in ("error", "warning", "note") if name in kinds)
    head = f"{_many(len(new), 'finding')} ({parts})" if new else "No new findings"
    counted = [(len(report.standing(name)), name) for name in ("ratcheted", "allowed")]
    held = [f"{count} {name}" for count, name in counted if count]
    looked = f"{_many(report.files, 'file')}, {_many(report.lines, 'line')}"
    lines = [f"{head}{'; ' + ', '.join(held) if held else ''}. Checked: {looked}."]
    if report.unreadable:
        lines.append(f"Could not be checked: {_many(len(report.unreadable), 'file')}. That is not a pass.")
    elif report.is_left_out:
        lines = [f"Nothing to check: overt.toml leaves out {_many(report.left_out, 'file')} of those named."]
    elif not report.files:
        lines.append("No Python file was looked at. That is not a pass.")
    return "\n".join(lines) + "\n"


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
