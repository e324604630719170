"""Which lines a question is about: an answer holds for as long as they stay as they are."""

from __future__ import annotations

import hashlib
from collections import Counter

from overt.review.changes import SUBMODULE, Changes, FileChange
from overt.review.records import Outcome


def _lines(content: bytes | None) -> list[bytes]:
    return content.split(b"\n") if content else []


def _taken(changes: Changes, file: FileChange, kept: list[bytes]) -> bytes:
    """Return the lines that were taken away: the former ones without those that stayed."""
    if not file.old_blob or file.deleted == 0:
        return b""
    before = changes.before(file)
    if before is None or file.deleted is None:
        return file.old_blob.encode()
    gone = Counter(_lines(before)) - Counter(kept)
    return b"\n".join(sorted(gone.elements()))


def _told(changes: Changes, file: FileChange) -> bytes:
    """Return what a person has seen of a file: the lines that came and that went, wherever they stand.

    Neither its name nor the lines around them belong to it: an answer holds when a file is moved, and when the same
    change is made on top of another commit.
    """
    if file.mode == SUBMODULE:
        # Which commit of the other repository it names is not known here.
        return changes.sha256.encode()
    content = changes.after(file)
    new = changes.lines.get(file.path) if file.added is not None else None
    kept: list[bytes] = []
    if content is None:
        seen = file.new_blob.encode()
    elif new is None:
        seen = content
    else:
        numbered = list(enumerate(_lines(content), start=1))
        seen = b"\n".join(line for number, line in numbered if number in new)
        kept = [line for number, line in numbered if number not in new]
    gone = _taken(changes, file, kept)
    return f"{file.status == 'D'}\0{file.mode}\0{len(gone)}\0{len(seen)}\0".encode() + gone + seen


def covered_digest(changes: Changes, rule: str, outcome: Outcome) -> str:
    """Return a digest of a question and of what changed in the files that it names; of everything when it names none.

    Args:
        changes: The difference.
        rule: Id of the rule.
        outcome: The question.
    """
    named = {place.path for place in outcome.places}
    files = [file for file in changes.files if not named or file.path in named or file.old_path in named]
    digest = hashlib.sha256(f"{rule}\0{outcome.reason}\0".encode("utf-8", "surrogateescape"))
    for told in sorted(_told(changes, file) for file in files):
        digest.update(told)
    return digest.hexdigest()[:16]
