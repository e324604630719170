"""OV402: the working directory, umask or identity of the process is changed."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import PROCESS, doing, spelled, weigh_process


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """An entry point owns its process: there, and where it is put back in a `finally`, it is a note."""
    return Judgement(f"{doing(fact, 'calls')} `{spelled(fact.symbol)}`", weigh_process(fact))


RULE = Rule(
    code="OV402",
    title="The working directory, umask or identity of the process is changed",
    why=(
        "Working directory, umask and user belong to the whole process: relative paths and permissions of every "
        "other thread change under its feet."
    ),
    bad="""\
import os


def build(folder):
    os.chdir(folder)
    return open("out.txt", "w")
""",
    good="""\
def build(folder):
    return (folder / "out.txt").open("w")
""",
    instead=(
        "Use absolute paths and file descriptors; give a program its folder and user through `cwd=`, `umask=` and "
        "`user=` of `subprocess`."
    ),
    judge=judge,
    matters=PROCESS,
    kind="process",
    see=("OV401",),
)
