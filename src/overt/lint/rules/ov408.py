"""OV408: the import path or the table of modules is changed."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import PROCESS, doing, spelled, weigh_process


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """An entry point owns its process: there, and where it is put back in a `finally`, it is a note."""
    return Judgement(f"{doing(fact, 'changes')} `{spelled(fact.symbol)}`", weigh_process(fact))


RULE = Rule(
    code="OV408",
    title="The import path or the table of modules is changed",
    why=(
        "Which module an import finds then depends on what ran before. Two parts of one program can end up with "
        "two copies of a module, each with its own state."
    ),
    bad="""\
import sys


def use(folder):
    sys.path.insert(0, folder)
""",
    good="""\
from importlib.util import module_from_spec, spec_from_file_location


def load(path):
    spec = spec_from_file_location("plugin", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
""",
    instead=("Install the package, use entry points, or load one file with `importlib.util.spec_from_file_location`."),
    judge=judge,
    matters=PROCESS,
    kind="process",
)
