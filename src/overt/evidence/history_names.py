"""Sets of tests, told by what they have more and less than one that is known already."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from overt.evidence.canonical import encode, sha256
from overt.evidence.history import VERSION, Names
from overt.model import OvertError

_DEEPEST = 50
"""Sets in a row that are told by the one before, then one is told whole: what is damaged harms no more than that."""

_LEVEL = 4
"""How hard to compress: the hardest takes ten times as long for an eighth less."""

_LIMIT = 256_000_000
"""Bytes that a compressed text may come to."""


def pack(value: object) -> str:
    """Return a value as compressed text.

    Example:
        >>> unpack(pack(["a", "b"]), list[str])
        ['a', 'b']
    """
    return base64.b64encode(zlib.compress(encode(value), _LEVEL)).decode()


def unpack(text: str, kind: Any) -> Any:
    """Return what compressed text holds.

    Args:
        text: As `pack` returned it.
        kind: Type of the value.

    Raises:
        OvertError: It is something else, or far too long.
    """
    try:
        decompressor = zlib.decompressobj()
        data = decompressor.decompress(base64.b64decode(text, validate=True), _LIMIT)
        if not decompressor.eof:
            raise OvertError("compressed text is cut short or too long")
        return msgspec.json.decode(data, type=kind)
    except (zlib.error, binascii.Error, ValueError) as error:
        raise OvertError(f"compressed text cannot be read: {error}") from error


def names_digest(names: Collection[str]) -> str:
    """Return the digest of a set of names."""
    return sha256(encode(sorted(names)))


def tell(names: Collection[str], suite: str, base: Names | None, known: Collection[str]) -> Names:
    """Return the line that tells a set of names.

    Args:
        names: The set.
        suite: Suite that ran them.
        base: The set it may be told by; None tells it whole.
        known: The names of that set.
    """
    ordered = sorted(names)
    digest = sha256(encode(ordered))
    whole = Names(version=VERSION, sha256=digest, suite=suite)
    if base is None or base.depth >= _DEEPEST:
        return msgspec.structs.replace(whole, packed=pack(ordered))
    wanted, there = set(names), set(known)
    added, gone = sorted(wanted - there), sorted(there - wanted)
    if len(added) + len(gone) > len(wanted) // 2:
        return msgspec.structs.replace(whole, packed=pack(ordered))
    return Names(
        version=VERSION,
        sha256=digest,
        suite=suite,
        base=base.sha256,
        depth=base.depth + 1,
        added=tuple(added),
        gone=tuple(gone),
    )


def resolve(digest: str, sets: Mapping[str, Names]) -> frozenset[str]:
    """Return the names of a set.

    Args:
        digest: Digest of the set.
        sets: The sets that are known.

    Raises:
        OvertError: It, or a set that it is told by, is not known or does not fit its digest.
    """
    chain: list[Names] = []
    wanted = digest
    while True:
        line = sets.get(wanted)
        if line is None or len(chain) > len(sets):
            raise OvertError(f"the set of tests {wanted[:12]} is not known")
        chain.append(line)
        if not line.base:
            break
        wanted = line.base
    names: set[str] = set(unpack(chain[-1].packed, list[str])) if chain[-1].packed else set()
    for line in reversed(chain):
        names = (names - set(line.gone)) | set(line.added)
    if names_digest(names) != digest:
        raise OvertError(f"the set of tests {digest[:12]} is not what its digest says")
    return frozenset(names)


def chains(digests: Collection[str], sets: Mapping[str, Names]) -> dict[str, Names]:
    """Return the sets that are needed to know some sets: themselves, and those that they are told by.

    Args:
        digests: Digests of the sets in question.
        sets: The sets that are known.
    """
    found: dict[str, Names] = {}
    for digest in digests:
        while digest in sets and digest not in found:
            found[digest] = sets[digest]
            digest = sets[digest].base
    return found


def restrict(sets: Mapping[str, Names], interest: Collection[str]) -> dict[str, frozenset[str]]:
    """Return which of some names belong to each set; what it takes grows with the changes, not with sets times names.

    Args:
        sets: The sets that are known.
        interest: The names in question.

    Returns:
        Digest of the set to those of the names that it has; sets that cannot be told are left out.
    """
    wanted, found = set(interest), dict[str, frozenset[str]]()
    for line in sorted(sets.values(), key=lambda line: line.depth):
        if line.base and line.base not in found:
            continue
        try:
            whole = unpack(line.packed, list[str]) if line.packed else line.added
        except OvertError:
            continue
        there = wanted.intersection(whole) | found.get(line.base, frozenset())
        found[line.sha256] = frozenset(there.difference(line.gone))
    return found
