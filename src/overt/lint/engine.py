"""The check: files in, report out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from overt.lint.many import examine_all, examine_one
from overt.lint.report import Found, Report, Seen, Unreadable, in_order
from overt.lint.results import Banned, Examined, Hit, Settings
from overt.lint.rules import OFF, all_codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.cache import Cache
    from overt.lint.protocols import BannedEntry, LintSettings, PathEntry
    from overt.model.finding import Finding

SUFFIXES = (".py", ".pyi", ".ex", ".exs")


def check(
    root: Path,
    files: Sequence[str],
    settings: LintSettings,
    *,
    today: str = "",
    ratchet: bool = True,
    whole: bool = True,
    cache: Cache | None = None,
    sources: Mapping[str, bytes] | None = None,
    workers: int = 1,
    project: Callable[[], Sequence[str]] | None = None,
) -> Report:
    """Check files for hidden state.

    Args:
        root: The project's folder.
        files: Files to look at, relative to the root, POSIX; those that are neither Python nor Elixir are passed over.
        settings: The settings; a `campaign.HiddenState`, or anything with the same attributes.
        today: The day to hold dates against, YYYY-MM-DD; the present day in UTC when empty.
        ratchet: Whether to hold findings against the ratchet file of the settings, when it is there.
        whole: Whether the files are the whole project: only then is an allowance that matches nothing a finding.
        cache: Where results are kept; None keeps nothing.
        sources: What is in files that are not to be read, as in an editor that has not saved them.
        workers: How many processes may examine files, this one included; more than one only when there is much to do.
        project: Gives the files of the whole project; asked only when `files` are not all of them, and how much a
            finding matters depends on the others. Without it such a finding keeps its severity.

    Returns:
        Every finding with its standing, and every file that could not be checked.

    Raises:
        OvertError: A setting names no rule, or the ratchet file cannot be read.
    """
    codes = selected(settings.select, settings.ignore)
    version = read_version(settings.target_version)
    day = today or time.strftime("%Y-%m-%d", time.gmtime())
    wanted = _wanted(files, settings.exclude)
    asked = Settings(version, read_banned(settings.banned))
    examined = examine_all(root, wanted, asked, cache, sources or {}, workers)
    unreadable = tuple(Unreadable(p, e.problem, e.problem_line) for p, e in examined.items() if e.problem)
    readable = {path: result for path, result in examined.items() if not result.problem}
    others = (lambda: wanted) if whole else _others(project, settings.exclude)
    if "OV202" in codes and others is not None:
        readable = _with_fillers(root, readable, others, asked, cache, sources or {}, workers)
    codes_of = _by_path(codes, settings.paths) if settings.paths else None
    findings = _seen(readable, codes, codes_of, settings.rule_url)
    more, elsewhere = _between_modules(root, readable, asked, cache, settings.rule_url)
    findings += [seen for seen in more if seen.rule in (codes if codes_of is None else codes_of(seen.path))]
    if settings.allow or elsewhere or any(result.allowances for result in readable.values()):
        from overt.lint.allow import allowed_elsewhere, apply_allowances

        findings = apply_allowances(findings, readable, settings.allow, codes=codes, today=day, whole=whole)
        findings = allowed_elsewhere(findings, elsewhere, day)
    lines, hits = sum(result.lines for result in readable.values()), cache.hits if cache is not None else 0
    told = in_order(findings), len(readable), lines, unreadable, tuple(sorted(codes)), hits, whole, settings.rule_url
    report = Report(*told, left_out=sum(name.endswith(SUFFIXES) for name in files) - len(wanted))
    if cache is not None:
        cache.close()
    return _held(root, report, settings, day, wanted) if ratchet else report


def _others(project: Callable[[], Sequence[str]] | None, exclude: Sequence[str]) -> Callable[[], Sequence[str]] | None:
    return (lambda: _wanted(project(), exclude)) if project is not None else None


def _seen(
    readable: Mapping[str, Examined],
    codes: frozenset[str],
    codes_of: Callable[[str], frozenset[str]] | None,
    rule_url: str,
) -> list[Seen]:
    """Return the findings of rules that are asked for where they are."""
    return [
        Seen(Found(hit, path, rule_url), places=hit.places)
        for path, result in readable.items()
        for hit in result.hits
        if hit.code in (codes if codes_of is None else codes_of(path))
    ]


def _with_fillers(
    root: Path,
    readable: dict[str, Examined],
    others: Callable[[], Sequence[str]],
    asked: Settings,
    cache: Cache | None,
    sources: Mapping[str, bytes],
    workers: int,
) -> dict[str, Examined]:
    """Return the results with notes for containers that only imports fill."""
    if not any(each.fillers for result in readable.values() for each in result.containers):
        return readable
    from overt.lint.fillers import Project, filled_at_import

    return filled_at_import(Project(root, readable, others, asked, cache, sources, workers))


def _between_modules(
    root: Path, readable: Mapping[str, Examined], asked: Settings, cache: Cache | None, rule_url: str
) -> tuple[list[Seen], dict[str, Examined]]:
    """Return what one module changes in another, and the files beyond those asked for that this was seen in."""
    if not any(result.foreign for result in readable.values()):
        return [], {}
    from overt.lint.foreign import foreign_findings

    return foreign_findings(root, readable, asked, lambda path: examine_one(root, path, asked, cache), rule_url)


def _held(root: Path, report: Report, settings: LintSettings, day: str, scanned: Sequence[str]) -> Report:
    path = root / settings.ratchet
    if not settings.ratchet or not path.is_file():
        return report
    from overt.lint.ratchet import compare, read_ratchet

    return compare(report, read_ratchet(path, settings.ratchet), today=day, root=root, scanned=scanned)


def _wanted(files: Iterable[str], exclude: Sequence[str]) -> list[str]:
    names = [name for name in files if name.endswith(SUFFIXES)]
    if not exclude:
        return names
    from overt.system.files import matches

    return [name for name in names if not matches(name, exclude)]


def module_name(path: str) -> str:
    """Return the dotted name of the module in a file.

    Example:
        >>> module_name("src/shop/cart.py"), module_name("shop/__init__.py")
        ('shop.cart', 'shop')
    """
    parts = path.rsplit(".", 1)[0].split("/")
    if "src" in parts[:-1]:
        parts = parts[len(parts) - parts[::-1].index("src") :]
    elif parts[0] == "lib" and len(parts) > 1:
        parts = parts[1:]
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(part for part in parts if part not in {"", ".", ".."})


def scope_of(hit: Hit, path: str) -> str:
    """Return the dotted name of the module, class or function that a hit is in."""
    module = module_name(path)
    return f"{module}.{hit.scope}" if hit.scope else module


def as_finding(hit: Hit, path: str, rule_url: str = "", home: str = "") -> Finding:
    """Return a hit as the finding that other rooms know; `home` is the file of its first further place."""
    from overt.model.finding import Finding, Related, Severity
    from overt.model.location import Location

    near = [Related(Location(path, line, column), text) for line, column, text in hit.related]
    if home:
        near[0] = Related(Location(home, near[0].location.line, near[0].location.column), near[0].message)
    return Finding(
        hit.code,
        hit.message,
        Location(path, hit.line, hit.column),
        Severity(hit.severity),
        scope_of(hit, path),
        hit.symbol,
        related=tuple(near),
        url=rule_url.replace("{rule}", hit.code),
    )


def selected(select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """Return the codes to apply.

    Args:
        select: Codes or beginnings of codes; all when empty.
        ignore: Codes or beginnings of codes to leave out.

    Raises:
        OvertError: One of them fits no rule.

    Example:
        >>> sorted(selected(["OV30"], ["OV302"]))
        ['OV301', 'OV304']
    """
    known = all_codes()
    for given in (*select, *ignore):
        if not given or not any(code.startswith(given) for code in known):
            from overt.model.errors import OvertError
            from overt.system.text import did_you_mean

            raise OvertError(f"there is no rule {given!r}", hint=did_you_mean(given, known))
    chosen = [code for code in known if not select or code.startswith(tuple(select))]
    chosen = [code for code in chosen if code not in OFF or code in select]
    return frozenset(code for code in chosen if not ignore or not code.startswith(tuple(ignore)))


def _by_path(codes: frozenset[str], entries: Sequence[PathEntry]) -> Callable[[str], frozenset[str]]:
    """Return which rules apply to a file: later entries count more."""
    from overt.system.files import matches

    chosen = [
        (entry.files, selected(entry.select, ()) if entry.select else None, dropped(entry.ignore)) for entry in entries
    ]

    def codes_of(path: str) -> frozenset[str]:
        applied = codes
        for files, only, without in chosen:
            if matches(path, files):
                applied = (applied if only is None else only) - without
        return applied

    return codes_of


def dropped(ignore: Sequence[str]) -> frozenset[str]:
    """Return the codes that some codes or beginnings of codes leave out.

    Raises:
        OvertError: One of them fits no rule.
    """
    return frozenset(all_codes()) - selected(all_codes(), ignore) if ignore else frozenset()


def read_banned(entries: Sequence[BannedEntry]) -> tuple[Banned, ...]:
    """Return what a project forbids itself as plain values."""
    return tuple(Banned(e.pattern, e.message, e.instead, e.language, e.severity, tuple(e.allow)) for e in entries)


def read_version(text: str) -> tuple[int, int]:
    """Return a Python version as numbers; (0, 0) when nothing is given.

    Raises:
        OvertError: It is not a version such as `3.11`.

    Example:
        >>> read_version("3.14"), read_version("py313")
        ((3, 14), (3, 13))
    """
    if not text:
        return (0, 0)
    bare = text.removeprefix("py")
    major, dot, minor = bare.partition(".") if "." in bare else (bare[:1], ".", bare[1:])
    if not (dot and major.isdigit() and minor.isdigit()):
        from overt.model.errors import OvertError

        raise OvertError(f"{text!r} is not a version of Python", hint="write it as 3.11")
    return int(major), int(minor)
