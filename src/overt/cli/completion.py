"""`overt completion`: the completion script of a shell."""

from __future__ import annotations

import argparse
import json
import sys

from overt.cli.options import parser
from overt.model.exits import Exit

EXAMPLES = """
overt completion bash > ~/.local/share/bash-completion/completions/overt
overt completion zsh > "${fpath[1]}/_overt"
overt completion fish > ~/.config/fish/completions/overt.fish
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the command line of the verb."""
    made = parser("completion", "Print the completion script of a shell: verbs, sub-verbs, options, choices.", EXAMPLES)
    made.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell to print it for")
    return made


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `completion`.
    """
    options = build_parser().parse_args(arguments)
    from overt.cli.completion_scripts import SCRIPTS
    from overt.cli.completion_words import commands

    text = SCRIPTS[options.shell](commands())
    sys.stdout.write(json.dumps({"shell": options.shell, "script": text}) + "\n" if options.json else text)
    return Exit.PROVED
