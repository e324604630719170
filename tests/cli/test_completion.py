"""Shells complete verbs, sub-verbs, options and choices."""

import argparse
import json
import os
import shlex
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from overt.cli.completion import main
from overt.cli.completion_scripts import SCRIPTS, bash, fish, zsh
from overt.cli.completion_words import Command, Option, commands, read_parser
from overt.cli.verbs import VERBS
from overt.model import OvertError

BASH = shutil.which("bash") or "/bin/bash"
SAMPLE = (
    Command(
        "flags",
        "See flags: it's \\ simple",
        (Option(("-h", "--help"), "help", takes_value=False),),
        (
            Command("set", "Set one", (Option(("--to", "-t"), "the value", takes_value=True, choices=("on", "off")),)),
            Command("list", "List all", (Option(("--store",), "the file", takes_value=True),)),
        ),
    ),
    Command("completion", "Print", choices=("bash", "zsh")),
)


def script_of(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the verb prints."""
    assert main([shell]) == 0
    return capsys.readouterr().out


def completed(script: str, *words: str) -> list[str]:
    """Return what bash offers for the last of some words."""
    asked = f"""{script}
COMP_WORDS=({" ".join(f"'{word}'" for word in words)})
COMP_CWORD={len(words) - 1}
_overt
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run([BASH, "--norc", "--noprofile"], input=asked, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def test_bash_accepts_the_script(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Its own syntax check says nothing."""
    script = tmp_path / "overt.bash"
    script.write_text(script_of("bash", capsys))
    done = subprocess.run([BASH, "-n", str(script)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_bash_completes_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    """In a bash of its own, as typed."""
    script = script_of("bash", capsys)
    assert completed(script, "overt", "") == [*VERBS, "--help", "--version"]
    assert completed(script, "overt", "va") == ["validate"]
    assert completed(script, "overt", "nothing") == []


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("init", "--dr"), ["--dry-run"]),
        (("init", "--yes", "--sch"), ["--schema"]),
        (("init", "--color", ""), ["auto", "always", "never"]),
        (("init", "--color", "n"), ["never"]),
        (("init", "-C", ""), []),
        (("completion", ""), ["bash", "zsh", "fish", "-h", "--help", "-C", "--root", "--json", "--color"]),
    ],
)
def test_bash_completes_what_a_verb_takes(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], offered: list[str]
) -> None:
    """Options, values of options, choices; a folder is left to the shell."""
    assert completed(script_of("bash", capsys), "overt", *words) == offered


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("flags", ""), ["set", "list", "-h", "--help"]),
        (("flags", "set", "--"), ["--to"]),
        (("flags", "-h", "set", "--to", ""), ["on", "off"]),
        (("flags", "list", "set", "--"), ["--store"]),
        (("flags", "list", "--store", ""), []),
    ],
)
def test_bash_completes_sub_verbs(words: tuple[str, ...], offered: list[str]) -> None:
    """The first sub-verb decides."""
    assert completed(bash(SAMPLE), "overt", *words) == offered


def test_a_terminal_gets_the_completion_from_bash_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """The function is registered for the command."""
    script = f"{script_of('bash', capsys)}\ncomplete -p overt\n"
    done = subprocess.run([BASH, "--norc"], input=script, capture_output=True, text=True)
    assert done.stdout == "complete -o bashdefault -o default -F _overt overt\n"


def test_zsh_and_fish_are_told_every_word() -> None:
    """Verbs, sub-verbs, options and choices, with quotes and backslashes made safe."""
    for text in (zsh(SAMPLE), fish(SAMPLE)):
        assert [word for word in ("flags", "set", "list", "to", "store", "off", "zsh") if word not in text] == []
    assert shlex.quote(r"flags:See flags\: it's \ simple") in zsh(SAMPLE)
    assert r"-d 'See flags: it\'s \\ simple'" in fish(SAMPLE)
    assert "-l to -s t -x -a 'on off' -d 'the value'" in fish(SAMPLE)
    assert zsh(SAMPLE).startswith("#compdef overt\n")


def test_every_verb_offers_its_parser() -> None:
    """A verb without a parser would be completed by name alone."""
    # `explain` makes its parser inside main; a verb that has no module yet has no parser either.
    silent = [command.name for command in commands() if not command.options and command.name != "explain"]
    assert [name for name in silent if find_spec(f"overt.cli.{name}")] == []
    assert tuple(command.name for command in commands()) == tuple(VERBS)


def test_hidden_options_stay_hidden_and_sub_verbs_are_read() -> None:
    """What help does not show is not offered."""
    parser = argparse.ArgumentParser("flags", add_help=False)
    parser.add_argument("--secret", help=argparse.SUPPRESS)
    parser.add_argument("-n", "--number", type=int, choices=(1, 2), help="100%% sure")
    sub = parser.add_subparsers().add_parser("set", help="Set one", add_help=False)
    sub.add_argument("--quiet", action="store_true")
    assert read_parser("flags", "See", parser) == Command(
        "flags",
        "See",
        (Option(("-n", "--number"), "100% sure", takes_value=True, choices=("1", "2")),),
        (Command("set", "Set one", (Option(("--quiet",), "", takes_value=False),)),),
    )


def test_json_holds_the_script(capsys: pytest.CaptureFixture[str]) -> None:
    """One document, as everywhere."""
    assert main(["fish", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["shell"], said["script"]) == ("fish", SCRIPTS["fish"](commands()))


def test_another_shell_is_a_usage_error() -> None:
    """The shells that there are stand in the message."""
    with pytest.raises(OvertError, match="invalid choice: 'tcsh'"):
        main(["tcsh"])


def test_no_word_is_completed_by_running_overt() -> None:
    """A shell must not wait for Python at every key."""
    assert os.environ.get("PATH")
    for write in SCRIPTS.values():
        body = "\n".join(line for line in write(SAMPLE).splitlines() if not line.lstrip().startswith("#"))
        assert "$(overt" not in body
        assert "`overt" not in body
