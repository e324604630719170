"""Builds the site of a reviewed commit, strictly, in a folder that is gone afterwards."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec

from overt.campaign.records import Campaign
from overt.model import State
from overt.review.context import Context
from overt.review.records import Outcome
from overt.review.said import counted
from overt.system.process import Completed, run_process

COMMAND: Final = "overt build"
_SECONDS: Final = 600.0
_BUILDERS: Final = frozenset({"mkdocs", "overt", "properdocs", "sphinx-build", "zensical"})
_ONLY_BUILDS: Final = frozenset({"sphinx-build"})
_RUN: Final = frozenset({".py", ".html", ".jinja", ".j2"})
"""Endings of hooks and of templates, which a build runs."""
_RUNNERS: Final = re.compile(
    r"^\s*-?\s*[\"']?(markdown-exec|macros|mkdocs-jupyter|mknotebooks|execute)\b", re.MULTILINE
)
"""Plugins that run code out of pages."""
_FOR_READERS: Final = frozenset(
    {
        "copyright",
        "edit_uri",
        "nav",
        "repo_name",
        "repo_url",
        "site_author",
        "site_description",
        "site_name",
        "site_url",
    }
)
"""Settings of mkdocs that name pages and say words; nothing of them is run."""
_REFUTED: Final = ("refuted", "conflict")


class _Told(msgspec.Struct):
    """What `overt build --no-strict --json` prints, as far as it matters here."""

    pages: int
    warnings: list[str]
    unheld: dict[str, int]


def builders(campaign: Campaign) -> list[str]:
    """Return the suites whose command builds the documentation.

    Args:
        campaign: What the project says of itself.
    """
    found = []
    for name, suite in campaign.suites.items():
        # Behind `uv run` or `python -m`, a builder is the third word.
        programs = {PurePosixPath(part).name for part in suite.command[:3]} & _BUILDERS
        if programs & _ONLY_BUILDS or (programs and "build" in suite.command):
            found.append(name)
    return found


def has_site(context: Context) -> bool:
    """Tell whether documents of a project become pages: it has a configuration of mkdocs, or a folder of documents."""
    names = context.changes.head_names
    return context.campaign.site.config in names or any(name.startswith("docs/") for name in names)


def _settings(text: bytes) -> dict[Any, Any]:
    """Return a configuration of mkdocs as plain text; empty when it cannot be read."""
    import yaml  # type: ignore[import-untyped]  # it comes without types, and so do its stubs here

    try:
        # Tags name what a build is to import; this loader makes plain text of them.
        document: Any = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes text of everything
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _words(value: object) -> Iterator[str]:
    """Yield the names and values of settings, without recursion: their depth is not ours."""
    waiting, seen = [value], set[int]()
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict | list) and id(found) not in seen:
            seen.add(id(found))
            waiting += [*found, *found.values()] if isinstance(found, dict) else found


def _deciding(settings: dict[Any, Any], text: str) -> str:
    """Return what of a configuration may say what is run: everything when it cannot be read, else no words for readers.

    Args:
        settings: The configuration.
        text: The same, as written.
    """
    if not settings:
        return text
    tags = re.findall(r"!\S+", text)
    return "\n".join([*_words({name: settings[name] for name in settings.keys() - _FOR_READERS}), *tags])


def kept_from(context: Context) -> str:
    """Return why the site is not built; empty when it may be.

    A build runs what the configuration of mkdocs names: hooks, plugins, templates. A change that alters what is run is
    built only when the caller says so.

    Args:
        context: What is reviewed.
    """
    if context.may_run == "nothing":
        return f"nothing may be run; by hand: {COMMAND}"
    if context.may_run == "all":
        return ""
    config, changes = context.campaign.site.config, context.changes
    if context.former is not None and context.former.site.config != config:
        return "the change names another configuration of mkdocs; overt review --run builds with it"
    text, settings = changes.head_text(config), {}
    deciding = {config}
    if text is not None:
        try:
            settings = _settings(text)
        except ModuleNotFoundError:
            return "PyYAML is not installed; pip install 'overt[site]'"
        parent = str(settings.get("INHERIT", ""))
        deciding |= {(PurePosixPath(config).parent / parent).as_posix()} if parent else set()
    touched = {name for file in changes.files for name in (file.path, file.old_path)} & deciding
    if touched:
        return (
            f"{min(touched)} says what a build runs, and the change alters it; overt review --run builds all the same"
        )
    said = _deciding(settings, (text or b"").decode("utf-8", "replace"))
    return _brought(context, PurePosixPath(config).parent, said)


def _brought(context: Context, folder: PurePosixPath, text: str) -> str:
    """Return which changed file a build runs because the configuration names it; empty when there is none."""
    if found := _RUNNERS.search(text):
        return f"the site runs what its pages hold ({found[1]}); overt review --run builds all the same"
    paths = [PurePosixPath(name) for file in context.changes.files for name in (file.path, file.old_path) if name]
    for path in (path for path in paths if path.suffix in _RUN):
        inside = path.relative_to(folder) if path.is_relative_to(folder) else path
        above = [str(parent) for parent in inside.parents if str(parent) not in {".", "docs", "src"}]
        module = ".".join(inside.with_suffix("").parts[1 if inside.parts[0] == "src" else 0 :])
        for name in (str(inside), *above, module):
            if re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w-])", text):
                return f"a build runs {path}, which the change alters; overt review --run builds all the same"
    return ""


def build_site(context: Context, folder: Path) -> Outcome:
    """Build the site of a project with our own builder and say whether a strict build would have held.

    Args:
        context: What is reviewed.
        folder: The project as it is after the change.
    """
    with tempfile.TemporaryDirectory(prefix="overt-review-site-") as place, tempfile.TemporaryFile() as errors:
        output = Path(place).resolve() / "site"
        # `-P` and a folder of our own: what lies in the project is not what is imported.
        argv = [sys.executable, "-P", "-m", "overt", "build", "-C", str(folder), "--color", "never"]
        argv += ["--no-strict", "--json", "--output", str(output)]
        done = run_process(
            argv,
            cwd=Path(place),
            env=context.environment or None,
            timeout=_SECONDS,
            output_limit=64_000_000,
            errors=errors,
        )
        errors.seek(0)
        return _judged(done, errors.read(100_000).decode("utf-8", "replace"), folder)


def _judged(done: Completed, said: str, folder: Path) -> Outcome:
    if done.timed_out or done.failure or done.exit_code not in {0, 1}:
        why = "ran out of time" if done.timed_out else done.failure or _first(said, folder) or "was ended from outside"
        return Outcome(State.UNCHECKED, f"the site could not be built: {why}")
    if done.exit_code == 1:
        return Outcome(State.REFUTED, f"the site cannot be built: {_first(said, folder)}")
    try:
        told = msgspec.json.decode(done.output, type=_Told)
    except msgspec.DecodeError as error:
        return Outcome(State.UNCHECKED, f"the builder said something else than a build: {error}")
    if told.warnings:
        shown = "; ".join(told.warnings[:3]).replace(f"{folder}/", "")
        return Outcome(State.REFUTED, f"a strict build fails on {counted(len(told.warnings), 'warning')}: {shown}")
    refuted = sum(told.unheld.get(state, 0) for state in _REFUTED)
    if refuted:
        return Outcome(State.REFUTED, f"a strict build fails on {refuted} statements that evidence refutes")
    if told.unheld:
        counts = ", ".join(f"{number} {state}" for state, number in sorted(told.unheld.items()))
        return Outcome(
            State.UNCHECKED, f"statements on the site lack evidence of this commit: {counts}; run: overt validate"
        )
    return Outcome(State.PROVED, f"a strict build makes {told.pages} pages", command=COMMAND)


def _first(said: str, folder: Path) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return " ".join(lines[:2]).replace(f"{folder}/", "").replace(str(folder), ".")[:500]
