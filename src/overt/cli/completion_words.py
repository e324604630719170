"""The words of the command line, taken from the parsers of the verbs."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from overt.cli.verbs import VERBS

FACTORIES = ("build_parser", "_parser")
"""Names under which a verb's module offers its parser."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command.

    Args:
        names: How it is written, for example `-y` and `--yes`.
        help: What it does, a few words.
        takes_value: Whether a value follows it.
        choices: The values it takes; empty when it takes any.
    """

    names: tuple[str, ...]
    help: str
    takes_value: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A verb or sub-verb.

    Args:
        name: As it is written.
        help: What it does, a few words.
        options: Its options.
        children: Its sub-verbs.
        choices: Words that one of its arguments takes.
    """

    name: str
    help: str
    options: tuple[Option, ...] = ()
    children: tuple[Command, ...] = ()
    choices: tuple[str, ...] = ()


def _words(choices: object) -> tuple[str, ...]:
    return tuple(str(choice) for choice in choices) if isinstance(choices, list | tuple) else ()


def read_parser(name: str, summary: str, parser: argparse.ArgumentParser) -> Command:
    """Return the words of one parser and of the parsers below it.

    Args:
        name: Name of the command.
        summary: What it does, a few words.
        parser: Its parser.
    """
    options: list[Option] = []
    children: list[Command] = []
    choices: tuple[str, ...] = ()
    # argparse has no public way to ask a parser for its options; completion libraries read this list too.
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            said = {item.dest: item.help or "" for item in action._choices_actions}  # noqa: SLF001
            children += [read_parser(sub, said.get(sub, ""), below) for sub, below in action.choices.items()]
        elif action.help == argparse.SUPPRESS:
            continue
        elif action.option_strings:
            takes_value = action.nargs != 0
            text = (action.help or "").replace("%%", "%")
            options.append(Option(tuple(action.option_strings), text, takes_value, _words(action.choices)))
        else:
            choices += _words(action.choices)
    return Command(name, summary, tuple(options), tuple(children), choices)


def command(verb: str, summary: str) -> Command:
    """Return the words of a verb; of one whose module offers no parser, its name alone.

    Args:
        verb: Name of the verb.
        summary: What it does, a few words.
    """
    if find_spec(f"overt.cli.{verb}") is None:
        return Command(verb, summary)
    module = import_module(f"overt.cli.{verb}")
    factory = next((found for found in (getattr(module, name, None) for name in FACTORIES) if found), None)
    return Command(verb, summary) if factory is None else read_parser(verb, summary, factory())


def commands() -> tuple[Command, ...]:
    """Return the words of every verb, in the order of the help."""
    return tuple(command(verb, summary) for verb, summary in VERBS.items())
