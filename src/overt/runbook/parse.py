"""From Markdown to a runbook, with everything that is wrong told at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import PurePosixPath
from typing import cast, get_args

from overt.markdown import Fence, scan
from overt.markdown.attributes import Info, read_info
from overt.model import Location, Problem, Problems
from overt.runbook.expect import flaw
from overt.runbook.front import Front, read_duration, read_front
from overt.runbook.manual import heading_above, manual_blocks
from overt.runbook.records import ATTRIBUTES, LANGUAGES, Block, Match, Risk, Role, Runbook
from overt.system.text import did_you_mean, nearest

_MATCHES = get_args(Match)
_RISKS = get_args(Risk)


def is_runbook(path: str, text: str) -> bool:
    """Tell whether a page is meant as a runbook: it has an `id` in its front matter, or a fence with a role."""
    text = text.replace("\r\n", "\n")
    front, _ = read_front(path, text)
    return bool(front.one("id")) or any(
        set(read_info(fence.info).classes) & set(ATTRIBUTES) for fence in scan(text).fences
    )


def parse_runbook(path: str, text: str) -> Runbook:
    """Read a runbook.

    Args:
        path: Its file, relative to the repository root, POSIX.
        text: The whole file.

    Raises:
        Problems: Everything that is wrong with it, each with its line.

    Example:
        >>> text = "---\\nid: hello\\n---\\n# Hello\\n```bash { .step id=greet }\\ntouch greeting\\n```\\n"
        >>> parse_runbook("hello.md", text).of("step")[0].body
        'touch greeting\\n'
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    text = text.replace("\r\n", "\n")
    front, problems = read_front(path, text)
    page = scan(text)
    blocks: list[Block] = []
    for fence in page.fences:
        block, wrong = _block(path, fence, heading_above(page, fence.line))
        problems += wrong
        blocks += [block] if block else []
    tasks, wrong = manual_blocks(path, page)
    problems += wrong
    blocks = _named(sorted([*blocks, *tasks], key=lambda block: block.location.line))
    problems += _references(blocks) + _head_problems(path, front)
    if not any(block.role == "step" for block in blocks):
        problems.append(Problem("no step", Location(path), "write a fence ```bash { .step id=... timeout=... }"))
    if problems:
        raise Problems(sorted(problems, key=lambda problem: problem.where.line if problem.where else 0))
    return Runbook(
        id=front.one("id"),
        title=page.headings[0].text if page.headings else PurePosixPath(path).stem,
        path=path,
        owner=front.one("owner"),
        risk=cast("Risk", front.one("risk", "low")),
        rehearse_every_ns=read_duration(front.one("rehearse_every"), unit="d") or 0,
        env=tuple(front.values.get("env", ())),
        inputs=tuple(front.values.get("inputs", ())),
        blocks=tuple(blocks),
        text_sha256=digest,
    )


def _head_problems(path: str, front: Front) -> list[Problem]:
    problems = []
    identity, risk, every = front.one("id"), front.one("risk", "low"), front.one("rehearse_every")

    def wrong(key: str, message: str, hint: str) -> None:
        problems.append(Problem(message, Location(path, front.lines.get(key, 1)), hint))

    if not identity:
        wrong("id", "no id in the front matter", "begin the page with `---`, `id: NAME`, `---`")
    elif not identity.replace("-", "a").replace("_", "a").replace(".", "a").isalnum():
        wrong("id", f"id {identity!r} is no name", "letters, digits, `-`, `_` and `.`")
    if risk not in _RISKS:
        wrong("risk", f"unknown risk {risk!r}", did_you_mean(risk, _RISKS))
    if every and read_duration(every, unit="d") is None:
        wrong("rehearse_every", f"{every!r} is no duration", "write it as `30d`, `12h` or `2w`")
    for entry in front.values.get("env", ()):
        if not entry.partition("=")[0].isidentifier():
            wrong("env", f"{entry!r} names no environment variable", "write `NAME` or `NAME=value`")
    return problems


def _role(info: Info) -> tuple[str, str]:
    """Return the role of a fence, and a class that looks like a role misspelt."""
    known = [name for name in info.classes if name in ATTRIBUTES]
    if known:
        return known[0], ""
    ours = {"id", "for", "timeout", "match", "confirm", "ready"} & set(info.values)
    misspelt = [name for name in info.classes if ours or nearest(name, ATTRIBUTES)]
    return "", misspelt[0] if misspelt else ""


