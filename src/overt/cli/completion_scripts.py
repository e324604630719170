"""Completion scripts for three shells; none needs a helper library or runs overt to complete a word."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence

from overt.cli.completion_words import Command, Option

_TOP = ("--help", "--version")

_BASH = """\
# Completion of overt for bash. Made by `overt completion bash`.
_overt() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="" verb="" sub="" word index answers=""
    (( COMP_CWORD > 0 )) && previous="${{COMP_WORDS[COMP_CWORD - 1]}}"
    for (( index = 1; index < COMP_CWORD; index++ )); do
        word="${{COMP_WORDS[index]}}"
        if [[ -z $verb ]]; then
            case "$word" in
                {verbs}) verb="$word" ;;
            esac
        elif [[ -z $sub ]]; then
            case "$verb $word" in
                {subs}) sub="$word" ;;
            esac
        fi
    done
    case "$verb $sub $previous" in
{values}
        *)
            case "$verb $sub" in
{answers}
            esac ;;
    esac
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(compgen -W "$answers" -- "$current")
}}
complete -o bashdefault -o default -F _overt overt
"""

_ZSH = """\
#compdef overt
# Completion of overt for zsh. Made by `overt completion zsh`.
_overt() {{
    local verb="" sub="" word previous="${{words[CURRENT-1]}}"
    local -a answers
    for word in "${{(@)words[2,CURRENT-1]}}"; do
        if [[ -z $verb ]]; then
            case "$word" in
                ({verbs}) verb="$word" ;;
            esac
        elif [[ -z $sub ]]; then
            case "$verb $word" in
                ({subs}) sub="$word" ;;
            esac
        fi
    done
    case "$verb $sub $previous" in
{values}
        (*)
            case "$verb $sub" in
{answers}
            esac ;;
    esac
    if (( $#answers )); then
        _describe -t words overt answers && return
    fi
    _files
}}
# As a file of fpath this is the function itself; read by a start-up file it has to be announced.
if [[ "${{funcstack[1]:-}}" = _overt ]]; then
    _overt "$@"
else
    compdef _overt overt
fi
"""


def _levels(commands: Sequence[Command]) -> Iterator[tuple[str, str, Command]]:
    """Yield verb, sub-verb (or nothing) and command of each level."""
    for verb in commands:
        yield verb.name, "", verb
        yield from ((verb.name, sub.name, sub) for sub in verb.children)


def _next_words(command: Command) -> dict[str, str]:
    """Return the words that may follow a command, each with what it does."""
    named = {child.name: child.help for child in command.children} | dict.fromkeys(command.choices, "")
    return named | {name: option.help for option in command.options for name in option.names}


def _valued(command: Command) -> Iterator[Option]:
    return (option for option in command.options if option.takes_value)


def _bash_values(commands: Sequence[Command]) -> Iterator[str]:
    for verb, sub, command in _levels(commands):
        for option in _valued(command):
            patterns = "|".join(shlex.quote(f"{verb} {sub} {name}") for name in option.names)
            yield f"        {patterns}) answers={shlex.quote(' '.join(option.choices))} ;;"


def _bash_answers(commands: Sequence[Command]) -> Iterator[str]:
    top = " ".join([*(command.name for command in commands), *_TOP])
    yield f"                ' ') answers={shlex.quote(top)} ;;"
    for verb, sub, command in _levels(commands):
        words = shlex.quote(" ".join(_next_words(command)))
        yield f"                {shlex.quote(f'{verb} {sub}')}) answers={words} ;;"


def _subs(commands: Sequence[Command]) -> str:
    """Return the pairs of verb and sub-verb as alternatives of a `case`; without any, one that nothing matches."""
    pairs = [shlex.quote(f"{verb} {sub}") for verb, sub, _ in _levels(commands) if sub]
    return "|".join(pairs) or "' '"


def bash(commands: Sequence[Command]) -> str:
    """Return the script for bash.

    Args:
        commands: The verbs.
    """
    return _BASH.format(
        verbs="|".join(command.name for command in commands),
        subs=_subs(commands),
        values="\n".join(_bash_values(commands)) or "        '') ;;",
        answers="\n".join(_bash_answers(commands)),
    )


def _described(words: Mapping[str, str]) -> str:
    rows = (f"{word}:{text}" if text else word for word, text in ((w, t.replace(":", "\\:")) for w, t in words.items()))
    return " ".join(shlex.quote(row) for row in rows)


def _zsh_values(commands: Sequence[Command]) -> Iterator[str]:
    for verb, sub, command in _levels(commands):
        for option in _valued(command):
            patterns = "|".join(shlex.quote(f"{verb} {sub} {name}") for name in option.names)
            yield f"        ({patterns}) answers=({_described(dict.fromkeys(option.choices, ''))}) ;;"


def _zsh_answers(commands: Sequence[Command]) -> Iterator[str]:
    top = {command.name: command.help for command in commands} | dict.fromkeys(_TOP, "")
    yield f"                (' ') answers=({_described(top)}) ;;"
    for verb, sub, command in _levels(commands):
        yield f"                ({shlex.quote(f'{verb} {sub}')}) answers=({_described(_next_words(command))}) ;;"


def zsh(commands: Sequence[Command]) -> str:
    """Return the script for zsh.

    Args:
        commands: The verbs.
    """
    return _ZSH.format(
        verbs="|".join(command.name for command in commands),
        subs=_subs(commands),
        values="\n".join(_zsh_values(commands)) or "        ('') ;;",
        answers="\n".join(_zsh_answers(commands)),
    )


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _fish_option(condition: str, option: Option) -> str:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    value = " -x" if option.choices else " -r" if option.takes_value else ""
    choices = f" -a {_fish_text(' '.join(option.choices))}" if option.choices else ""
    return f"complete -c overt -n {_fish_text(condition)} {names}{value}{choices} -d {_fish_text(option.help)}"


def _fish_lines(commands: Sequence[Command]) -> Iterator[str]:
    yield "# Completion of overt for fish. Made by `overt completion fish`."
    first = "__fish_use_subcommand"
    yield from (f"complete -c overt -f -n {first} -a {verb.name} -d {_fish_text(verb.help)}" for verb in commands)
    yield from (f"complete -c overt -n {first} -l {name[2:]}" for name in _TOP)
    for verb, sub, command in _levels(commands):
        here = f"__fish_seen_subcommand_from {verb}" + (f"; and __fish_seen_subcommand_from {sub}" if sub else "")
        children = " ".join(child.name for child in command.children)
        before = f"{here}; and not __fish_seen_subcommand_from {children}" if children else here
        for child in command.children:
            yield f"complete -c overt -f -n {_fish_text(before)} -a {child.name} -d {_fish_text(child.help)}"
        if command.choices:
            yield f"complete -c overt -n {_fish_text(here)} -a {_fish_text(' '.join(command.choices))}"
        yield from (_fish_option(before, option) for option in command.options)


def fish(commands: Sequence[Command]) -> str:
    """Return the script for fish.

    Args:
        commands: The verbs.
    """
    return "\n".join(_fish_lines(commands)) + "\n"


SCRIPTS: Mapping[str, Callable[[Sequence[Command]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
"""The writer of each shell's script."""
