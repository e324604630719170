"""What one file does to the containers of another: the second pass, over what all files came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from overt.lint.modules import Modules
from overt.lint.paths import is_test_file
from overt.lint.records import Fact, Site
from overt.lint.report import Found, Seen
from overt.lint.results import Container, Examined, Foreign, Hit, Settings
from overt.lint.rules import rule_for

CODE = "OV202"

Read = Callable[[str], Examined]


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
