"""`overt validate --list`."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence

from overt.campaign import Loaded
from overt.campaign.flag_states import states_of, with_states
from overt.campaign.records import Suite
from overt.model import Exit


def _runs(suite: Suite) -> str:
    """Return what a suite runs, as one would type it."""
    if suite.kind == "pytest":
        return shlex.join(["pytest", *suite.args])
    return shlex.join(suite.command or suite.paths or suite.files)


def show_list(loaded: Loaded, names: Sequence[str], *, as_json: bool) -> int:
    """Show suites without running them.

    Args:
        loaded: The project's campaign.
        names: Names of the suites, also of those in a state of flags.
        as_json: Whether to print one JSON document.
    """
    every = with_states(loaded.campaign).suites
    suites = {name: every[name] for name in names}
    if as_json:
        rows = [
            {
                "name": name,
                "title": suite.title or name,
                "kind": suite.kind,
                "required": suite.required,
                "timeout": suite.timeout,
                "runs": _runs(suite),
                "flags": list(states_of(suite)) if name in loaded.campaign.suites else [],
            }
            for name, suite in suites.items()
        ]
        sys.stdout.write(json.dumps({"suites": rows}, indent=2) + "\n")
        return Exit.PROVED
    wide, kinds = max(map(len, suites)), max(len(suite.kind) for suite in suites.values())
    for name, suite in suites.items():
        title = suite.title or name
        sys.stdout.write(f"  {name:<{wide}}  {suite.kind:<{kinds}}  {title}\n")
        optional = "" if suite.required else ", optional"
        optional += f", flags {' '.join(suite.flags)}" if suite.flags and name in loaded.campaign.suites else ""
        runs = f"{_runs(suite)}  " if _runs(suite) else ""
        sys.stdout.write(f"  {'':<{wide}}  {'':<{kinds}}  {runs}(at most {suite.timeout:g} s{optional})\n")
    source = "detected; there is no overt.toml" if loaded.detected else "overt.toml"
    sys.stdout.write(f"\n{len(suites)} suite{'s' if len(suites) > 1 else ''} ({source}). Run: overt validate\n")
    return Exit.PROVED
