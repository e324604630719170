"""Builds the site: in a workshop, inspected, then put into place. Nothing of the project runs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from overt.campaign.loading import Loaded, load
from overt.model import Exit, OvertError, Problem, Problems, State
from overt.site import versions
from overt.site.collect import Collected
from overt.site.configuration import overt_plugin, site_config
from overt.site.fingerprint import contents
from overt.site.inputs import SiteInputs
from overt.site.inspect import Inspection, inspect
from overt.site.messages import quiet_mkdocs
from overt.site.moment import now_ns
from overt.site.pages.status import states
from overt.site.place import may_replace, replace, workshop
from overt.site.unchanged import Remembered, find, keep, key_of, until
from overt.system.files import project_files


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build.

    Args:
        output: Folder of the site.
        inspection: What was seen in it.
        states: States of the claims and required suites.
        problems: What does not hold and is visible on the pages; empty after a strict build.
        warnings: What mkdocs and its plugins complained about.
        duration_ns: Time taken, nanoseconds.
        unheld: States of the claims, and of what documents state, that do not hold.
        unchanged: Whether nothing that it is made from has changed, so that the site was left as it is.
    """

    output: Path
    inspection: Inspection
    states: tuple[State, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    duration_ns: int
    unheld: tuple[State, ...] = ()
    unchanged: bool = False


def _unheld(inputs: SiteInputs) -> tuple[State, ...]:
    stated = [verdict.state for _, verdict in inputs.claims.values()] + [one.state for one in inputs.links]
    return tuple(state for state in stated if state is not State.PROVED)


def _expected(config: MkDocsConfig) -> dict[str, str]:
    """One text from every generated page, at the file that it becomes."""
    from mkdocs.structure.files import File

    wanted: dict[str, str] = {}
    for path in overt_plugin(config).generated:
        file = File(path, config.docs_dir, config.site_dir, config.use_directory_urls)
        wanted[file.dest_uri] = "<h1" if not path.startswith("code/") else "<"
    return wanted


def run_mkdocs(config: MkDocsConfig, lines: list[str], *, serve_url: str | None = None) -> None:
    """Let mkdocs build once.

    Args:
        config: Its configuration.
        lines: What it has complained about so far, as `quiet_mkdocs` gives it.
        serve_url: Address that the site is served at; None for a build to keep.

    Raises:
        Problems: Statements that do not hold, or warnings in strict mode.
    """
    try:
        mkdocs_build(config, serve_url=serve_url)
    except (Abort, MkDocsException) as error:
        collected = overt_plugin(config).collected
        stated = [str(problem) for problem in collected.problems] if collected else []
        others = [line for line in lines if line not in stated and "not hold; see above" not in line]
        held = list(collected.problems) if collected and any(line in lines for line in stated) else []
        problems = [*held, *map(Problem, others)] or [Problem(str(error))]
        raise Problems(problems, exit=Exit.REFUTED) from error


def build(
    root: Path,
    *,
    output: Path | None = None,
    strict: bool = True,
    loaded: Loaded | None = None,
    version: str = "",
) -> Built:
    """Build the site of a project.

    Args:
        root: Folder of the project.
        output: Folder to put the site in; the one of the campaign when None.
        strict: Whether statements that do not hold, and broken links, fail the build.
        loaded: The campaign; read when None.
        version: Name of the version that this site is of, put into a folder of that name; empty for no versions.

    Raises:
        Problems: The build failed; what was there before is untouched.
    """
    began = time.monotonic_ns()
    root = root.resolve()
    loaded = loaded or load(root, files=project_files(root))
    whole = (output or root / loaded.campaign.site.output).resolve()
    versions.check(whole, version)
    target = whole / version
    if not may_replace(target):
        raise OvertError(f"{target} is not a site and is not replaced", hint="choose another folder with --output")
    with workshop(target) as folder, quiet_mkdocs() as lines:
        empty, site = folder / "docs", folder / "site"
        empty.mkdir()
        config = site_config(root, site_dir=site, strict=strict, empty=empty, loaded=loaded)
        overt_plugin(config).version = version
        options = (f"strict {strict}", f"version {version}", f"target {target}")
        now = now_ns()
        key = key_of(root, config, target=target, now_ns=now, options=options)
        if (before := find(root, target, key, now)) is not None:
            return _as_before(before, target, began)
        seen = _built(config, lines, forbidden=(root, folder))
        replace(site, target)
    if version:
        versions.add(whole, version)
    collected = overt_plugin(config).collected
    assert collected is not None
    shown = {str(problem) for problem in collected.problems}
    built = Built(
        output=target,
        inspection=seen,
        states=tuple(states(collected.inputs)),
        problems=collected.problems,
        warnings=tuple(line for line in lines if line not in shown),
        duration_ns=time.monotonic_ns() - began,
        unheld=_unheld(collected.inputs),
    )
    _remember(root, built, collected, key=key, now_ns=now)
    return built


def _built(config: MkDocsConfig, lines: list[str], *, forbidden: tuple[Path, ...]) -> Inspection:
    """Let mkdocs build, and look at what came of it."""
    config.plugins.on_startup(command="build", dirty=False)
    try:
        run_mkdocs(config, lines)
    finally:
        config.plugins.on_shutdown()
    seen = inspect(Path(config.site_dir), expected=_expected(config), forbidden=forbidden)
    if seen.problems:
        raise Problems(seen.problems, exit=Exit.REFUTED)
    return seen


def _remember(root: Path, built: Built, collected: Collected, *, key: str, now_ns: int) -> None:
    until_ns = until(collected, now_ns)
    if key and until_ns is not None:
        remembered = Remembered(
            key=key,
            tree=contents([built.output]),
            until_ns=until_ns,
            inspection=built.inspection,
            states=built.states,
            problems=built.problems,
            warnings=built.warnings,
            unheld=built.unheld,
        )
        keep(root, built.output, remembered)


def _as_before(before: Remembered, target: Path, began: int) -> Built:
    """Return a build that had nothing to do."""
    return Built(
        output=target,
        inspection=before.inspection,
        states=before.states,
        problems=before.problems,
        warnings=before.warnings,
        duration_ns=time.monotonic_ns() - began,
        unheld=before.unheld,
        unchanged=True,
    )
