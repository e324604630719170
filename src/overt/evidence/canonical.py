"""The one way the ledger is written down: sorted keys, no spaces, integers only, UTF-8, and digests over that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from overt.evidence.manifest import Manifest, Plan
from overt.evidence.records import AnyRecord, Record

_LEAF, _NODE = b"\x00", b"\x01"
_BLOCK = 16_384


def encode(value: object) -> bytes:
    r"""Return the canonical bytes of a value: the same value is the same bytes everywhere.

    Example:
        >>> encode({"b": 1, "a": "é"})
        b'{"a":"\xc3\xa9","b":1}'
    """
    return msgspec.json.encode(value, order="sorted")


@lru_cache(maxsize=64)
def _text_defaults(sort: type[Record]) -> tuple[tuple[str, str], ...]:
    fields = zip(reversed(sort.__struct_fields__), reversed(sort.__struct_defaults__), strict=False)
    return tuple((name, default) for name, default in fields if isinstance(default, str) and default)


def encode_line(record: Record) -> bytes:
    """Return a record as one line of the ledger, with its newline."""
    # The encoder leaves a default out when it is the very same object; an equal string is not enough for it.
    for name, default in _text_defaults(type(record)):
        if getattr(record, name) == default:
            record = msgspec.structs.replace(record, **{name: default})
    return encode(record) + b"\n"


def encode_lines(records: Sequence[Record]) -> bytes:
    """Return records as lines of the ledger, each with its newline."""
    if any(map(_text_defaults, set(map(type, records)))):
        return b"".join(map(encode_line, records))
    return msgspec.json.Encoder(order="sorted").encode_lines(records)


def decode_lines(data: bytes) -> list[AnyRecord]:
    """Return the records of whole lines.

    Raises:
        msgspec.DecodeError: A line is not a record.
    """
    return msgspec.json.Decoder(AnyRecord).decode_lines(data)


def sha256(data: bytes) -> str:
    """Return the digest of bytes, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def plan_digest(plan: Plan) -> str:
    """Return the digest of what a plan is going to run; the shards of one plan share it."""
    return sha256(encode(plan.suites))


def tree_leaves(data: bytes, version: int) -> Iterable[bytes]:
    """Return what the hash tree of a run hashes of a record file.

    Args:
        data: Its bytes.
        version: Format of the run: lines in the first, blocks of equal length since the second. Very many lines are
            hashed much slower than as many bytes, and a record is shown to belong to a run by its block as well.
    """
    if version == 1:
        return data.split(b"\n")[:-1]
    return (data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK))


def merkle_root(leaves: Iterable[bytes]) -> str:
    """Return the root of the hash tree over leaves, so that one of them can be shown to belong to a run.

    Leaves and nodes are hashed with different first bytes (as in RFC 6962); a level with an odd end passes it up.

    Args:
        leaves: The leaves, in order.

    Example:
        >>> merkle_root([b"a", b"b"]) != merkle_root([b"b", b"a"])
        True
    """
    hashed = hashlib.sha256
    level = [hashed(_LEAF + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = iter(level)
        paired = [hashed(_NODE + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0].hex() if level else sha256(b"")


def seal(manifest: Manifest) -> Manifest:
    """Return a manifest that carries the digest of its own canonical form."""
    return msgspec.structs.replace(manifest, seal=_own_digest(manifest))


def is_sealed(manifest: Manifest, data: bytes) -> bool:
    """Tell whether bytes are the canonical form of a manifest whose seal holds."""
    return manifest.seal == _own_digest(manifest) and data == encode(manifest)


def _own_digest(manifest: Manifest) -> str:
    return sha256(encode(msgspec.structs.replace(manifest, seal="")))
