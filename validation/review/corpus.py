"""Releases of well-known projects, turned into repositories: one branch of small commits a release."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .repository import Repository

PROJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "structlog": ("24.1.0", "24.2.0", "24.4.0", "25.1.0", "25.2.0", "25.3.0", "25.4.0", "25.5.0"),
    "click": ("8.1.6", "8.1.7", "8.1.8", "8.2.1", "8.3.0", "8.3.1", "8.3.2", "8.3.3"),
    "starlette": ("0.46.0", "0.46.1", "0.46.2", "0.47.1", "0.47.2", "0.47.3", "0.48.0", "0.49.1"),
}
"""The releases, oldest first: the first of each is what the others begin from."""
_ONLY_IN_ARCHIVES: Final = ("PKG-INFO", ".git_archival.txt")


class Unavailable(Exception):
    """The package index does not give what the corpus is made of."""


@dataclass(frozen=True, slots=True)
class Part:
    """One commit of the corpus.

    Args:
        name: Project, release, and which part of the release.
        root: The repository.
        span: The range to review.
    """

    name: str
    root: Path
    span: str


def _fetch(project: str, version: str, folder: Path) -> Path:
    wanted = f"{project}=={version}"
    pip = (sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--no-binary", project, wanted)
    done = subprocess.run([*pip, "--dest", folder], check=False, capture_output=True, text=True, cwd=folder)
    found = sorted(folder.glob(f"{project}-{version}.tar.gz"))
    if done.returncode or not found:
        raise Unavailable(f"{wanted}: {done.stderr.strip()[-300:]}")
    return found[0]


def fetch(folder: Path, projects: Mapping[str, Sequence[str]] = PROJECTS) -> dict[str, list[Path]]:
    """Download the source archives, two at a time.

    Args:
        folder: Where they are put.
        projects: Releases by project.

    Raises:
        Unavailable: The package index does not give one.
    """
    with ThreadPoolExecutor(2) as pool:
        asked = {
            project: [pool.submit(_fetch, project, version, folder) for version in versions]
            for project, versions in projects.items()
        }
        return {project: [future.result() for future in futures] for project, futures in asked.items()}


def _is_docs(name: str) -> bool:
    return name.startswith("docs/") and name.endswith((".md", ".rst", ".py", ".txt", ".png", ".svg", ".css"))


def _is_code(name: str) -> bool:
    code = name.startswith(("src/", "starlette/", "tests/"))
    return code or name.lower().startswith(("changes", "changelog")) or name == "docs/release-notes.md"


def _is_source(name: str) -> bool:
    return name.startswith(("src/", "starlette/"))


PARTS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("docs", lambda name: _is_docs(name) and not _is_code(name)),
    ("code", _is_code),
    ("project", lambda name: not _is_docs(name) and not _is_code(name)),
)
"""How a release is cut into commits: its documents, its code with tests and changelog, and everything else."""


def _unpack(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    release = folder / archive.name.removesuffix(".tar.gz")
    for name in _ONLY_IN_ARCHIVES:
        (release / name).unlink(missing_ok=True)
    return release


def _names(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return {path.relative_to(folder).as_posix() for path in files if ".git" not in path.relative_to(folder).parts}


def _bring(repository: Repository, release: Path, chosen: Callable[[str], bool], message: str) -> bool:
    """Bring some files of a release into the work tree, and commit; False when that changes nothing."""
    for name in filter(chosen, _names(repository.root) - _names(release)):
        (repository.root / name).unlink()
    for name in filter(chosen, _names(release)):
        place = repository.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(release / name, place, follow_symlinks=False)
    repository.git("add", "-A", "-f")
    if not repository.git("status", "--porcelain"):
        return False
    repository.commit_index(message)
    return True


def build(project: str, archives: Sequence[Path], folder: Path, *, whole: bool) -> Iterator[Part]:
    """Make the repository of a project, and yield its commits, each while it is checked out.

    The source of a release alone, without its tests, is a commit beside the others: on a branch of its own.

    Args:
        project: Its name.
        archives: Its releases, oldest first.
        folder: Where the repository and the unpacked releases are put.
        whole: Whether to yield each release as one change, too.
    """
    repository = Repository(folder / project)
    releases = [_unpack(archive, folder / "unpacked") for archive in archives]
    _bring(repository, releases[0], lambda _: True, releases[0].name)
    for release in releases[1:]:
        before = repository.git("rev-parse", "HEAD")
        for part, chosen in PARTS:
            if _bring(repository, release, chosen, f"{release.name}: {part}"):
                yield Part(f"{release.name} {part}", repository.root, _span(repository, "HEAD~1"))
        if whole:
            yield Part(f"{release.name} whole", repository.root, _span(repository, before))
        repository.git("checkout", "-q", "-b", f"source-{release.name}", before)
        if _bring(repository, release, _is_source, f"{release.name}: source"):
            yield Part(f"{release.name} source", repository.root, _span(repository, before))
        repository.git("checkout", "-q", "main")


def _span(repository: Repository, base: str) -> str:
    return "...".join(repository.git("rev-parse", name) for name in (base, "HEAD"))
