"""Writes the same pages as plain Markdown, for any builder."""

from __future__ import annotations

from dataclasses import replace as replace_fields
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.structure.files import get_files

from overt.campaign.loading import Loaded, load
from overt.model import Exit, OvertError, Problem, Problems
from overt.site.configuration import site_config
from overt.site.footer import footer
from overt.site.licences import licences
from overt.site.paths import LICENCES, TRAINING
from overt.site.place import MADE_BY, replace, workshop
from overt.site.plugin import gather_site, hand_written, place_status, shipped
from overt.site.render import render
from overt.site.settings import ready_for_training
from overt.site.single import single_file
from overt.site.statements import mark_statements
from overt.system.atomic import write_atomic
from overt.system.files import project_files


def _may_write(target: Path) -> bool:
    return not target.exists() or (target.is_dir() and (not any(target.iterdir()) or (target / MADE_BY).is_file()))


def pages_on_disk(root: Path, loaded: Loaded, *, empty: Path) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return every page and asset as it goes to disk, and what does not hold.

    Args:
        root: Folder of the project.
        loaded: Its campaign.
        empty: An empty folder, for a project without documentation.
    """
    config = site_config(root, site_dir=empty, strict=False, empty=empty, loaded=loaded)
    docs = Path(config.docs_dir)
    files = get_files(config)
    own = hand_written(files)
    collected = gather_site(root, docs, own)
    found: dict[str, bytes] = {}
    for file in files:
        if file.is_documentation_page():
            text = (docs / file.src_uri).read_text("utf-8-sig", errors="replace")
            marked = mark_statements(text, file.src_uri, collected.inputs)
            foot = footer(file.src_uri, collected.inputs)
            found[file.src_uri] = (place_status(marked, file.src_uri, collected) + foot).encode()
        else:
            found[file.src_uri] = (docs / file.src_uri).read_bytes()
    rendered = {**render(collected.inputs), LICENCES: licences(config).encode()}
    if TRAINING in rendered:
        ready_for_training(config)
    return {**rendered, **shipped(config), **found}, collected.problems


def write(root: Path, target: Path, *, strict: bool = True, loaded: Loaded | None = None) -> int:
    """Write all pages into a folder; one that was written before is replaced as a whole.

    Args:
        root: Folder of the project.
        target: Where to.
        strict: Whether statements that do not hold keep anything from being written.
        loaded: The campaign; read when None.

    Returns:
        How many pages were written.

    Raises:
        Problems: Statements that do not hold.
        OvertError: The folder holds something else.
    """
    root, target = root.resolve(), target.resolve()
    if not _may_write(target):
        raise OvertError(f"{target} holds something else", hint="choose an empty folder", exit=Exit.USAGE)
    loaded = loaded or load(root, files=project_files(root))
    with workshop(target) as folder:
        empty, pages = folder / "empty", folder / "pages"
        empty.mkdir()
        contents, problems = pages_on_disk(root, loaded, empty=empty)
        if problems and strict:
            raise Problems(problems, exit=Exit.REFUTED)
        for path, content in contents.items():
            write_atomic(pages / path, content)
        write_atomic(pages / MADE_BY, b"Written by `overt build --to-disk`; replaced as a whole by the next one.\n")
        replace(pages, target)
    return sum(path.endswith(".md") for path in contents)


def write_single(root: Path, target: Path, *, loaded: Loaded | None = None) -> tuple[int, tuple[Problem, ...]]:
    """Write the validation report as one HTML file; what does not hold is marked in it as on the site.

    Args:
        root: Folder of the project.
        target: The file; one that is there is replaced.
        loaded: The campaign; read when None.

    Returns:
        Its size in bytes, and the statements that do not hold.
    """
    root = root.resolve()
    loaded = loaded or load(root, files=project_files(root))
    with TemporaryDirectory() as empty:
        config = site_config(root, site_dir=Path(empty), strict=False, empty=Path(empty), loaded=loaded)
        collected = gather_site(root, Path(config.docs_dir), hand_written(get_files(config)))
    data = single_file(replace_fields(collected.inputs, modules=(), rules=()))
    write_atomic(target, data)
    return len(data), collected.problems
