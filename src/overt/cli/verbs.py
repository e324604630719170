"""The verbs, declared once: help, completion and dispatch read this table."""

from __future__ import annotations

VERBS = {
    "init": "Adopt a project: detect what is there and write what is missing",
    "check": "Find hidden state in the code",
    "validate": "Run the suites and record evidence",
    "audit": "Hold documents against code and evidence",
    "build": "Build the site from files and evidence",
    "serve": "Build the site, show it and follow changes",
    "rehearse": "Carry runbooks out, take them back, record whether they hold",
    "train": "Work through the exercises",
    "review": "Turn a git range into a checklist that ticks itself",
    "flags": "See and change feature flags and migration stages",
    "evidence": "List, show, compare, merge and verify evidence",
    "explain": "Explain a rule, an exit code or an error",
    "completion": "Print the completion script of a shell",
}
"""Each verb and what it does in a few words, in the order of the help; its module is `overt.cli.<verb>`."""
