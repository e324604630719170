"""Where pictures come from: the cache, else a program that draws them."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from overt.model import Exit, OvertError
from overt.site.diagram import Draw
from overt.system.atomic import write_atomic
from overt.system.process import run_process

_LIMIT_SECONDS = 60.0


def draw_in_process(description: str, *, folder: Path) -> bytes:
    """Return the SVG picture of a DOT description, drawn by another process.

    Args:
        description: A graph in the DOT language.
        folder: Folder to run in.

    Raises:
        OvertError: Graphviz is not installed, crashed, or took too long.
    """
    done = run_process(
        [sys.executable, "-P", "-m", "overt.site.draw"],
        cwd=folder,
        timeout=_LIMIT_SECONDS,
        stdin=description.encode(),
        output_limit=50_000_000,
        keep_stderr=False,
    )
    if not done.ok or not done.output.startswith(b"<svg"):
        raise OvertError(
            "a diagram could not be drawn",
            hint="install the extra: pip install 'overt[site]'",
            exit=Exit.UNCHECKED,
        )
    return done.output


def cached(folder: Path, root: Path) -> Draw:
    """Return a drawing function that keeps its pictures.

    Args:
        folder: Where they are kept, named by the digest of their description and the versions that draw.
        root: Folder to draw in.
    """
    from importlib.metadata import version

    drawn_by = f"{version('pygraphviz')} {version('diagrams')}"

    def draw(description: str) -> bytes:
        name = hashlib.sha256(f"{drawn_by}\n{description}".encode()).hexdigest()
        kept = folder / f"{name}.svg"
        if kept.is_file():
            return kept.read_bytes()
        picture = draw_in_process(description, folder=root)
        write_atomic(kept, picture)
        return picture

    return draw
