"""Names of Elixir things, looked up in the source without compiling it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from overt.audit.project import Project
from overt.audit.references.elixir_index import ElixirIndex, nearest_arities
from overt.audit.references.elixir_modules import Arities, Module
from overt.audit.references.elixir_words import COMMON_ATOMS, COMMON_FUNCTIONS, OF_ELIXIR
from overt.audit.references.mentions import tells_of_now
from overt.audit.references.record import Mention, Ref, near, proved, refuted, unchecked

_FUN = r"[a-z_]\w*[?!]?"
_MODULE = r"[A-Z]\w*(?:\.[A-Z]\w*)*"
_REMOTE = re.compile(
    rf"(?P<sort>[tcm]:)?[&%]?(?P<module>{_MODULE})(?:\.(?P<name>{_FUN})(?:/(?P<arity>\d{{1,3}})|(?P<given>\(.*\)))?|\{{.*\}})?",
    re.DOTALL,
)
_LOCAL = re.compile(rf"(?P<sort>[tc]:)?&?(?P<name>{_FUN})/(?P<arity>\d{{1,3}})")
_ATOM = re.compile(r":([a-z_]\w*[?!]?)")
_NAMING = re.compile(
    r"\b(?:ets|tables?|registr(?:y|ies)|flags?|feature flags?|process(?:es)?(?: name)?|named?|names|supervisor|"
    r"genserver|pool|queue|config(?:uration)? keys?|application env\w*|telemetry|events?)\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"\b(?:your|example|for instance|such as|e\.g\.|suppose|imagine)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?:My|Your|Some|Other|Example|Sample|Demo|Foo|Bar|Baz|Acme|Hello|Blog)[A-Za-z]*|[A-Z]|X+|Mod|Module"
)
_PLACEHOLDER = re.compile(r"(?:My|Your|Some|Other|Example|Sample)[A-Z]\w*")
_SPELLINGS = frozenset({"CamelCase", "PascalCase", "UpperCamelCase"})
_ERLANG = re.compile(r":(?P<module>[a-z]\w*)\.(?P<name>[a-z]\w*)(?:/\d{1,3}|\(.*\))", re.DOTALL)
_CONFIG = re.compile(r"(?:config )?:(?P<app>[a-z]\w*), :(?P<key>[a-z]\w*[?!]?)")
_ITS_OWN = frozenset({"module_info", "__info__", "__struct__", "behaviour_info", "__using__", "__impl__", "impl_for"})


class ElixirResolver:
    """Looks up Elixir names; reads the sources once, when the first name is asked for.

    Args:
        project: The repository.
        index: What its Elixir files define.
    """

    def __init__(self, project: Project, index: ElixirIndex) -> None:
        self._project, self._index = project, index

    def resolve(self, mention: Mention) -> Ref | None:
        """Return what becomes of a mention between backticks; None when it surely names nothing of this project."""
        text = mention.text
        if len(text) > 300 or not self._index.there:
            return None
        if mention.origin == "prose" and text.split(".")[0] not in self._index.apps_as_modules:
            return None
        if match := _ATOM.fullmatch(text):
            return self._atom(match[1], mention)
        if match := _LOCAL.fullmatch(text):
            return self._local(match, mention)
        if (match := _CONFIG.fullmatch(text)) and match["app"] in self._index.apps:
            return self._key(match["app"], match["key"], mention)
        if match := _ERLANG.fullmatch(text):
            if f"{match['module']}.erl" not in self._project.by_name:
                return unchecked(
                    "symbol", mention, f"{match['module']} is a module of Erlang that is not the project's"
                )
            return unchecked("symbol", mention, "functions of Erlang are not looked up")
        match = _REMOTE.fullmatch(text)
        if match is None or (match["name"] is None and "." not in text and not match["sort"]):
            return self._bare_module(text, mention) if match is not None else None
        given = count_given(match["given"]) if match["given"] else None
        arity = int(match["arity"]) if match["arity"] else given
        kind = (match["sort"] or "").rstrip(":")
        return self.judge(match["module"], match["name"] or "", arity, mention, kind=kind)

    def judge(self, module: str, name: str, arity: int | None, mention: Mention, *, kind: str = "") -> Ref | None:
        """Return what becomes of a module, or of something in it.

        Args:
            module: As written, perhaps shortened by an alias.
            name: A function, macro, callback or type; empty for the module alone.
            arity: How many arguments it takes; None when that is not said.
            mention: Where it is written.
            kind: `t` for a type, `c` for a callback, empty for a function.
        """
        if self._index.missing:
            owned = module.split(".")[0] in self._index.apps
            return unchecked("symbol", mention, self._index.missing) if owned else None
        whole = module.removeprefix("Elixir.")
        homes = (whole,) if whole in self._index.modules else self._index.by_ending.get(whole, ())
        if not homes:
            return self._no_module(whole, name, arity, mention)
        if not name:
            return proved("symbol", mention, f"{homes[0]} is there")
        if "." not in whole and whole in OF_ELIXIR and whole not in self._index.modules and mention.origin != "code":
            return None
        found = [self._index.modules[home] for home in homes]
        for one in found:
            if _has(one, name, arity, kind):
                return proved("symbol", mention, f"{one.name}.{name} is there{_privacy(one, name)}")
        return self._not_in(found, name, arity, mention, kind)

    def _not_in(self, found: list[Module], name: str, arity: int | None, mention: Mention, kind: str) -> Ref | None:
        said = f"{name}/{arity}" if arity is not None else name
        first = found[0]
        if first.name.rpartition(".")[2] in OF_ELIXIR and "." not in mention.text.partition("(")[0].rpartition(".")[0]:
            return None
        doubt = next((one.doubt for one in found if one.doubt), "")
        if doubt or name in _ITS_OWN:
            return unchecked("symbol", mention, doubt or "every module has names of this kind")
        if len(found) > 1:
            return refuted(
                "symbol", mention, f"none of {len(found)} modules {first.name.rpartition('.')[2]} has {said}"
            )
        tables = (
            [first.types] if kind == "t" else [first.callbacks] if kind == "c" else [first.functions, first.callbacks]
        )
        arities = {each for table in tables for each in table.get(name, ())}
        if arities:
            return refuted("symbol", mention, f"{first.name} has no {said}", nearest_arities(arities, name))
        names = [each for table in tables for each in table]
        return refuted("symbol", mention, f"{first.name} has no {said}", near(name, names))

    def _no_module(self, module: str, name: str, arity: int | None, mention: Mention) -> Ref | None:
        index = self._index
        head = module.split(".")[0]
        if module in index.namespaces:
            return proved("symbol", mention, f"modules begin with {module}") if not name else None
        if not name and module in self._process_names:
            return proved("symbol", mention, f"a process has the name {module}")
        if self._project_doubts(module):
            return unchecked("symbol", mention, f"{module} is made while the project is compiled")
        around = module.rpartition(".")[0]
        own = head in index.heads or (around in index.namespaces and around not in OF_ELIXIR)
        if own or ("." in module and head in self._segments and head not in OF_ELIXIR):
            if any(_PLACEHOLDER.fullmatch(part) for part in module.split(".")):
                return unchecked("symbol", mention, f"there is no module {module}, which looks like an example's")
            return refuted("symbol", mention, f"there is no module {module}", self._near_module(module))
        if head in OF_ELIXIR or head in index.words or _ELSEWHERE.fullmatch(head) or self._of_dependency(head):
            return None
        if name and (arity is not None or "(" in mention.text) and index.apps and not mention.elsewhere:
            hint = self._near_module(module)
            sure = hint or not index.deps or tells_of_now(mention.location.path)
            if sure and mention.origin == "code":
                return refuted("symbol", mention, f"there is no module {module}", hint)
            return unchecked("symbol", mention, f"neither the project nor Elixir has a module {module}")
        return None

    def _project_doubts(self, module: str) -> bool:
        """Tell whether a module may be made while the project is compiled."""
        return any(name == module or name.endswith(f".{module}") for name in self._made)

    @cached_property
    def _made(self) -> frozenset[str]:
        return frozenset(re.findall(rf"\b(?:Module\.create|defmock)\(\s*({_MODULE})", self._project.source))

    @cached_property
    def _process_names(self) -> frozenset[str]:
        return frozenset(re.findall(rf"\bname:\s*({_MODULE})\b", self._project.source))

    @cached_property
    def _segments(self) -> frozenset[str]:
        return frozenset(part for name in self._index.modules for part in name.split(".")[:-1])

    def _of_dependency(self, head: str) -> bool:
        squeezed = head.lower()
        return any(
            dep.replace("_", "").startswith(squeezed) or squeezed.startswith(dep.replace("_", "").removeprefix("ex"))
            for dep in self._index.deps
        )

    def _near_module(self, module: str) -> str:
        last = module.rpartition(".")[2]
        same = [name for name in self._index.modules if name.rpartition(".")[2] == last]
        return f"did you mean {same[0]!r}?" if same else near(module, self._index.modules)

    def _bare_module(self, text: str, mention: Mention) -> Ref | None:
        """Judge a single capital word: proved when it is a module, else anything may be meant."""
        word = text.strip("%{}")
        if self._index.missing or word in OF_ELIXIR:
            return None
        homes = (word,) if word in self._index.modules else self._index.by_ending.get(word, ())
        if homes:
            return proved("symbol", mention, f"{homes[0]} is there")
        if _ELSEWHERE.fullmatch(word) or word in _SPELLINGS:
            return None
        if re.search(r"\bmodules?\b", mention.around) and re.fullmatch(r"(?:[A-Z][a-z0-9]+){2,}", word):
            hint = near(word, [ending for ending in self._index.by_ending if "." not in ending])
            return refuted("symbol", mention, f"there is no module {word}", hint) if hint else None
        return None

    def _local(self, match: re.Match[str], mention: Mention) -> Ref | None:
        """Judge `name/arity` without a module, which may be of any: refuted when there is one of another arity."""
        name, arity = match["name"], int(match["arity"])
        if self._index.missing:
            return None
        typed = any(arity in module.types.get(name, ()) for module in self._index.modules.values())
        if match["sort"] == "t:":
            return proved("symbol", mention, f"{name}/{arity} is there") if typed else None
        arities = self._index.functions.get(name, {})
        if arity in arities:
            return proved("symbol", mention, f"{arities[arity]}.{name}/{arity} is there")
        if typed:
            return proved("symbol", mention, f"there is a type {name}/{arity}")
        if name in COMMON_FUNCTIONS or name in self._index.erlang_words:
            return None
        if not arities:
            told = tells_of_now(mention.location.path) and self._index.whole and name not in self._index.words
            return refuted("symbol", mention, f"no source has the word {name}") if told else None
        if any(module.doubt and name in module.functions for module in self._index.modules.values()):
            return unchecked("symbol", mention, f"{name}/{arity} may be made while the project is compiled")
        return refuted("symbol", mention, f"there is no {name}/{arity}", nearest_arities(arities, name))

    def _key(self, app: str, key: str, mention: Mention) -> Ref | None:
        """Judge a configuration key of an application of the project."""
        if key in self._index.atoms:
            return proved("key", mention, f"the sources have :{key}")
        if not self._index.whole or _EXAMPLE.search(mention.around):
            return unchecked(
                "key", mention, f"no source that was read has :{key}, or the sentence speaks of an example"
            )
        likely = [each for each in self._index.atoms if abs(len(each) - len(key)) < 4]
        return refuted("key", mention, f"no source has a key :{key} of :{app}", near(key, sorted(likely)))

    def _atom(self, name: str, mention: Mention) -> Ref | None:
        """Judge an atom that the text around it says to name a table, flag, process or the like."""
        if not _NAMING.search(mention.around):
            return None
        if name in self._index.atoms:
            return proved("atom", mention, f"the sources have :{name}")
        if not self._index.whole:
            return unchecked("atom", mention, "the project has more Elixir than is read")
        if name in COMMON_ATOMS:
            return None
        if _EXAMPLE.search(mention.around):
            return unchecked("atom", mention, f"no source has :{name}, but the sentence may speak of an example")
        likely = [each for each in self._index.atoms if abs(len(each) - len(name)) < 4]
        return refuted("atom", mention, f"no source has the atom :{name}", near(name, sorted(likely)))


def _has(module: Module, name: str, arity: int | None, kind: str) -> bool:
    if not kind and arity is None and name in module.fields:
        return True
    tables = _tables(module, kind)
    if not kind and arity is None:
        tables = [*tables, module.types]
    return any(name in table and (arity is None or arity in table[name]) for table in tables)


def _tables(module: Module, kind: str) -> list[Arities]:
    return {"t": [module.types], "c": [module.callbacks]}.get(kind, [module.functions, module.callbacks])


def _privacy(module: Module, name: str) -> str:
    return ", private to its module" if name in module.private else ""


def count_given(written: str) -> int | None:
    """Return how many arguments are written between brackets; None when that is not told.

    Example:
        >>> count_given("(:a, [1, 2], key: 1)"), count_given("(...)"), count_given("()")
        (3, None, None)
    """
    inner = written.strip()[1:-1].strip()
    if not inner or "..." in inner or "…" in inner or "<" in inner:
        return None
    pieces = list(_pieces(inner))
    keywords = [piece for piece in pieces if re.match(r"\s*[a-z_]\w*[?!]?:\s", piece)]
    return len(pieces) - max(len(keywords) - 1, 0)


def _pieces(text: str) -> Iterator[str]:
    depth, start, quote = 0, 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]
