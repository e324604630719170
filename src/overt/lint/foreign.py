"""What one file does to the containers of another: the second pass, over what all files came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from overt.lint.paths import is_test_file
from overt.lint.records import Fact, Site
from overt.lint.report import Found, Seen
from overt.lint.results import Container, Examined, Foreign, Hit, Settings
from overt.lint.rules import rule_for

CODE = "OV202"

Read = Callable[[str], Examined]


class Modules:
    """Finds the file that a dotted name lives in, as the import system would from the file that imports it.

    Args:
        root: The project's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[tuple[str, str], str] = {}
        self._is_package: dict[str, bool] = {}

    def home(self, path: str, dotted: str) -> str:
        """Return the file that a dotted name is defined in; empty when it is none of the project's.

        Args:
            path: The file that imports it.
            dotted: Module and name; with leading dots when the import is relative.
        """
        module = dotted.rpartition(".")[0] if dotted.strip(".").count(".") else dotted[: -len(dotted.lstrip("."))]
        folder = path.rpartition("/")[0]
        key = (folder, module)
        if key not in self._known:
            self._known[key] = self._find(folder, module)
        return self._known[key]

    def _find(self, folder: str, module: str) -> str:
        bare = module.lstrip(".")
        level = len(module) - len(bare)
        if level:
            around = folder.split("/") if folder else []
            if level - 1 > len(around):
                return ""
            return self._file("/".join(around[: len(around) - level + 1]), bare)
        return next((found for base in self._bases(folder) if (found := self._file(base, bare))), "") if bare else ""

    def _bases(self, folder: str) -> Iterator[str]:
        """Yield the folders that absolute imports begin in: those around a file that are no packages, and `src`."""
        while folder:
            if not self._packaged(folder):
                yield folder
            folder = folder.rpartition("/")[0]
        yield from ("", "src", "lib")

    def _packaged(self, folder: str) -> bool:
        if folder not in self._is_package:
            self._is_package[folder] = (self._root / folder / "__init__.py").is_file()
        return self._is_package[folder]

    def _file(self, base: str, module: str) -> str:
        stem = "/".join(part for part in (base, *module.split(".")) if part)
        names = [f"{stem}.py", f"{stem}/__init__.py"] if module else [f"{stem}/__init__.py".lstrip("/")]
        return next((name for name in names if (self._root / name).is_file()), "")


def foreign_findings(
    root: Path, examined: Mapping[str, Examined], settings: Settings, read: Read, rule_url: str = ""
) -> tuple[list[Seen], dict[str, Examined]]:
    """Return a finding for each container of another module that the functions of a file change.

    Args:
        root: The project's folder.
        examined: What each file that is checked came to.
        settings: What rules may ask about the project.
        read: Gives what a file came to that is not among those that are checked.
        rule_url: Address of the page of a rule.

    Returns:
        The findings, and the files beyond those checked that were read for them.
    """
    modules, found, more = Modules(root), [], dict[str, Examined]()

    def known(path: str) -> Examined:
        if path not in examined and path not in more:
            more[path] = read(path)
        return examined[path] if path in examined else more[path]

    for path, result in examined.items():
        if not result.foreign or is_test_file(path):
            continue
        grouped: dict[tuple[str, str], list[Foreign]] = {}
        for each in result.foreign:
            home = modules.home(path, each.target)
            if home and home != path:
                grouped.setdefault((home, each.target.rpartition(".")[2]), []).append(each)
        for (home, name), sites in grouped.items():
            origin, container = _origin(home, name, modules, known)
            if container is not None and origin != path:
                seen = _seen(path, origin, container, sites, settings, rule_url)
                found += [seen] if seen is not None else []
    return found, more


_LONGEST_WAY = 5


def _origin(home: str, name: str, modules: Modules, known: Read) -> tuple[str, Container | None]:
    """Return the file that makes a container and the container, followed through the packages that pass it on."""
    ways = [(home, name)]
    for _ in range(_LONGEST_WAY):
        further = []
        for file, wanted in ways:
            target = known(file)
            made = next((each for each in target.containers if each.name == wanted), None)
            if made is not None:
                return file, made
            for exported, dotted in target.exports:
                if exported in {wanted, "*"}:
                    whole = dotted if exported != "*" else f"{dotted.rstrip('.')}.{wanted}" if dotted.strip(".") else ""
                    place = modules.home(file, whole) if whole else ""
                    further += [(place, whole.rpartition(".")[2])] if place else []
        ways = further
    return home, None


def _seen(
    path: str, home: str, container: Container, sites: list[Foreign], settings: Settings, rule_url: str
) -> Seen | None:
    from overt.lint.engine import module_name

    places = tuple(sorted({Site(s.line, s.column, s.function, s.action, s.traits, s.sort) for s in sites}, key=_place))
    first = places[0]
    traits = frozenset({"weak"}) if container.weak else frozenset[str]()
    symbol = f"{module_name(home)}.{container.name}"
    rule = rule_for(CODE)
    judgement = rule.judge(Fact(CODE, symbol, "", first.line, first.column, places, container.made, traits), settings)
    if judgement is None:
        return None
    near = [(container.line, container.column, "it is made here")]
    near += [(s.line, s.column, f"{s.action} in {s.function}") for s in places[1:]]
    message, severity = rule.message(judgement.found), judgement.severity.value
    hit = Hit(CODE, severity, message, first.line, first.column, "", symbol, len(places), tuple(near))
    return Seen(Found(hit, path, rule_url, home), places=len(places))


def _place(site: Site) -> tuple[int, int]:
    return site.line, site.column
