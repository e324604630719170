"""Names that overt itself gives meaning: rules, suites, flags, and the keys of `overt.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec
from msgspec import inspect

from overt.audit.project import Project
from overt.audit.references.record import Mention, Ref, near, proved, refuted, unchecked
from overt.campaign.flag_states import with_states
from overt.campaign.records import Campaign
from overt.lint.rules import all_codes
from overt.markdown import Document, Fence
from overt.model import Location
from overt.system.text import nearest

_FLAG = re.compile(r"[a-z]\w*(?:[._-]\w+)+")
_RULE = re.compile(r"OVE?\d{3}")
_TABLE = re.compile(r"\[{1,2}([a-z][\w-]*(?:\.[\w*<>\"'-]+)*)\]{1,2}")
_KEY = re.compile(r"([A-Za-z][\w-]*)(?:\.([\w-]+))?\s*=")
_SLIP = 0.8
"""How alike two names are, from 0 to 1, of which one may be a slip of the pen for the other."""
_FREE = re.compile(r"[A-Z_]+|.*[<>{}$*…].*|\.\.\.|[a-z]")


class KnownNames:
    """What the campaign and the linter give names to.

    Args:
        project: The repository.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._campaign = project.campaign if project.exists("overt.toml") else None

    @cached_property
    def rules(self) -> frozenset[str]:
        """The codes of the linter's rules."""
        return frozenset(all_codes())

    def resolve(self, mention: Mention) -> Ref | None:
        """Return what becomes of a mention that is a rule code or a table of `overt.toml`."""
        if _RULE.fullmatch(mention.text):
            if mention.text in self.rules:
                return proved("rule", mention, "the linter has it")
            return refuted("rule", mention, f"there is no rule {mention.text}", near(mention.text, self.rules))
        if self._campaign is not None and mention.origin == "code" and (told := self._flag(mention)) is not None:
            return told
        match = _TABLE.fullmatch(mention.text)
        if match is None or self._campaign is None or mention.origin == "prose":
            return None
        keys = match[1].split(".")
        if keys[0] not in _tops() - {"project"}:
            return None
        return self._key(keys, mention)

    def _flag(self, mention: Mention) -> Ref | None:
        """Judge a word that the text says to be a flag: refuted when one of nearly that name is declared."""
        flags = self._campaign.flags if self._campaign is not None else {}
        if not _FLAG.fullmatch(mention.text) or not re.search(r"\bflags?\b", mention.around, re.IGNORECASE):
            return None
        if mention.text in flags:
            return proved("flag", mention, f"overt.toml declares the flag {mention.text}")
        # Flags begin alike, and documents speak of flags of others: only a slip of the pen is one of ours.
        meant = nearest(mention.text, flags, likeness=_SLIP)
        told = f"did you mean {meant!r}?"
        return refuted("flag", mention, f"there is no flag {mention.text!r}", told) if meant else None

    def wrong_argument(self, verb: str, rest: Sequence[str], mention: Mention) -> Ref | None:
        """Return the refutation of a suite, flag or rule that a command of overt names; None when there is none."""
        for option, value in _pairs(rest):
            if option == "--suite" and verb == "validate" and self._campaign is not None and not _FREE.fullmatch(value):
                suites = with_states(self._campaign).suites
                if value not in suites:
                    return refuted("suite", mention, f"there is no suite {value!r}", near(value, suites))
        if verb == "explain" and rest and _RULE.fullmatch(rest[0]) and rest[0] not in self.rules:
            return refuted("rule", mention, f"there is no rule {rest[0]}", near(rest[0], self.rules))
        flags = self._campaign.flags if self._campaign is not None else {}
        if verb == "flags" and flags and len(rest) > 1 and rest[0] in _FLAG_VERBS and not _FREE.fullmatch(rest[1]):
            name = rest[1]
            if not name.startswith("-") and name not in flags:
                return refuted("flag", mention, f"there is no flag {name!r}", near(name, flags))
        return None

    def in_fence(self, fence: Fence, document: Document, path: str) -> Iterator[Ref]:
        """Yield what becomes of the keys in a fence that shows a part of `overt.toml`."""
        if not _shows_campaign(fence, document):
            return
        table: list[str] = []
        for number, line in enumerate(fence.body.split("\n"), fence.line + 1):
            stripped = line.strip()
            mention = Mention(stripped[:120], Location(path, number, 1), "code")
            if match := _TABLE.match(stripped):
                table = [key.strip("\"'") for key in match[1].split(".")]
                yield self._key(table, mention)
            elif (match := _KEY.match(stripped)) and table:
                keys = [*table, match[1], *([match[2]] if match[2] else [])]
                yield self._key(keys, Mention(match[1], mention.location, "code"))

    def _key(self, keys: Sequence[str], mention: Mention) -> Ref:
        told = walk(keys)
        if told is None:
            return proved("key", mention, "overt.toml may have it")
        wrong, known = told
        if not known:
            return unchecked("key", mention, f"what {wrong} may hold is not known")
        return refuted("key", mention, f"overt.toml has no {wrong!r} in {_joined(keys, wrong)}", near(wrong, known))


_FLAG_VERBS = frozenset({"enable", "disable", "set", "set-percentage", "reset", "describe", "history"})


def _joined(keys: Sequence[str], wrong: str) -> str:
    before = list(keys)[: list(keys).index(wrong)]
    return f"[{'.'.join(before)}]" if before else "its top level"


def _tops() -> frozenset[str]:
    return frozenset(field.encode_name for field in msgspec.structs.fields(Campaign))


def walk(keys: Sequence[str]) -> tuple[str, frozenset[str]] | None:
    """Follow keys into the shape of `overt.toml`.

    Args:
        keys: From the top down.

    Returns:
        None when there is such a place; else the first key that is wrong, and those that would be right.

    Example:
        >>> walk(["suites", "unit", "timeout"]) is None
        True
        >>> walk(["suites", "unit", "timeot"])[0]
        'timeot'
    """
    here: inspect.Type = inspect.type_info(Campaign)
    for key in keys:
        while isinstance(here, inspect.VarTupleType | inspect.ListType):
            here = here.item_type
        if isinstance(here, inspect.DictType):
            here = here.value_type
            continue
        if not isinstance(here, inspect.StructType):
            return key, frozenset()
        fields = {field.encode_name: field.type for field in here.fields}
        if key not in fields:
            return key, frozenset(fields)
        here = fields[key]
    return None


def _shows_campaign(fence: Fence, document: Document) -> bool:
    if not fence.info.lower().startswith("toml"):
        return False
    before = document.text[max(0, fence.start - 400) : fence.start].rpartition("```")[2]
    said = f"{before} {fence.info} {fence.body[:200]}"
    others = re.search(r"pyproject|\[tool\.|mkdocs|Cargo|\[package\]", said)
    first = _TABLE.search(fence.body)
    return "overt.toml" in said and not others and first is not None and first[1].split(".")[0] in _tops()


def _pairs(rest: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word, following in zip(rest, [*rest, ""][1:], strict=True):
        option, equals, value = word.partition("=")
        if option.startswith("--") and (equals or following):
            yield option, value if equals else following
