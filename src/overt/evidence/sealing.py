"""The end of a run: lines sorted, every file listed with its digest, the manifest written last."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from itertools import chain, islice
from operator import lt
from pathlib import Path

import msgspec

from overt.evidence.canonical import encode, merkle_root, seal, sha256, tree_leaves
from overt.evidence.layout import BLOBS, MANIFEST, RECORDS, shard_file
from overt.evidence.manifest import Manifest, SealedFile
from overt.system.atomic import sync, write_atomic


class _Named(msgspec.Struct):
    """The only part of a line that sorting needs."""

    id: str


def sort_lines(lines: list[bytes], names: list[str] | None = None) -> list[bytes]:
    """Return canonical lines by id, then by content; lines that are equal byte for byte collapse into one.

    Args:
        lines: The lines, without newlines.
        names: Their ids, where they are known already; read from the lines when None.
    """
    if names is None or len(names) != len(lines):
        names = [named.id for named in msgspec.json.Decoder(_Named).decode_lines(b"\n".join(lines))]
    if len(set(names)) == len(names):
        # Texts alone are compared much faster than pairs of them.
        return [lines[at] for at in sorted(range(len(names)), key=names.__getitem__)]
    return [line for _, line in sorted(set(zip(names, lines, strict=True)))]


def close_run(folder: Path, manifest: Manifest, blobs: Mapping[str, int], names: list[str] | None = None) -> Manifest:
    """Sort and seal what a run has written; a kill between any two steps leaves it running or closed, never between.

    Args:
        folder: The run's folder.
        manifest: Its head as it shall be, but for the list of files.
        blobs: The blobs it wrote: digest -> size in bytes.
        names: The ids of its records in the order in which they were written, where they are known.
    """
    path = folder / shard_file(manifest.plan.shard)
    data = path.read_bytes()
    known = names is not None and data.count(b"\n") == len(names)
    if names is None or not known or not all(map(lt, names, islice(names, 1, None))):
        lines = data.split(b"\n")[:-1]
        del data
        return write_sealed(folder, manifest, {shard_file(manifest.plan.shard): sort_lines(lines, names)}, blobs)
    # Written in its order, as what is known all at once is: the file stays as it is.
    sync(path)
    sealed = SealedFile(sha256=sha256(data), bytes=len(data), records=len(names))
    root = merkle_root(tree_leaves(data, manifest.format))
    return _seal(folder, manifest, {shard_file(manifest.plan.shard): sealed}, root, blobs)


def write_sealed(
    folder: Path, manifest: Manifest, records: Mapping[str, list[bytes]], blobs: Mapping[str, int]
) -> Manifest:
    """Write sorted record files and the manifest that lists and seals them and the blobs.

    Args:
        folder: The run's folder.
        manifest: Its head as it shall be, but for the list of files.
        records: Record file, relative to the folder -> its sorted lines without newlines.
        blobs: The blobs that are there: digest -> size in bytes.

    Returns:
        The manifest as written.
    """
    files: dict[str, SealedFile] = {}
    leaves: list[Iterable[bytes]] = []
    for name, lines in sorted(records.items()):
        data = b"\n".join([*lines, b""])
        write_atomic(folder / name, data)
        files[name] = SealedFile(sha256=sha256(data), bytes=len(data), records=len(lines))
        leaves.append(tree_leaves(data, manifest.format))
    return _seal(folder, manifest, files, merkle_root(chain.from_iterable(leaves)), blobs)


def _seal(
    folder: Path, manifest: Manifest, records: Mapping[str, SealedFile], root: str, blobs: Mapping[str, int]
) -> Manifest:
    """Write the manifest of a run whose record files are in place."""
    files = {f"{BLOBS}/{name}": SealedFile(sha256=name, bytes=size) for name, size in blobs.items()}
    _remove_leftovers(folder)
    sealed = seal(msgspec.structs.replace(manifest, files={**files, **records}, merkle_root=root))
    write_atomic(folder / MANIFEST, encode(sealed))
    return sealed


def _remove_leftovers(folder: Path) -> None:
    """Remove half-written files of writers that were killed; only complete ones have their final name."""
    for part in (RECORDS, BLOBS):
        for stray in (folder / part).glob(".*.tmp"):
            with contextlib.suppress(OSError):
                stray.unlink()
