"""Links from a document to files and headings of the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

from overt.audit.project import Project
from overt.audit.references.anchors import anchors, is_dynamic
from overt.audit.references.paths import near_path
from overt.audit.references.record import Mention, Ref, near, proved, refuted, unchecked
from overt.markdown import Document, Link, scan
from overt.model import Location

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|www\.")
_TEMPLATE = re.compile(r"[{}$<>|]|%7B", re.IGNORECASE)
_FILES = frozenset({".md", ".rst", ".html", ".py", ".txt", ".png", ".svg", ".jpg", ".gif", ".toml", ".yml", ".json"})
_MADE = re.compile(r"_*fn|__")
"""Beginnings of anchors that renderers make, as for footnotes."""
_MODULE_PAGE = re.compile(r"[A-Z]\w*(?:\.[A-Z]\w*)*\.html")
_LINES = re.compile(r"L(\d+)(?:C\d+)?(?:-L?(\d+)(?:C\d+)?)?")


class LinkResolver:
    """Follows links; keeps each document it has read.

    Args:
        project: The repository.
        documents: Scanned documents by path, so that none is read twice.
    """

    def __init__(self, project: Project, documents: Mapping[str, Document]) -> None:
        self._project, self._documents = project, dict(documents)

    def resolve(self, link: Link, path: str) -> Ref | None:
        """Return what becomes of a link; None when it leads out of the repository, which is not followed.

        Args:
            link: A link of the document.
            path: The document, relative to the root, POSIX.
        """
        target = link.target.strip()
        if not target or _ELSEWHERE.match(target) or link.text == target:
            return None
        if target.startswith("`") and target.endswith("`"):  # as ExDoc links a module or a function
            return None
        mention = Mention(target, Location(path, link.line, link.column), "code")
        if _TEMPLATE.search(target):
            return unchecked("link", mention, "it is filled in by a template")
        name, _, anchor = unquote(target).partition("#")
        name = name.partition("?")[0]
        found = path if not name else self._file(name, path)
        if found is None:
            return self._missing(name, path, mention)
        return self._anchor(anchor, found, mention) if anchor else proved("link", mention, f"{found or '.'} is there")

    def _file(self, name: str, path: str) -> str | None:
        if name.startswith("/"):
            bases = ["", *self._roots(path)]
        else:
            bases = [posixpath.dirname(path)]
        for base in bases:
            joined = posixpath.normpath(posixpath.join(base, name.lstrip("/")))
            for candidate in _spellings(joined, folder=name.endswith("/")):
                if not candidate.startswith("..") and self._project.exists(candidate):
                    return candidate
        return None

    def _roots(self, path: str) -> list[str]:
        parts = path.split("/")[:-1]
        return ["/".join(parts[: count + 1]) for count in range(len(parts))]

    def _missing(self, name: str, path: str, mention: Mention) -> Ref:
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), name.lstrip("/")))
        if joined.startswith(".."):
            return unchecked("link", mention, "it leads out of the repository")
        if name.startswith("/"):
            return unchecked("link", mention, "it begins at the root of the site, which is not the repository's")
        # On a built site `page/` is one level deeper than the file `page.md`; authors who write for it mean that.
        deeper = posixpath.normpath(posixpath.join(path.removesuffix(".md"), name))
        for candidate in _spellings(deeper, folder=True):
            if name.startswith("..") and not posixpath.splitext(name)[1] and self._project.exists(candidate):
                return proved("link", mention, f"{candidate} is there, as seen from the built page")
        if self._project.is_sphinx and posixpath.splitext(name)[1].lower() not in _FILES:
            return unchecked("link", mention, "it may be a label of Sphinx")
        if "/" not in path and self._project.exists(posixpath.normpath(posixpath.join("docs", name))):
            return unchecked("link", mention, f"{joined} is not there, but docs/{name} is, which may take this file in")
        if self._project.is_mix and (made := self._page_of_exdoc(name)):
            return proved("link", mention, f"{made} is there, and ExDoc has one folder for all pages")
        if self._project.is_mix and _MODULE_PAGE.fullmatch(name):
            return unchecked("link", mention, "ExDoc makes a page of each module, whose names are not looked up here")
        moved = self._project.by_name.get(posixpath.basename(joined), ())
        if moved:
            hint = f"did you mean {posixpath.relpath(moved[0], posixpath.dirname(path) or '.')!r}?"
        else:
            hint = near_path(joined, self._project)
            if self._project.is_distribution:
                return unchecked("link", mention, f"there is no {joined}, but a source distribution leaves files out")
        return refuted("link", mention, f"there is no {joined}", hint)

    def _page_of_exdoc(self, name: str) -> str:
        """Return the document that a page of ExDoc, which knows documents by their last names, is made of."""
        if "/" in name or not name.endswith((".md", ".livemd", ".html")):
            return ""
        stem = name.rpartition(".")[0]
        known = (name,) if not name.endswith(".html") else (f"{stem}.md", f"{stem}.livemd", f"{stem}.cheatmd")
        return next((path for each in known for path in self._project.by_name.get(each, ())), "")

    def _anchor(self, anchor: str, found: str, mention: Mention) -> Ref:
        if found in self._project.generated or not found.lower().endswith((".md", ".markdown")):
            return self._line_anchor(anchor, found, mention)
        document = self._document(found)
        if document is None:
            return unchecked("anchor", mention, f"{found} cannot be read")
        known = anchors(document)
        if anchor in known or anchor.lower() in {name.lower() for name in known} or anchor in {"top", ""}:
            return proved("anchor", mention, f"{found} has it")
        if anchor in self._project.labels:
            return proved("anchor", mention, f"a document sets the label {anchor}")
        if self._project.is_sphinx and any(anchor in anchors(one) for one in self._documents.values()):
            return unchecked("anchor", mention, "it may be meant for another document, as Sphinx allows")
        if is_dynamic(document) or _MADE.match(anchor) or ":~:" in anchor:
            return unchecked("anchor", mention, f"{found} takes in text from elsewhere")
        return refuted("anchor", mention, f"{found} has no heading #{anchor}", near(anchor, known))

    def _line_anchor(self, anchor: str, found: str, mention: Mention) -> Ref:
        match = _LINES.fullmatch(anchor)
        text = self._project.read(found) if match else None
        if match is None or text is None:
            return unchecked("anchor", mention, f"the anchors of {found} are not known")
        lines, last = text.count("\n") + 1, int((match[2] or match[1])[:9])
        if last <= lines:
            return proved("anchor", mention, f"{found} has {lines} lines")
        return refuted("anchor", mention, f"{found} has only {lines} lines")

    def _document(self, path: str) -> Document | None:
        if path not in self._documents:
            text = self._project.read(path)
            if text is None:
                return None
            self._documents[path] = scan(text)
        return self._documents[path]


def _spellings(path: str, *, folder: bool) -> list[str]:
    """The files that a link may mean on GitHub and on a built site."""
    stem = path.removesuffix(".html")
    bare = not posixpath.splitext(path)[1]
    found = [path, f"{stem}.md"] if stem != path or folder or bare else [path]
    if bare:  # as Sphinx and notebooks name documents
        found += [f"{stem}.ipynb", f"{stem}.rst"]
    if folder or stem != path:
        found += [f"{stem}/index.md", f"{stem}/README.md", f"{stem}.ipynb", f"{stem}.rst"]
    return [posixpath.normpath(name) for name in found]
