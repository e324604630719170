"""From the bytes of one file to what the rules say about it."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from overt.lint.collect import Collector
from overt.lint.frames import ENTRY
from overt.lint.names import CONTAINERS, WEAK_CONTAINERS
from overt.lint.paths import is_test_file as is_test_file
from overt.lint.results import Allowance, Container, Examined, Foreign, Hit, Settings
from overt.model.tuples import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.records import Fact, Site

LARGEST = 4_000_000
"""Bytes above which a file is not parsed: the syntax tree of it would take hundreds of megabytes."""
TOO_DEEP = "is nested too deeply to be checked"

_LITERAL = frozenset({ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.BinOp, ast.BoolOp})
_ENTRY_FILES = frozenset({"__main__.py", "manage.py", "setup.py", "conf.py", "noxfile.py", "conftest.py", "wsgi.py"})


def examine(source: bytes, path: str, settings: Settings) -> Examined:
    """Apply every rule to one file.

    Args:
        source: Its bytes.
        path: Its path, for what depends on it (tests, entry points, stubs).
        settings: What the rules may ask about the project.

    Returns:
        What was found, or why it could not be checked: bad source never raises.

    Example:
        >>> [hit.code for hit in examine(b"import threading\\nx = threading.local()\\n", "a.py", Settings()).hits]
        ['OV101']
    """
    lines = source.count(b"\n") + (not source.endswith(b"\n") and bool(source))
    if len(source) > LARGEST:
        return Examined(lines=lines, problem=f"has {len(source):,} bytes; at most {LARGEST:,} are parsed")
    if path.endswith((".ex", ".exs")):
        return _examine_elixir(source, path, settings, lines)
    try:
        tree = parse(source, path)
    except SyntaxError as error:
        return Examined(lines=lines, problem=_unparsed(source, error), problem_line=error.lineno or 0)
    except (ValueError, LookupError) as error:
        return Examined(lines=lines, problem=f"cannot be parsed: {error}")
    except (RecursionError, MemoryError):
        return Examined(lines=lines, problem="is nested too deeply to be parsed")
    try:
        return _examine_tree(tree, source, path, settings, lines)
    except RecursionError:
        return Examined(lines=lines, problem=TOO_DEEP)
    except Exception as error:  # noqa: BLE001  # one file must not hide the findings of all others
        return Examined(lines=lines, problem=_our_fault(error))


def _examine_tree(tree: ast.Module, source: bytes, path: str, settings: Settings, lines: int) -> Examined:
    forbidden = _forbidden(tree, path, source, settings)
    facts = Found() if path.endswith(".pyi") else find_facts(tree, path)
    columns = _Columns(source)
    hits = _judged(facts.facts, settings, columns)
    return Examined(
        (*hits, *forbidden),
        lines,
        _allowances(source),
        foreign=tuple(each._replace(column=columns.of(each.line, each.column)) for each in facts.foreign),
        containers=tuple(
            each._replace(column=columns.of(each.line, each.column))
            for each in _filled(facts.containers, facts.fillers, hits)
        ),
        exports=facts.exports,
        imports=facts.imports,
    )


def _filled(containers: Sequence[Container], fillers: Mapping[str, str], hits: Sequence[Hit]) -> Sequence[Container]:
    """Return containers with who fills them, where the finding would fail a run."""
    if not fillers:
        return containers
    failing = {hit.symbol for hit in hits if hit.code == "OV202" and hit.severity != "note"}
    return [
        each._replace(fillers=fillers[each.name]) if each.name in fillers and each.name in failing else each
        for each in containers
    ]


def _unparsed(source: bytes, error: SyntaxError) -> str:
    from overt.lint.newer import needed_version

    needed = needed_version(source, error.lineno or 0)
    return f"cannot be parsed: {error.msg}" + (f"; it needs Python {needed} or newer" if needed else "")


def _forbidden(tree: ast.Module, path: str, source: bytes, settings: Settings) -> Sequence[Hit]:
    if not settings.banned:
        return ()
    from overt.lint.banned import as_hits, concerning, find_banned

    banned = concerning(settings.banned, path, source, "python")
    return as_hits(find_banned(tree, banned), banned, _Columns(source)) if banned else ()


def _examine_elixir(source: bytes, path: str, settings: Settings, lines: int) -> Examined:
    from overt.lint.elixir import examine as elixir

    try:
        root = elixir.parse(source)
    except ImportError:
        return Examined(lines=lines, problem=elixir.NEEDS)
    except elixir.ElixirSyntaxError as error:
        return Examined(lines=lines, problem="cannot be parsed: invalid syntax", problem_line=error.line)
    try:
        return _examine_parsed_elixir(root, source, path, settings, lines)
    except elixir.TooDeepError:
        return Examined(lines=lines, problem=TOO_DEEP)
    except Exception as error:  # noqa: BLE001  # one file must not hide the findings of all others
        return Examined(lines=lines, problem=_our_fault(error))


def _examine_parsed_elixir(root: object, source: bytes, path: str, settings: Settings, lines: int) -> Examined:
    from overt.lint.elixir import examine as elixir

    allowed = elixir.allowances(root) if b"overt: allow" in source else ()
    forbidden: Sequence[Hit] = ()
    if settings.banned:
        from overt.lint.banned import as_hits, concerning

        banned = concerning(settings.banned, path, source, "elixir")
        forbidden = as_hits(elixir.find_banned(root, banned), banned) if banned else ()
    return Examined((*_judged(elixir.find_facts(root), settings, _Columns(source)), *forbidden), lines, allowed)


def _our_fault(error: Exception) -> str:
    return f"overt failed on it ({type(error).__name__}: {error}); please report it"


def _allowances(source: bytes) -> tuple[Allowance, ...]:
    if b"overt: allow" not in source:
        return ()
    from overt.lint.inline import read_allowances

    return read_allowances(source)


def parse(source: bytes, path: str) -> ast.Module:
    """Return the syntax tree of a file; what the compiler would warn about is not our concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = compile(source, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


class Found(NamedTuple):
    """What there is in a module.

    Args:
        facts: What there is to judge.
        foreign: What may concern containers of other modules; columns count bytes.
        containers: The containers that it makes; columns count bytes.
        exports: Of a package, the names that it takes from modules, and which.
        fillers: Of containers that may be filled at import only: who changes them.
        imports: All that it imports, see `Examined`.
    """

    facts: Sequence[Fact] = ()
    foreign: Sequence[Foreign] = ()
    containers: Sequence[Container] = ()
    exports: tuple[tuple[str, str], ...] = ()
    fillers: Mapping[str, str] = MappingProxyType({})
    imports: str = ""


def find_facts(tree: ast.Module, path: str) -> Found:
    """Return what there is to judge in a module."""
    seen = Collector()
    *folders, name = path.split("/")
    seen.folders = frozenset(folders)
    if name in _ENTRY_FILES:
        seen.traits = ENTRY
    seen.collect(tree)
    found = _resolved(seen, tree)._replace(imports=_imports(seen.taken))
    if name == "__init__.py":
        found = found._replace(exports=_exports(seen))
    seen.release()
    if not found.facts or not is_test_file(path):
        return found
    return found._replace(facts=[fact._replace(traits=fact.traits | {"test"}) for fact in found.facts])


def _imports(taken: Sequence[str]) -> str:
    known = sys.stdlib_module_names
    return " ".join(dict.fromkeys(dotted for dotted in taken if dotted.partition(".")[0] not in known))


def _exports(seen: Collector) -> tuple[tuple[str, str], ...]:
    stars = (("*", module) for module in reversed(seen.stars))
    named = seen.module.imports.items()
    return tuple((name, d) for name, d in (*named, *stars) if d.partition(".")[0] not in sys.stdlib_module_names)


def _resolved(seen: Collector, tree: ast.Module) -> Found:
    containers = _containers(seen)
    if not (seen.found or seen.module.events or seen.handed or any(info.events for info in seen.classes)):
        return Found(containers=containers)
    from overt.lint.resolve import Resolver

    resolver = Resolver(seen, tree)
    return Found(resolver.facts(), resolver.foreign, containers, fillers=resolver.gathering.fillers)


_MADE_BY_CALL = frozenset(name.rpartition(".")[2] for name in CONTAINERS | WEAK_CONTAINERS)


def _containers(seen: Collector) -> list[Container]:
    """Return the containers of a module, for what other modules do to them."""
    found: list[Container] = []
    for name, bindings in seen.module.bound.items():
        if name == "__all__":
            continue
        for value, node in bindings:
            kind = value.__class__
            if kind in _LITERAL or (
                kind is ast.Call and (getattr(value.func, "id", "") or getattr(value.func, "attr", "")) in _MADE_BY_CALL  # type: ignore[union-attr]
            ):
                from overt.lint import kinds

                what, made = kinds.Kinds(seen).of_value(value)
                if what in {kinds.CONTAINER, kinds.WEAK}:
                    line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
                    found.append(Container(name, line, column, made, what == kinds.WEAK))
                    break
    return found


def _judged(facts: Sequence[Fact], settings: Settings, columns: _Columns) -> tuple[Hit, ...]:
    if not facts:
        return ()
    from overt.lint.rules import rule_for

    hits = []
    for fact in facts:
        rule = rule_for(fact.code)
        judgement = rule.judge(fact, settings)
        if judgement is None:
            continue
        sites = [site for site in fact.sites if (site.line, site.column) != (fact.line, fact.column)]
        hits.append(
            Hit(
                fact.code,
                judgement.severity.value,
                rule.message(judgement.found),
                fact.line,
                columns.of(fact.line, fact.column),
                fact.scope,
                fact.symbol,
                max(1, len(fact.sites)),
                tuple((site.line, columns.of(site.line, site.column), _told(site)) for site in sites),
            )
        )
    return tuple(hits)


def _told(site: Site) -> str:
    return f"{site.action} in {site.function}" if site.function else site.action


class _Columns:
    """Turns the compiler's columns, which count UTF-8 bytes, into characters."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._plain = source.isascii()
        self._lines: list[bytes] = []

    def of(self, line: int, column: int) -> int:
        if self._plain or column < 2:
            return column
        if not self._lines:
            self._lines = decoded(self._source).encode("utf-8", "surrogatepass").split(b"\n")
        text = self._lines[line - 1] if line <= len(self._lines) else b""
        return len(text[: column - 1].decode("utf-8", "replace")) + 1


def decoded(source: bytes) -> str:
    """Return the text of a source file in the encoding that it declares (PEP 263)."""
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding, "replace")
    except (SyntaxError, LookupError, UnicodeError):
        text = source.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
