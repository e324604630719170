"""The rules of `overt review`, and its checklist as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

import msgspec

from overt.model import Exit
from overt.review.checklist import Checklist
from overt.review.escape import one_line
from overt.review.records import ReviewRule
from overt.review.rules import find_rule

_MOST: Final = 2_000
"""Characters of a file of an example that are shown."""


def _plain(rule: ReviewRule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": one_line(rule.title),
        "human": rule.human,
        "own": rule.own,
        "why": one_line(rule.why),
        "remedy": one_line(rule.remedy),
        "see": one_line(rule.see),
        "examples": [
            {
                "name": example.name,
                "state": example.state.value if example.state else "not-applicable",
                "base": {name: text[:_MOST] for name, text in example.base.items()},
                "head": {name: text[:_MOST] for name, text in example.head.items()},
                "ran": sorted(example.ran),
            }
            for example in rule.examples
        ],
    }


def list_rules(rules: Sequence[ReviewRule], *, as_json: bool) -> int:
    """List rules.

    Args:
        rules: The rules.
        as_json: Whether as one JSON document.
    """
    if as_json:
        sys.stdout.write(msgspec.json.encode([_plain(rule) for rule in rules]).decode() + "\n")
    else:
        width = max(len(rule.id) for rule in rules)
        for rule in rules:
            who = "you" if rule.human else "itself"
            sys.stdout.write(f"  {rule.id:<{width}}  {one_line(rule.title)} (ticked by {who})\n")
        sys.stdout.write("more: overt review --explain ID\n")
    return Exit.PROVED


def explain(rules: Sequence[ReviewRule], identity: str, *, as_json: bool) -> int:
    """Explain a rule.

    Args:
        rules: The rules to look in.
        identity: Its id.
        as_json: Whether as one JSON document.
    """
    rule = find_rule(rules, identity)
    if as_json:
        sys.stdout.write(msgspec.json.encode(_plain(rule)).decode() + "\n")
        return Exit.PROVED
    title, why, remedy, see = map(one_line, (rule.title, rule.why, rule.remedy, rule.see))
    sys.stdout.write(f"{rule.id}: {title}\n\n{why}\nWhat to do: {remedy}.\n")
    sys.stdout.write(f"More: {see}\n\n" if see else "\n")
    for example in rule.examples:
        state = example.state.value if example.state else "not applicable"
        sys.stdout.write(f"  {state:<15} {example.name}\n")
    return Exit.PROVED


def checklist_json(checklist: Checklist) -> str:
    """Return a checklist as one JSON document.

    Args:
        checklist: What the review came to.
    """
    items = [
        {
            "id": item.id,
            "title": one_line(item.title),
            "group": item.group,
            "state": item.state.value if item.state else "not-applicable",
            "reason": one_line(item.reason),
            # Names of files may hold bytes that are no text; they are shown, not matched.
            "places": [one_line(str(place)) for place in item.places],
            "remedy": one_line(item.remedy),
            "see": one_line(item.see),
            "digest": item.digest,
            "ticked": item.ticked,
            "proof": {**msgspec.to_builtins(item.proof), "command": one_line(item.proof.command)}
            if item.proof
            else None,
        }
        for item in checklist.items
    ]
    head = {"span": checklist.span, "files": checklist.files, "added": checklist.added, "deleted": checklist.deleted}
    return msgspec.json.encode({**head, "items": items}).decode()
