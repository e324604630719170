"""The Elixir of a project, read from the source alone: what documents may speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import islice

from overt.audit.project import Project
from overt.audit.references.elixir_modules import Module, modules_of, parser
from overt.audit.references.elixir_words import OF_ELIXIR

_MOST_FILES = 5_000
_MOST_BYTES = 30_000_000
_ATOM = re.compile(r":([A-Za-z_]\w*[?!]?)|(?<![\w:])([a-z_]\w*[?!]?):(?=\s)|:\"([^\"\n]{1,200})\"")
_APP = re.compile(r"\bapp:\s*:(\w+)")
_DEP = re.compile(r"\{\s*:(\w+)\s*,")
_ALIAS_KEY = re.compile(r"(?:\"([\w.]+)\"|\b([a-z_]\w*)):\s")


class ElixirIndex:
    """The modules, atoms and mix tasks of a project; each is worked out when first asked for.

    Args:
        project: The repository.
    """

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The Elixir files of the project."""
        return tuple(sorted(path for path in self._project.files if path.endswith((".ex", ".exs"))))

    @property
    def there(self) -> bool:
        """Whether the project is one of Elixir."""
        return any(path.endswith(("mix.exs", ".ex")) for path in self.files)

    @cached_property
    def missing(self) -> str:
        """Why nothing can be looked up; empty when it can."""
        try:
            parser()
        except ImportError:
            return "tree-sitter is not installed, which the extra `elixir` brings"
        return "" if self.whole else "the project has more Elixir than is read"

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        found, total = {}, 0
        for path in islice(self.files, _MOST_FILES):
            text = self._project.read(path) or ""
            total += len(text)
            if total > _MOST_BYTES:
                break
            found[path] = text
        return found

    @cached_property
    def whole(self) -> bool:
        """Whether every Elixir file of the project was read."""
        return len(self._texts) == len(self.files)

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """The modules by their whole names; one that several files define has the names of all."""
        found: dict[str, Module] = {}
        parse = parser().parse
        for path, source in self._texts.items():
            for module in modules_of(parse(source.encode("utf-8")).root_node, path):
                known = found.setdefault(module.name, module)
                if known is not module:
                    _join(known, module)
        return found

    @cached_property
    def by_ending(self) -> Mapping[str, tuple[str, ...]]:
        """The whole names of modules by each ending of them, as aliases shorten them."""
        found: dict[str, list[str]] = {}
        for name in self.modules:
            parts = name.split(".")
            for first in range(1, len(parts)):
                found.setdefault(".".join(parts[first:]), []).append(name)
        return {ending: tuple(sorted(names)) for ending, names in found.items()}

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """Every beginning of the name of a module."""
        return frozenset(
            ".".join(parts[:end])
            for name in self.modules
            for parts in [name.split(".")]
            for end in range(1, len(parts))
        )

    @cached_property
    def heads(self) -> frozenset[str]:
        """The first parts of module names that are the project's alone."""
        lib = [name for name, module in self.modules.items() if _is_lib(module.path)]
        counted: dict[str, int] = {}
        for name in lib:
            counted[name.split(".")[0]] = counted.get(name.split(".")[0], 0) + 1
        apps = {camel(app) for app in self.apps}
        own = {head for head in counted if head in apps or head.removesuffix("Web") in apps or head in lib}
        own |= {head for head, many in counted.items() if many * 2 >= len(lib)}
        return frozenset(own) - ((OF_ELIXIR | {camel(dep) for dep in self.deps}) - apps)

    @cached_property
    def apps(self) -> frozenset[str]:
        """The names of the applications that the project's `mix.exs` files define."""
        return frozenset(name for path, text in self._mixes for name in _APP.findall(text))

    @cached_property
    def apps_as_modules(self) -> frozenset[str]:
        """The names that the modules of the project's own applications begin with."""
        return frozenset(camel(app) for app in self.apps)

    @cached_property
    def deps(self) -> frozenset[str]:
        """What the project's `mix.exs` files depend on."""
        return frozenset(name for path, text in self._mixes for name in _DEP.findall(text))

    @property
    def _mixes(self) -> list[tuple[str, str]]:
        return [(path, text) for path, text in self._texts.items() if path.rpartition("/")[2] == "mix.exs"]

    @cached_property
    def tasks(self) -> Mapping[str, Module]:
        """The project's own mix tasks by name."""
        begin = "Mix.Tasks."
        return {
            ".".join(_snake(part) for part in name.removeprefix(begin).split(".")): module
            for name, module in self.modules.items()
            if name.startswith(begin)
        }

    @cached_property
    def mix_aliases(self) -> frozenset[str]:
        """The aliases that `mix.exs` gives."""
        found: set[str] = set()
        for _, text in self._mixes:
            for start in re.finditer(r"\bdefp? aliases\b|\baliases:\s*\[", text):
                end = re.compile(r"^  end\b", re.MULTILINE).search(text, start.end())
                region = text[start.end() : end.start() if end else start.end() + 5_000]
                found |= {one or two for one, two in _ALIAS_KEY.findall(region)}
        return frozenset(found)

    @cached_property
    def atoms(self) -> frozenset[str]:
        """Every atom of the sources, keys of keyword lists included; those in comments and strings, too."""
        found: set[str] = set()
        for text in self._texts.values():
            found.update(one or two or three for one, two, three in _ATOM.findall(text))
        for path in self._project.files:
            if path.endswith((".eex", ".heex", ".leex")):
                found.update(re.findall(r"\w+", self._project.read(path) or ""))
        return frozenset(found) | self.erlang_words

    @cached_property
    def erlang_words(self) -> frozenset[str]:
        """Every word of the project's Erlang, whose functions are not looked up."""
        texts = (self._project.read(path) or "" for path in self._project.files if path.endswith((".erl", ".hrl")))
        return frozenset(word for text in texts for word in re.findall(r"\w+", text))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every identifier of the Elixir sources."""
        return frozenset(word for text in self._texts.values() for word in re.findall(r"[A-Za-z_]\w*[?!]?", text))

    def text(self, path: str) -> str:
        """Return the text of an Elixir file; empty when it was not read."""
        return self._texts.get(path, "")

    @cached_property
    def functions(self) -> Mapping[str, Mapping[int, str]]:
        """Where functions, callbacks and macros of a bare name are, by arity."""
        found: dict[str, dict[int, str]] = {}
        for module in self.modules.values():
            for table in (module.functions, module.callbacks):
                for name, arities in table.items():
                    for arity in arities:
                        found.setdefault(name, {}).setdefault(arity, module.name)
        return found


def camel(name: str) -> str:
    """Return the module name that Elixir gives an application.

    Example:
        >>> camel("my_app")
        'MyApp'
    """
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _is_lib(path: str) -> bool:
    return path.startswith("lib/") or "/lib/" in path


def _join(known: Module, other: Module) -> None:
    for mine, theirs in (
        (known.functions, other.functions),
        (known.callbacks, other.callbacks),
        (known.types, other.types),
    ):
        for name, arities in theirs.items():
            mine.setdefault(name, set()).update(arities)
    known.fields |= other.fields
    known.doubt = known.doubt or other.doubt


def nearest_arities(arities: Iterable[int], name: str) -> str:
    """Return a hint that names the arities that there are.

    Example:
        >>> nearest_arities({3, 2}, "put")
        'there is put/2, put/3'
    """
    return "there is " + ", ".join(f"{name}/{arity}" for arity in sorted(arities))