def _block(path: str, fence: Fence, heading: str) -> tuple[Block | None, list[Problem]]:
    """Return the block that a fence is, if it has a role, and what is wrong with it."""
    info, where = read_info(fence.info), Location(path, fence.line)
    role, misspelt = _role(info)
    if misspelt:
        return None, [Problem(f"unknown role {misspelt!r}", where, did_you_mean(misspelt, ATTRIBUTES))]
    if not role:
        return None, []
    problems = [] if fence.closed else [Problem("the fence does not end", where, "close it with the same marks")]
    problems += [Problem(f"cannot read {word!r} in the braces", where, "write key=value") for word in info.strange]
    if others := [name for name in info.classes if name in ATTRIBUTES and name != role]:
        problems.append(Problem(f"two roles, {role!r} and {others[0]!r}", where, "a fence has one role"))
    for key in info.values:
        if key not in ATTRIBUTES[role]:
            hint = did_you_mean(key, ATTRIBUTES[role])
            problems.append(Problem(f"unknown attribute {key!r} of role {role!r}", where, hint))
    problems += _value_problems(role, info, where, fence.code())
    return _made(role, info, fence, where, heading), problems


def _value_problems(role: str, info: Info, where: Location, body: str) -> list[Problem]:
    problems = []
    timeout, match = info.values.get("timeout"), info.values.get("match", "exact")
    if role != "expect" and info.language not in LANGUAGES:
        problems.append(Problem(f"language {info.language!r} does not run", where, "write bash or python first"))
    if role in {"step", "service"} and not info.values.get("id"):
        problems.append(Problem(f"a {role} without id", where, "write id=NAME"))
    if "for" in ATTRIBUTES[role] and not info.values.get("for"):
        problems.append(Problem(f"role {role!r} does not say what it belongs to", where, "write for=STEP"))
    if timeout is not None and read_duration(timeout) is None:
        problems.append(Problem(f"{timeout!r} is no duration", where, "write seconds, or `500ms`, `2m`"))
    if match not in _MATCHES:
        problems.append(Problem(f"unknown match {match!r}", where, did_you_mean(match, _MATCHES)))
    elif role == "expect" and (wrong := flaw(cast("Match", match), body)):
        problems.append(Problem(wrong, where))
    return problems


def _made(role: str, info: Info, fence: Fence, where: Location, heading: str) -> Block:
    timeout = read_duration(info.values.get("timeout", ""))
    match = info.values.get("match", "exact")
    return Block(
        role=cast("Role", role),
        id=info.values.get("id", ""),
        language=info.language,
        body=fence.code(),
        location=where,
        target=info.values.get("for", ""),
        timeout=timeout / 1e9 if timeout else None,
        match=cast("Match", match),
        confirm=info.values.get("confirm", ""),
        heading=heading,
        ready=info.values.get("ready", ""),
    )


def _named(blocks: list[Block]) -> list[Block]:
    """Give every block without an id one that says what it is."""
    seen: Counter[str] = Counter()
    named = []
    for block in blocks:
        if not block.id:
            stem = f"{block.role}-{block.target}" if block.target else block.role
            seen[stem] += 1
            number = f"-{seen[stem]}" if seen[stem] > 1 or not block.target else ""
            block = replace(block, id=f"{stem}{number}")
        named.append(block)
    return named


def _references(blocks: list[Block]) -> list[Problem]:
    """Tell ids that are there twice, and targets that are not there."""
    problems: list[Problem] = []
    first: dict[str, Block] = {}
    for block in blocks:
        earlier = first.setdefault(block.id, block)
        if earlier is not block:
            hint = f"the first is in line {earlier.location.line}"
            problems.append(Problem(f"id {block.id!r} is there twice", block.location, hint))
    steps = [block.id for block in blocks if block.role == "step"]
    runnable = [block.id for block in blocks if block.role not in {"expect", "manual", "service"}]
    for block in blocks:
        possible = runnable if block.role == "expect" else steps
        if block.target and block.target not in possible:
            hint = did_you_mean(block.target, set(possible))
            problems.append(Problem(f"{block.role} for {block.target!r}, which is not there", block.location, hint))
    return problems
