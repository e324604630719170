"""Paths of files and folders."""

from __future__ import annotations

import posixpath
import re

from overt.audit.project import Project
from overt.audit.references.mentions import tells_of_now
from overt.audit.references.record import Mention, Ref, near, proved, refuted, unchecked
from overt.system.files import matches

_PATH = re.compile(r"\.{0,2}/?(?:[\w.@+*-]+/)*[\w.@+*-]+/?")
_FILE = re.compile(r"[\w.@+-]*[\w-]\.[A-Za-z][A-Za-z0-9]{0,7}")
_SOURCE_PLACE = re.compile(r":(\d+)(?:[:-]\d+)?$")


def resolve_path(mention: Mention, project: Project) -> Ref | None:
    """Return what becomes of a mention that is a path; None when it is not surely one of this repository."""
    text = _SOURCE_PLACE.sub("", mention.text)
    if not _PATH.fullmatch(text) or not re.search(r"[A-Za-z]", text) or "//" in text or text.startswith(("/", "@")):
        return None
    if "/" not in text:
        return _bare_name(text, mention, project)
    if "*" in text:
        fits = any(matches(file, [text]) for file in project.files)
        return proved("path", mention, "files match it") if fits else None
    found = find_path(text, mention.location.path, project)
    if found is not None:
        return _line(found, mention, project) or proved("path", mention, f"{found or '.'} is there")
    return _absent(text, mention, project)


def _line(found: str, mention: Mention, project: Project) -> Ref | None:
    """Return the refutation of a path with a line that its file does not have."""
    match = _SOURCE_PLACE.search(mention.text)
    text = project.read(found) if match else None
    if match is None or text is None or mention.told:
        return None
    lines, line = len(text.splitlines()), int(match[1][:9])
    return refuted("path", mention, f"{found} has only {lines} lines") if line > lines else None


def find_path(text: str, document: str, project: Project) -> str | None:
    """Return the file or folder that a path means: from the root, from the document, or from a folder on the way.

    Args:
        text: The path as written.
        document: The document that writes it, relative to the root, POSIX.
        project: The repository.
    """
    bare = text.rstrip("/")
    here = posixpath.dirname(document)
    for base in dict.fromkeys(("", here, "docs", "src", *project.packages.values())):
        candidate = posixpath.normpath(posixpath.join(base, bare))
        if not candidate.startswith("..") and project.exists(candidate):
            return candidate
    tail = "/" + posixpath.normpath(bare).lstrip("./")
    named = project.by_name.get(tail.rpartition("/")[2], ())
    return next((path for path in named if path.endswith(tail)), None)


def _bare_name(text: str, mention: Mention, project: Project) -> Ref | None:
    # A lone file name may be anybody's: it is only ever proved.
    if not _FILE.fullmatch(text) or mention.origin == "prose":
        return None
    named = project.by_name.get(text, ())
    return proved("path", mention, f"{named[0]} is there") if named else None


def _absent(text: str, mention: Mention, project: Project) -> Ref | None:
    """Judge a path that leads nowhere: refuted when it begins in a folder of this repository."""
    parts = [part for part in text.split("/") if part not in {"", ".", ".."}]
    is_file = bool(_FILE.fullmatch(parts[-1])) and not text.endswith("/")
    if len(parts) < 2 or (not is_file and not text.endswith("/")):
        return None
    if parts[0] not in project.folders or text.startswith(".."):
        return None
    reason = f"there is no {'file' if is_file else 'folder'} {text}"
    hint = near_path("/".join(parts), project)
    if _is_ignored(text, project):
        return unchecked("path", mention, f"{reason} in the repository; the project ignores such files")
    if parts[0].startswith("."):
        return unchecked("path", mention, f"{reason}, but every project has a {parts[0]} of its own")
    if project.is_distribution and parts[-1] not in project.by_name:
        return unchecked("path", mention, f"{reason}, but a source distribution leaves files out")
    if mention.origin == "shell":
        return refuted("path", mention, reason, hint)
    deep = "/".join(parts[:-1]) in project.folders
    if not deep and not hint and not (is_file and tells_of_now(mention.location.path)):
        return unchecked("path", mention, f"{reason}, and nothing like it")
    return refuted("path", mention, reason, hint)


def near_path(text: str, project: Project) -> str:
    """Return a hint that names the file of the same name elsewhere, or one of nearly that name beside it.

    Args:
        text: A path that leads nowhere, relative to the root, POSIX.
        project: The repository.
    """
    folder, _, name = text.rstrip("/").rpartition("/")
    moved = project.by_name.get(name, ())
    if moved:
        return f"did you mean {moved[0]!r}?"
    hint = near(name, project.by_folder.get(folder, ()))
    return hint.replace("mean '", f"mean '{folder}/") if hint and folder else hint


def _is_ignored(text: str, project: Project) -> bool:
    patterns = [line.strip() for line in (project.read(".gitignore") or "").splitlines()[:500]]
    usable = [line.strip("/") for line in patterns if line and not line.startswith(("#", "!"))]
    return any(matches(text, [pattern, f"**/{pattern}"]) for pattern in usable)
