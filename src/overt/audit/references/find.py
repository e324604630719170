"""Every reference of a document, each with what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from overt.audit.project import Project
from overt.audit.references.commands import CommandResolver
from overt.audit.references.docstrings import Named, docstring_names
from overt.audit.references.elixir_documents import ElixirDocuments
from overt.audit.references.elixir_index import ElixirIndex
from overt.audit.references.environment import EnvironmentResolver
from overt.audit.references.links import LinkResolver
from overt.audit.references.mentions import mentions
from overt.audit.references.names import KnownNames
from overt.audit.references.paths import resolve_path
from overt.audit.references.record import Mention, Ref
from overt.audit.references.symbols import SymbolResolver
from overt.markdown import Document
from overt.model import State, Verdict

MOST = 5_000
"""How many links, mentions and fences of one document are followed."""


class References:
    """The resolvers of one repository; a new kind of reference is one more of them.

    Args:
        project: The repository.
        documents: The scanned documents by path.
    """

    def __init__(self, project: Project, documents: Mapping[str, Document]) -> None:
        self._project = project
        self._names = KnownNames(project)
        self._links = LinkResolver(project, documents)
        elixir = ElixirIndex(project)
        self._elixir = ElixirDocuments(project, elixir)
        self._environment = EnvironmentResolver(project)
        self._commands = CommandResolver(project, self._names, elixir)
        self._symbols = SymbolResolver(project)

    def of(self, document: Document, path: str) -> list[Ref]:
        """Return the references of a document, in order of appearance.

        Of a document beyond all measure only the first references are followed.

        Args:
            document: A scanned document.
            path: Its file, relative to the root, POSIX.
        """
        found = [ref for link in document.links[:MOST] if (ref := self._links.resolve(link, path)) is not None]
        for mention in islice(mentions(document, path), MOST):
            found += self._mention(mention)
        for fence in document.fences[:MOST]:
            found += self._names.in_fence(fence, document, path)
        found += self._elixir.of(document, path)
        told = [_declared_here(ref, document) for ref in found]
        return sorted(told, key=lambda ref: (ref.location.line, ref.location.column))

    def of_docstrings(self) -> Iterator[tuple[str, list[Ref]]]:
        """Yield each Python file of the project's packages with what its docstrings name."""
        for package, folder in self._project.packages.items():
            top = folder.rpartition("/")[0]
            for path in sorted(self._project.files):
                if not path.endswith(".py") or not (path == folder or path.startswith(f"{folder}/")):
                    continue
                module = path[len(top) :].strip("/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                names = docstring_names(self._project.read(path) or "", module or package, path)
                yield path, [ref for named in names for ref in self._named(named)]

    def _named(self, named: Named) -> Iterator[Ref]:
        if not named.role:
            yield from self._mention(named.mention)
            return
        found = self._symbols.within(named.mention, named.scopes)
        if found is not None:
            yield found

    def _mention(self, mention: Mention) -> Iterator[Ref]:
        if mention.origin == "python":
            yield from self._symbols.imports(mention)
            return
        if mention.origin == "shell":
            yield from self._environment.settings(mention)
            yield from self._elixir.evaluated(mention)
            yield from self._commands.resolve(mention)
            return
        named = self._names.resolve(mention)
        if named is not None:
            yield named
            return
        commands = self._commands.resolve(mention) if mention.origin == "code" else []
        if commands:
            yield from commands
            return
        found = resolve_path(mention, self._project)
        resolvers = (self._symbols, self._elixir, self._environment) if mention.origin == "code" else (self._elixir,)
        for resolver in resolvers:
            found = found or resolver.resolve(mention)
        if found is not None:
            yield found


def _declared_here(ref: Ref, document: Document) -> Ref:
    """Take back the refutation of a suite or flag that an example in the same document declares."""
    if ref.verdict.state is not State.REFUTED or ref.sort not in {"suite", "flag"}:
        return ref
    if not any(f"[{ref.sort}s.{name}]" in fence.body for fence in document.fences for name in ref.text.split()):
        return ref
    verdict = Verdict(State.UNCHECKED, f"{ref.verdict.reason}, but an example in this document declares it")
    return replace(ref, verdict=verdict, hint="")
