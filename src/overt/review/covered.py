"""Which lines a question is about: an answer holds for as long as they stay as they are."""

from __future__ import annotations

import hashlib

from overt.review.changes import Changes, FileChange
from overt.review.records import Outcome


def _told(changes: Changes, file: FileChange) -> bytes:
    """Return what a person has seen of a file: its new lines, wherever they stand, and what lines were taken from."""
    content = changes.after(file)
    new = changes.lines.get(file.path) if file.added is not None else None
    if content is None:
        seen = file.new_blob.encode()
    elif new is None:
        seen = content
    else:
        seen = b"\n".join(line for number, line in enumerate(content.split(b"\n"), start=1) if number in new)
    # git tells how many lines went, not which; the former content stands for them.
    gone = file.old_blob if file.deleted != 0 else ""
    return (
        f"{file.status}\0{file.old_path}\0{file.path}\0{file.mode}\0{gone}\0{len(seen)}\0".encode(
            "utf-8", "surrogateescape"
        )
        + seen
    )


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
    for file in sorted(files, key=lambda file: file.path):
        digest.update(_told(changes, file))
    return digest.hexdigest()[:16]
