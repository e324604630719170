"""The pages of commands and of exit statuses: every verb, sub-verb, argument and option, from the parsers."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from overt.cli.completion_words import FACTORIES
from overt.cli.explain import EXITS
from overt.cli.options import parser as plain_parser
from overt.cli.reference.examples import BESIDE, ENDS, EXAMPLES
from overt.cli.verbs import VERBS

_COMMON = ("-C", "--json", "--color", "-h")
_GAP = re.compile(r"\s{2,}")

_HEAD = """\
# Commands

<!-- Made from the parsers of src/overt/cli by `python -m overt.cli.reference`; edit those. -->

`overt VERB` does one thing and ends with one of five [exit statuses](exit-codes.md). `overt VERB --help` shows what
stands here. What an error means is told by `overt explain CODE`, and on the page of [errors](errors.md).

## Options of every verb

They stand behind the verb.

{common}
`--version` and `--help` stand in the place of a verb.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A verb or sub-verb as its page shows it.

    Args:
        words: How it is typed, behind `overt`.
        parser: Its parser.
        summary: What it does, a few words.
    """

    words: tuple[str, ...]
    parser: argparse.ArgumentParser
    summary: str

    @property
    def name(self) -> str:
        """Its name, for example `overt train check`."""
        return " ".join(("overt", *self.words))


def parser_of(verb: str) -> argparse.ArgumentParser:
    """Return the parser of a verb.

    Args:
        verb: Its name, for example `train`; of a sub-verb with a parser of its own, for example `rehearse run`.
    """
    module = import_module(f"overt.cli.{BESIDE.get(verb, verb)}")
    made: argparse.ArgumentParser = next(getattr(module, name) for name in FACTORIES if hasattr(module, name))()
    return made


def all_commands() -> Iterator[Shown]:
    """Yield every verb and sub-verb, in the order of the help."""
    for verb, summary in VERBS.items():
        yield from _with_children(Shown((verb,), parser_of(verb), summary))
        for beside in BESIDE:
            if beside.split()[0] == verb:
                made = parser_of(beside)
                yield from _with_children(Shown(tuple(beside.split()), made, made.description or ""))


def _with_children(shown: Shown) -> Iterator[Shown]:
    yield shown
    # argparse has no public way to ask a parser for what it takes.
    for action in shown.parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            said = {item.dest: item.help or "" for item in action._choices_actions}  # noqa: SLF001
            for name, below in action.choices.items():
                yield from _with_children(Shown((*shown.words, name), below, said.get(name, "")))


def examples_of(shown: Shown) -> list[str]:
    """Return the command lines that show a command, with what each of them does where that is said."""
    verb = parser_of(shown.words[0])
    said = "\n".join(filter(None, dict.fromkeys((verb.epilog, shown.parser.epilog))))
    lines = [line.strip() for line in said.splitlines() if line.strip().startswith(shown.name)]
    below = set(_children(shown.parser)) | {name.split()[1] for name in BESIDE if name.split()[0] == shown.words[-1]}
    own = [line for line in lines if not {*command_of(line).split()[1 + len(shown.words) :][:1]} & below]
    return [*own, *EXAMPLES.get(shown.name, ())]


def _children(parser: argparse.ArgumentParser) -> list[str]:
    """Names of the sub-verbs of a parser."""
    return [
        name
        for action in parser._actions  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
        for name in action.choices
    ]


def command_of(example: str) -> str:
    """Return the command line of an example, without what is said of it.

    Example:
        >>> command_of("overt audit --update     correct the numbers")
        'overt audit --update'
    """
    return _GAP.split(example)[0]


def _cell(text: str) -> str:
    return " ".join(text.replace("%%", "%").split()).replace("|", "\\|")


def _written(action: argparse.Action) -> str:
    """An option or argument as it is typed."""
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices and not action.metavar:
        value = "|".join(str(choice) for choice in action.choices).replace("|", "\\|")
    if not action.option_strings:
        return f"`{value}`" if action.nargs not in {"*", "+"} else f"`{value} ...`"
    names = ", ".join(f"`{name}`" for name in action.option_strings)
    return names if action.nargs == 0 else f"{names} `{value}`"


def _rows(parser: argparse.ArgumentParser, *, common: bool) -> list[tuple[str, str, str]]:
    rows = []
    for action in parser._actions:  # noqa: SLF001
        hidden = action.help == argparse.SUPPRESS or isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
        shared = any(name in _COMMON for name in action.option_strings)
        if not hidden and shared == common:
            rows.append((_written(action), _default(action), _cell(action.help or "")))
    return rows


def _default(action: argparse.Action) -> str:
    """What holds when nothing is given; nothing where the help says it, or there is none."""
    value = action.default
    if value in (None, False, "", argparse.SUPPRESS) or value == [] or "default" in (action.help or ""):
        return ""
    return f"`{value}`" if isinstance(value, str | int | float) else ""


def _table(rows: list[tuple[str, str, str]]) -> str:
    if not rows:
        return ""
    head = "| written | default | meaning |\n| --- | --- | --- |\n"
    return head + "".join(f"| {written} | {default} | {text} |\n" for written, default, text in rows)


def _usage(shown: Shown) -> str:
    """One line that says what a command takes; made here, for that of argparse differs between versions of Python."""
    taken = []
    options = False
    for action in shown.parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            taken.append(f"{action.metavar or 'VERB'} ...")
        elif action.option_strings:
            options = True
        else:
            name = str(action.metavar or "|".join(map(str, action.choices or (action.dest.upper(),))))
            taken.append({"*": f"[{name} ...]", "+": f"{name} ...", "?": f"[{name}]"}.get(str(action.nargs), name))
    return " ".join((shown.name, *(["[options]"] if options else []), *taken))


def _section(shown: Shown) -> str:
    level = "#" * min(1 + len(shown.words), 4)
    said = _cell(shown.parser.description or shown.summary)
    said = said[:1].upper() + said[1:]
    parts = [f"{level} `{shown.name}`", said if said.endswith((".", "!", "?")) else f"{said}.", f"    {_usage(shown)}"]
    parts.append(_table(_rows(shown.parser, common=False)).rstrip())
    if examples := examples_of(shown):
        parts.append("Examples:\n\n" + "\n".join(f"    {line}" for line in examples))
    if len(shown.words) == 1:
        parts.append(_ends(shown.words[0]))
    return "\n\n".join(filter(None, parts)) + "\n"


def _ends(verb: str) -> str:
    """What the statuses of a verb mean, beside those that are the same for all."""
    said = "; ".join(f"{int(status)} {text}" for status, text in ENDS[verb].items())
    return f"Exit status: {said}; 2 command line or configuration; 4 internal error."


def cli_page() -> str:
    """Return the page of commands in Markdown."""
    common = _table(_rows(plain_parser("verb", ""), common=True))
    return "\n".join((_HEAD.format(common=common), *map(_section, all_commands())))


def exits_page() -> str:
    """Return the page of exit statuses in Markdown."""
    rows = "".join(f"| {int(status)} | {name} | {text} |\n" for status, (name, text) in EXITS.items())
    verbs = [
        f"| [`overt {verb}`](cli.md#overt-{verb}) | {_cell(_said(verb, 0))} | {_cell(_said(verb, 1))} "
        f"| {_cell(_said(verb, 3))} |"
        for verb in VERBS
    ]
    return _EXITS.format(rows=rows, verbs="\n".join(verbs))


def _said(verb: str, status: int) -> str:
    return next((text for known, text in ENDS[verb].items() if int(known) == status), "")


_EXITS = """\
# Exit statuses

<!-- Made from src/overt/cli/explain.py by `python -m overt.cli.reference`; edit that. -->

Every verb ends with one of these. `overt explain 3` prints what one means.

| status | word | meaning |
| --- | --- | --- |
{rows}
Of several things that were checked, one that is refuted or stale gives 1; else one that is not proved gives 3. A check
that found nothing to check is `unchecked`.

## By verb

Statuses 2 and 4 mean the same for all of them.

| verb | 0 | 1 | 3 |
| --- | --- | --- | --- |
{verbs}
"""
