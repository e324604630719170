"""What the parsers of the verbs do not say of themselves: an example of each sub-verb, and what exit statuses mean."""

from __future__ import annotations

from types import MappingProxyType

from overt.model.exits import Exit

BESIDE = MappingProxyType({"rehearse run": "rehearse_run"})
"""Sub-verbs whose parser stands in a module of its own: how they are typed, to the module."""

EXAMPLES = MappingProxyType(
    {
        "overt train next": ("overt train next",),
        "overt train watch": ("overt train watch 3",),
        "overt train solution": ("overt train solution 3",),
        "overt train explain": ("overt train explain 3",),
        "overt train reset": ("overt train reset 3     begin it anew; the answer is kept beside it",),
        "overt train report": ("overt train report --json",),
        "overt train update": ("overt train update",),
        "overt train doctor": ("overt train doctor",),
        "overt train dev": ("overt train dev check --json",),
        "overt flags values": ("overt flags values",),
        "overt flags show": ("overt flags show new-registry",),
        "overt flags rollback": ('overt flags rollback 1 --reason "errors doubled"',),
        "overt flags serve": ("overt flags serve --port 8800",),
        "overt flags runbook": ("overt flags runbook",),
        "overt evidence import": ("overt evidence import report.xml --suite unit",),
        "overt evidence export": ("overt evidence export latest --format junit",),
        "overt evidence flaky": ("overt evidence flaky",),
    }
)
"""Command lines of the sub-verbs that the examples of their verb leave out."""

_ASKED = "what was asked for was done"

ENDS = MappingProxyType(
    {
        "init": {
            Exit.PROVED: "the files are written, or shown with `--dry-run`",
            Exit.UNCHECKED: "something could not be written, or the files do not work together",
        },
        "check": {
            Exit.PROVED: "no finding that is new",
            Exit.REFUTED: "a finding that neither the ratchet nor an exception covers",
            Exit.UNCHECKED: "a file could not be read or parsed, or there was none",
        },
        "validate": {
            Exit.PROVED: "each selected suite ran at least one test, and all passed",
            Exit.REFUTED: "a suite did not hold",
            Exit.UNCHECKED: "a suite could not run, ran nothing, or was interrupted",
        },
        "audit": {
            Exit.PROVED: "nothing in the documents is known to be wrong",
            Exit.REFUTED: "something in them is not so, or stale; with `--strict`, or cannot be decided",
            Exit.UNCHECKED: "something in them could not be checked, or there are none",
        },
        "build": {
            Exit.PROVED: "the site is built",
            Exit.REFUTED: "something stated does not hold, or a link is dead; the old site stays",
            Exit.UNCHECKED: "a part that is needed is not installed, or a picture could not be drawn",
        },
        "serve": {
            Exit.PROVED: "it was ended with Ctrl-C",
            Exit.UNCHECKED: "a part that is needed is not installed",
        },
        "rehearse": {
            Exit.PROVED: "each runbook was carried out, checked and taken back",
            Exit.REFUTED: "a step or a check failed, or taking back left something",
            Exit.UNCHECKED: "a step could not run",
        },
        "train": {
            Exit.PROVED: "the answer passes, or what was asked for was shown",
            Exit.REFUTED: "the answer does not pass",
            Exit.UNCHECKED: "it could not be checked: something is missing on this machine",
        },
        "review": {
            Exit.PROVED: "no point that `--fail-on` names",
            Exit.REFUTED: "a point is refuted",
            Exit.UNCHECKED: "a point could not be checked, or the history is not there",
        },
        "flags": {
            Exit.PROVED: _ASKED,
            Exit.REFUTED: "the stage is not ready, or a flag is to be taken out (`retired`)",
            Exit.UNCHECKED: "the store cannot be used",
        },
        "evidence": {
            Exit.PROVED: f"{_ASKED}, and what was shown holds",
            Exit.REFUTED: "a suite of the run does not hold, something broke (`diff`), or a rerun disagrees (`verify`)",
            Exit.UNCHECKED: "evidence is missing or damaged",
        },
        "explain": {Exit.PROVED: "it was explained"},
        "completion": {Exit.PROVED: "the script was printed"},
    }
)
"""For each verb what the statuses mean that are not the same for all verbs."""
