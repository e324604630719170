"""How ruff is asked for SARIF and for the files it reads, which its SARIF does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from overt.validate.context import Context
from overt.validate.programs import run_program

_OURS = ("--output-format", "--output-file", "-o")


def is_ruff(command: Sequence[str]) -> bool:
    """Tell whether a command is `ruff check`, called directly or through `python -m`.

    Example:
        >>> is_ruff(["ruff", "check", "."]), is_ruff(["python", "-m", "ruff", "check"]), is_ruff(["ruff", "format"])
        (True, True, False)
    """
    return _check_at(command) > 0


def _check_at(command: Sequence[str]) -> int:
    """Return the place of `check`; 0 when this is not `ruff check`."""
    names = [part.replace("\\", "/").rpartition("/")[2].removesuffix(".exe") for part in command]
    start = 1 if names[:1] == ["ruff"] else names.index("ruff") + 1 if "-m" in names and "ruff" in names else 0
    return command.index("check", start) if start and "check" in command[start:] else 0


def _split(command: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what comes up to `check`, and what follows it but for the options that say how to report."""
    at = _check_at(command)
    rest, kept = list(command[at + 1 :]), []
    while rest:
        part = rest.pop(0)
        if part in _OURS:
            del rest[:1]
        elif not part.startswith(tuple(f"{name}=" for name in _OURS)):
            kept.append(part)
    return list(command[: at + 1]), kept


def sarif_command(command: Sequence[str], paths: Sequence[str], report: Path) -> list[str]:
    """Return the command that lets ruff write a report.

    Args:
        command: The suite's command.
        paths: Further paths to look at.
        report: File to write.

    Example:
        >>> sarif_command(["ruff", "check", "--output-format", "json", "src"], [], Path("/r"))
        ['ruff', 'check', '--output-format=sarif', '--output-file=/r', 'src']
    """
    head, rest = _split(command)
    return [*head, "--output-format=sarif", f"--output-file={report}", *rest, *paths]


def list_files(context: Context) -> list[str]:
    """Return the files that ruff reads, one path each.

    Args:
        context: The suite.
    """
    head, rest = _split(context.suite.command)
    # `--fix` and its kin would write, and `--statistics` and its kin would print something else.
    wanted = [part for part in rest if part not in {"--fix", "--unsafe-fixes", "--statistics", "--show-fixes"}]
    done = run_program(context, [*head, "--show-files", *wanted, *context.suite.paths], output_limit=64_000_000)
    lines = done.output.decode("utf-8", "replace").splitlines() if done.ok else []
    return [line for line in lines if line and not line.startswith("warning:")]
