"""Every way in which a document departs from the records, found in one pass."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import inspect

from overt.campaign.locate import KeyPath
from overt.system.text import did_you_mean


@dataclass(frozen=True, slots=True)
class Departure:
    """One thing that the records do not allow.

    Args:
        path: Key it is about.
        message: What is wrong.
        hint: What to do; may be empty.
    """

    path: KeyPath
    message: str
    hint: str = ""


def dotted(path: KeyPath) -> str:
    """Return a key path as a person would write it.

    Example:
        >>> dotted(("stages", 0, "flags")), dotted(("suites", "a.b", "kind"))
        ('stages[0].flags', 'suites."a.b".kind')
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if re.fullmatch(r"[\w-]+", part, re.ASCII) else f'"{part}"')
    return text


def plain(value: object) -> object:
    """Return a value of TOML with its dates written as text, so that `until = 2027-03-01` needs no quotes."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _said(value: object) -> str:
    names = {bool: "true or false", str: "text", int: "a whole number", float: "a number", list: "a list"}
    return names.get(type(value), "a table")


def _string(kind: inspect.StrType, value: object, path: KeyPath) -> Iterator[Departure]:
    if not isinstance(value, str):
        yield Departure(path, f"{dotted(path)} must be text, not {_said(value)}")
    elif kind.min_length and len(value) < kind.min_length:
        yield Departure(path, f"{dotted(path)} must not be empty")
    elif kind.pattern and not re.fullmatch(kind.pattern, value):
        yield Departure(path, f"{dotted(path)}: {value!r} does not match {kind.pattern}")


def _number(kind: inspect.IntType | inspect.FloatType, value: object, path: KeyPath) -> Iterator[Departure]:
    whole = isinstance(kind, inspect.IntType)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        yield Departure(path, f"{dotted(path)} must be {'a whole number' if whole else 'a number'}, not {_said(value)}")
        return
    if kind.ge is not None and not value >= kind.ge:
        yield Departure(path, f"{dotted(path)} must be at least {kind.ge}, not {value}")
    if kind.gt is not None and not value > kind.gt:
        yield Departure(path, f"{dotted(path)} must be more than {kind.gt:g}, not {value}")


def _list(kind: inspect.VarTupleType, value: object, path: KeyPath) -> Iterator[Departure]:
    if not isinstance(value, list):
        yield Departure(path, f"{dotted(path)} must be a list, not {_said(value)}")
        return
    for position, item in enumerate(value):
        yield from departures(kind.item_type, item, (*path, position))


def _table(kind: inspect.DictType, value: object, path: KeyPath) -> Iterator[Departure]:
    if not isinstance(value, dict):
        yield Departure(path, f"{dotted(path)} must be a table, not {_said(value)}")
        return
    key = kind.key_type.type if isinstance(kind.key_type, inspect.Metadata) else kind.key_type
    pattern = key.pattern if isinstance(key, inspect.StrType) else None
    for name, item in value.items():
        if pattern and not re.fullmatch(pattern, name):
            yield Departure(
                (*path, name),
                f"{dotted(path)}: the name {name!r} is not allowed",
                "names are lower-case letters, digits, '-', '_' and '.', and begin with a letter or digit",
            )
        yield from departures(kind.value_type, item, (*path, name))


def _struct(kind: inspect.StructType, value: object, path: KeyPath) -> Iterator[Departure]:
    if not isinstance(value, dict):
        yield Departure(path, f"{dotted(path)} must be a table, not {_said(value)}")
        return
    fields = {field.encode_name: field for field in kind.fields}
    for key, item in value.items():
        if key in fields:
            yield from departures(fields[key].type, item, (*path, key))
        else:
            place = f"in {dotted(path)}" if path else "at the top"
            yield Departure((*path, key), f"there is no key {key!r} {place}", did_you_mean(key, fields))
    for key, field in fields.items():
        if field.required and key not in value:
            yield Departure(path, f"{dotted(path)} lacks the key {key!r}", f"add {key} = ...")


def departures(kind: inspect.Type, value: object, path: KeyPath = ()) -> Iterator[Departure]:
    """Yield everything in a value that its record does not allow.

    Args:
        kind: What the record says, from `msgspec.inspect.type_info`.
        value: What stands in the document.
        path: Where it stands.

    Example:
        >>> from msgspec.inspect import type_info
        >>> from overt.campaign.records import Site
        >>> [found.hint for found in departures(type_info(Site), {"stirct": True}, ("site",))]
        ["did you mean 'strict'?"]
    """
    if isinstance(kind, inspect.Metadata):
        yield from departures(kind.type, value, path)
    elif isinstance(kind, inspect.StructType):
        yield from _struct(kind, value, path)
    elif isinstance(kind, inspect.DictType):
        yield from _table(kind, value, path)
    elif isinstance(kind, inspect.VarTupleType):
        yield from _list(kind, value, path)
    elif isinstance(kind, inspect.StrType):
        yield from _string(kind, value, path)
    elif isinstance(kind, inspect.IntType | inspect.FloatType):
        yield from _number(kind, value, path)
    elif isinstance(kind, inspect.BoolType):
        if not isinstance(value, bool):
            yield Departure(path, f"{dotted(path)} must be true or false, not {_said(value)}")
    elif isinstance(kind, inspect.LiteralType):
        if value not in kind.values:
            known = [str(item) for item in kind.values if item]
            yield Departure(path, f"{dotted(path)} cannot be {value!r}", did_you_mean(str(value), known))
    else:
        raise TypeError(f"the records use a type that is not checked: {kind}")
