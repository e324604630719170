"""The kinds of suites, one module each, and the one place that knows them all."""

from __future__ import annotations

from importlib import import_module

from overt.campaign.records import SuiteKind
from overt.validate.context import SuiteRunner

_MODULES: dict[SuiteKind, str] = {
    "pytest": "pytest_suite",
    "command": "command",
    "lint": "lint",
    "hidden-state": "hidden_state",
    "import": "imported",
    "samples": "samples",
    "controls": "controls",
}


def runner_for(kind: SuiteKind) -> SuiteRunner:
    """Return what runs suites of a kind; its module is imported only now."""
    runner: SuiteRunner = import_module(f"{__name__}.{_MODULES[kind]}").run
    return runner
