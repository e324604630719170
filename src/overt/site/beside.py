"""Every page a second time as Markdown, beside the first, and the list of them all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from overt.site.llms import Listed, llms_txt
from overt.site.modules import Module
from overt.site.plain import readable, with_words
from overt.site.stub import stub
from overt.system.atomic import write_atomic


def beside(dest: str) -> str:
    """Return where a page stands as Markdown.

    Args:
        dest: Where it stands as HTML, relative to the site, POSIX.

    Example:
        >>> beside("validation/index.html")
        'validation/index.md'
    """
    return str(PurePosixPath(dest).with_suffix(".md"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A page as it is written beside the HTML.

    Args:
        text: The Markdown.
        foot: What stands at its foot, as Markdown of ours.
        module: The module that it documents; None for other pages.
        generated: Whether all of it is ours.
    """

    text: str
    foot: str
    module: Module | None
    generated: bool


def as_markdown(written: Written, root: Path) -> str:
    """Return a page as Markdown without HTML of ours.

    Args:
        written: The page.
        root: Folder of the project, where the source of modules is.
    """
    if written.module is not None and not written.module.failure:
        return _module(written.module, root) + "\n" + readable(written.foot)
    if written.generated:
        return readable(f"{written.text}\n\n{written.foot}")
    return f"{with_words(written.text)}\n{readable(written.foot)}"


def _module(module: Module, root: Path) -> str:
    path = root / module.path
    shown = stub(path.read_bytes()) if path.is_file() else ""
    fence = "`" * (3 if "```" not in shown else 8)
    names = f"It holds: {', '.join(f'`{name}`' for name in module.holds)}.\n\n" if module.holds else ""
    return f"# {module.name}\n\n{names}" + (f"{fence}python\n{shown}\n{fence}\n" if shown else "")


def write_beside(site: Path, pages: dict[str, Written], root: Path) -> dict[str, str]:
    """Write every page as Markdown; a file that the project put there itself stays.

    Args:
        site: Folder of the site.
        pages: Where each stands as HTML, relative to the site, to its text.
        root: Folder of the project.

    Returns:
        The pages that are not made of evidence alone, to the digest of what they say; the foot, which changes with
        every commit, is not in it.
    """
    digests = {}
    for dest, written in pages.items():
        target, text = site / beside(dest), as_markdown(written, root)
        if written.module is not None or not written.generated:
            said = text.removesuffix(readable(written.foot))
            digests[dest] = hashlib.sha256(said.encode()).hexdigest()
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return digests


def write_list(config: MkDocsConfig, nav: Navigation, titles: dict[str, str]) -> None:
    """Write `llms.txt`, unless the project has one of its own.

    Args:
        config: The configuration of mkdocs.
        nav: The navigation of the site.
        titles: Description of each page, by where it stands as HTML.
    """
    target = Path(config.site_dir) / "llms.txt"
    if target.exists():
        return
    listed = [
        Listed(
            section=_section(page),
            title=str(page.title),
            path=beside(page.file.dest_uri),
            description=titles.get(page.file.dest_uri, ""),
        )
        for page in nav.pages
    ]
    write_atomic(target, llms_txt(config.site_name, config.site_description or "", listed).encode())


def _section(page: Page) -> str:
    above: list[Any] = list(page.ancestors)
    return str(above[-1].title) if above else ""
