"""The Elixir that documents speak: names between backticks and in links, fences, and what commands have evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from overt.audit.project import Project
from overt.audit.references.elixir import ElixirResolver
from overt.audit.references.elixir_calls import calls_in
from overt.audit.references.elixir_index import ElixirIndex
from overt.audit.references.mentions import ELIXIR, is_history, language_of
from overt.audit.references.record import Mention, Ref
from overt.markdown import Document
from overt.model import Location

_MOST = 2_000
_EVALUATED = re.compile(r"(?:\s-e|--eval|--rpc-eval|\beval|\brpc)\s+(?P<quote>['\"])(?P<code>.*)(?P=quote)", re.DOTALL)


class ElixirDocuments:
    """Finds Elixir in documents and has it looked up.

    Args:
        project: The repository.
        index: What its Elixir files define.
    """

    def __init__(self, project: Project, index: ElixirIndex) -> None:
        self._index, self._resolver = index, ElixirResolver(project, index)

    def resolve(self, mention: Mention) -> Ref | None:
        """Return what becomes of a mention between backticks; None when it names nothing of this project."""
        return self._resolver.resolve(mention)

    def of(self, document: Document, path: str) -> Iterator[Ref]:
        """Yield what becomes of the links and fences of a document.

        Args:
            document: A scanned document.
            path: Its file, relative to the root, POSIX.
        """
        if not self._index.there:
            return
        past = "the document tells of earlier versions" if is_history(path) else ""
        for link in document.links[:_MOST]:
            if link.target.startswith("`") and link.target.endswith("`"):
                place = Location(path, link.line, link.column)
                told = self._resolver.resolve(Mention(link.target.strip("`"), place, "code", past))
                if told is not None:
                    yield told
        for fence in document.fences[:_MOST]:
            if language_of(fence) in ELIXIR:
                yield from self._calls(fence.body, Mention("", Location(path, fence.line + 1, 1), "elixir", past))

    def evaluated(self, mention: Mention) -> Iterator[Ref]:
        """Yield what becomes of the calls in an argument that a command evaluates."""
        match = _EVALUATED.search(mention.text) if self._index.there else None
        if match is not None:
            yield from self._calls(match["code"], mention)

    def _calls(self, body: str, mention: Mention) -> Iterator[Ref]:
        if self._index.missing:
            return
        calls, defined = calls_in(body)
        for call in islice(calls, _MOST):
            if call.module in defined or any(name.endswith(f".{call.module}") for name in defined):
                continue
            said = f"{call.module}.{call.name}" + (f"/{call.arity}" if call.arity is not None else "")
            place = Location(mention.location.path, mention.location.line + call.line, 1)
            told = self._resolver.judge(
                call.module, call.name, call.arity, Mention(said, place, "elixir", mention.told)
            )
            if told is not None:
                yield told
