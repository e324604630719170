"""OV401: the environment of the process is written."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import PROCESS, doing, weigh_process


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """An entry point owns its process: there, and where it is put back in a `finally`, it is a note."""
    what = "the environment" if fact.symbol.startswith("os.environ") else f"the environment variable `{fact.symbol}`"
    return Judgement(f"{doing(fact, 'writes')} {what}", weigh_process(fact))


RULE = Rule(
    code="OV401",
    title="The environment of the process is written",
    why=(
        "The environment belongs to the whole process and to every program it starts: a change made here is read "
        "by code that never heard of this function, and threads race for it."
    ),
    bad="""\
import os


def use_proxy(address):
    os.environ["HTTPS_PROXY"] = address
""",
    good="""\
import subprocess


def run(program, environment, address):
    return subprocess.run([program], env={**environment, "HTTPS_PROXY": address}, check=True)
""",
    instead=("Pass the setting as a parameter, and to a program through `env=`; in tests use `monkeypatch.setenv`."),
    judge=judge,
    matters=PROCESS,
    kind="process",
    see=("OV402",),
)
