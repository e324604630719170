"""What must hold between the parts of a campaign, beyond the shape of each."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from overt.campaign.convert import Departure, dotted
from overt.campaign.expression import ExpressionError, parse
from overt.campaign.locate import KeyPath
from overt.system.text import did_you_mean

_PATHS = (
    *("packages", "sources", "python", "config", "output", "files", "paths", "inputs", "exclude", "ratchet"),
    *("documents", "ignore", "path", "file", "changelog"),
)

Tables = Mapping[str, Any]


def leaves(path: str) -> bool:
    """Tell whether a path, relative to the root, points outside it.

    Example:
        >>> leaves("../other"), leaves("/etc"), leaves("src/../tests"), leaves("!src/gen")
        (True, True, False, False)
    """
    text = path.removeprefix("!").replace("\\", "/")
    if PurePosixPath(text).is_absolute() or PureWindowsPath(text).drive or text.startswith("~"):
        return True
    depth = 0
    for part in text.split("/"):
        depth += 0 if part in {"", "."} else -1 if part == ".." else 1
        if depth < 0:
            return True
    return False


def _tables(document: Tables, key: str) -> Iterator[tuple[KeyPath, Tables]]:
    """Yield the tables below a key, of a table of tables or a list of them, that have the right shape."""
    found = document.get(key)
    rows: Any = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    yield from (((key, name), row) for name, row in rows if isinstance(row, dict))


def _path_values(holder: Tables, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    for key in _PATHS:
        value = holder.get(key)
        if isinstance(value, str) and value:
            yield (*path, key), value
        elif isinstance(value, list):
            yield from (((*path, key, place), item) for place, item in enumerate(value) if isinstance(item, str))


def _paths(document: Tables) -> Iterator[Departure]:
    names = ("project", "site", "hidden-state", "training", "runbooks", "audit", "review")
    holders: list[tuple[KeyPath, Tables]] = [
        ((name,), document[name]) for name in names if isinstance(document.get(name), dict)
    ]
    hidden = document.get("hidden-state")
    if isinstance(hidden, dict):
        holders += [(("hidden-state", *path), row) for path, row in _tables(hidden, "allow")]
    review = document.get("review")
    if isinstance(review, dict):
        holders += [(("review", *path), row) for path, row in _tables(review, "rules")]
    suites = list(_tables(document, "suites"))
    holders += [((*path, "control"), row["control"]) for path, row in suites if isinstance(row.get("control"), dict)]
    for path, holder in (*holders, *suites):
        # The rule codes of `hidden-state.ignore` are no paths; the globs of `audit.ignore` are.
        skipped = {"ignore"} if path == ("hidden-state",) else set()
        values = {key: value for key, value in holder.items() if key not in skipped}
        for where, value in _path_values(values, path):
            interpreter = where == ("project", "python") and PurePosixPath(value).is_absolute()
            if leaves(value) and not interpreter:
                hint = "paths are relative to the folder of overt.toml and stay inside it"
                yield Departure(where, f"{dotted(where)}: {value!r} leaves the repository", hint)
    output = document["site"].get("output") if isinstance(document.get("site"), dict) else None
    if isinstance(output, str) and output.strip("./ ") == "":
        yield Departure(("site", "output"), "site.output must name a folder of its own", "for example site")


_NEEDS = {
    "command": ("command", 'for example command = ["make", "check"]'),
    "lint": ("command", 'for example command = ["ruff", "check", "--output-format=sarif", "."]'),
    "import": ("files", 'for example files = ["build/junit*.xml"]'),
}


def _suites(document: Tables) -> Iterator[Departure]:
    for path, suite in _tables(document, "suites"):
        key, hint = _NEEDS.get(str(suite.get("kind")), ("", ""))
        if key and not suite.get(key):
            yield Departure(path, f"{dotted(path)} is of kind {suite['kind']!r} and lacks {key!r}", hint)
        command = suite.get("command")
        if isinstance(command, list) and command and not command[0]:
            yield Departure((*path, "command"), f"{dotted(path)}.command names no program")
        timeout = suite.get("timeout")
        if isinstance(timeout, float) and math.isinf(timeout):
            yield Departure((*path, "timeout"), f"{dotted(path)}.timeout must be a finite number of seconds")
        if suite.get("flags") and suite.get("kind") != "pytest":
            hint = "only tests can tell that they have asked a flag; run the program from a test"
            yield Departure((*path, "flags"), f"{dotted(path)}.flags is for suites of kind 'pytest'", hint)
        yield from _control(document, path, suite)


def _control(document: Tables, path: KeyPath, suite: Tables) -> Iterator[Departure]:
    control, gates = suite.get("control"), suite.get("gates")
    if isinstance(control, dict):
        where = (*path, "control")
        if bool(control.get("file")) != bool(control.get("text")):
            yield Departure(where, f"{dotted(where)} has one of `file` and `text`", "give both: the defect, and where")
        if control.get("plant") and suite.get("kind") != "pytest":
            hint = "for other kinds, write the defect: file = ..., text = ..."
            yield Departure((*where, "plant"), f"{dotted(where)}.plant is for suites of kind 'pytest'", hint)
    suites = document.get("suites")
    known = list(suites) if isinstance(suites, dict) else []
    for place, name in enumerate(gates if isinstance(gates, list) else ()):
        if isinstance(name, str) and name not in known:
            where = (*path, "gates", place)
            yield Departure(where, f"{dotted(path)}: no suite is named {name!r}", did_you_mean(name, known))


def _claims(document: Tables) -> Iterator[Departure]:
    for path, claim in _tables(document, "claims"):
        expect = claim.get("expect")
        if not isinstance(expect, str):
            continue
        try:
            parse(expect)
        except ExpressionError as error:
            message = (
                f"{dotted(path)}.expect does not parse: {error.what}, at column {error.position + 1} of {expect!r}"
            )
            yield Departure((*path, "expect"), message, error.hint)


def _allows(document: Tables) -> Iterator[Departure]:
    hidden = document.get("hidden-state")
    for path, allow in _tables(hidden, "allow") if isinstance(hidden, dict) else ():
        where = ("hidden-state", *path)
        if ("path" in allow) == ("module" in allow):
            both = "both path and module" if "path" in allow else "neither path nor module"
            yield Departure(where, f"{dotted(where)} has {both}", "give exactly one of them")


def _dates(document: Tables) -> Iterator[Departure]:
    hidden = document.get("hidden-state")
    allows = [
        (("hidden-state", *path), row) for path, row in _tables(hidden if isinstance(hidden, dict) else {}, "allow")
    ]
    for path, row in (*allows, *_tables(document, "flags"), *_tables(document, "quarantine")):
        for key in ("created", "until"):
            value = row.get(key)
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                try:
                    dt.date.fromisoformat(value)
                except ValueError:
                    yield Departure((*path, key), f"{dotted((*path, key))}: there is no day {value}")


def _quarantine(document: Tables) -> Iterator[Departure]:
    suites = document.get("suites")
    declared = list(suites) if isinstance(suites, dict) else []
    seen: dict[tuple[object, object], KeyPath] = {}
    for path, row in _tables(document, "quarantine"):
        suite = row.get("suite", "")
        if isinstance(suite, str) and suite and suite.partition("@")[0] not in declared:
            hint = did_you_mean(suite, declared)
            yield Departure((*path, "suite"), f"{dotted(path)}: no suite is named {suite!r}", hint)
        first = seen.setdefault((row.get("test"), suite), path)
        if first != path:
            yield Departure(path, f"{dotted(path)} names the same test as {dotted(first)}", "remove one of them")


def _stages(document: Tables) -> Iterator[Departure]:
    flags = document.get("flags")
    declared = list(flags) if isinstance(flags, dict) else []
    last, numbers = 0, set[int]()
    for path, stage in _tables(document, "stages"):
        number = stage.get("number")
        if isinstance(number, int) and not isinstance(number, bool):
            if number in numbers:
                yield Departure((*path, "number"), f"{dotted(path)}: stage {number} is there twice")
            elif number < last:
                yield Departure((*path, "number"), f"{dotted(path)}: stage {number} comes after stage {last}")
            numbers.add(number)
            last = max(last, number)
        used = stage.get("flags")
        for place, flag in enumerate(used if isinstance(used, list) else ()):
            if isinstance(flag, str) and flag not in declared:
                hint = did_you_mean(flag, declared) or f"declare it: [flags.{flag}]"
                yield Departure((*path, "flags", place), f"{dotted(path)}: no flag is named {flag!r}", hint)
        yield from _required(document, path, stage)


def _required(document: Tables, path: KeyPath, stage: Tables) -> Iterator[Departure]:
    claims = document.get("claims")
    declared = list(claims) if isinstance(claims, dict) else []
    required = stage.get("requires")
    for place, claim in enumerate(required if isinstance(required, list) else ()):
        if isinstance(claim, str) and claim not in declared:
            hint = did_you_mean(claim, declared) or f"declare it: [claims.{claim}]"
            yield Departure((*path, "requires", place), f"{dotted(path)}: no claim is named {claim!r}", hint)


def _review(document: Tables) -> Iterator[Departure]:
    review = document.get("review")
    review = review if isinstance(review, dict) else {}
    seen: dict[object, KeyPath] = {}
    for path, row in _tables(review, "rules"):
        where: KeyPath = ("review", *path)
        if bool(row.get("command")) == bool(row.get("question")):
            both = "both a command and a question" if row.get("command") else "neither a command nor a question"
            yield Departure(where, f"{dotted(where)} has {both}", "give exactly one of them")
        command = row.get("command")
        if isinstance(command, list) and command and not command[0]:
            yield Departure((*where, "command"), f"{dotted(where)}.command names no program")
        first = seen.setdefault(row.get("id"), where)
        if first != where:
            yield Departure(where, f"{dotted(where)} has the id of {dotted(first)}", "rename one of them")
    suites = document.get("suites")
    declared = list(suites) if isinstance(suites, dict) else []
    for path, row in _tables(review, "hot-paths"):
        suite = row.get("suite")
        if isinstance(suite, str) and suite not in declared:
            hint = did_you_mean(suite, declared)
            where = ("review", *path, "suite")
            yield Departure(where, f"{dotted(where)}: no suite is named {suite!r}", hint)


def broken_rules(document: Tables) -> Iterator[Departure]:
    """Yield what does not hold between the parts of a document; parts of a wrong shape are passed over.

    Args:
        document: The document, its dates as text.
    """
    for rule in (_paths, _suites, _claims, _allows, _dates, _quarantine, _stages, _review):
        yield from rule(document)
