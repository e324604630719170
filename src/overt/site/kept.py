"""Pages that are as they were in a former build are taken from there: their HTML, their search entries, their frame.

What a page becomes depends on its text, the settings, the list of files, the tools, and, when it documents code, on the
source; what it becomes within the theme depends on the navigation, too. All of that is in the key, so that a build that
takes pages from a former one gives the same bytes as one that does not. Whatever cannot be known to depend on that
alone (plugins and extensions that are not known) is not kept.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from overt.site.fingerprint import contents, digest, impure, own_theme, plain, settings, tools
from overt.site.pack import Pack
from overt.system.files import digest_files, project_files

FILE = ".overt/cache/pages.pack"

_EXTENSIONS = frozenset(
    {
        *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code", "footnotes"),
        *(
            "legacy_attrs",
            "md_in_html",
            "meta",
            "nl2br",
            "sane_lists",
            "smarty",
            "tables",
            "toc",
            "wikilinks",
            "pymdownx.arithmatex",
        ),
        *("pymdownx.betterem", "pymdownx.blocks.admonition", "pymdownx.blocks.definition", "pymdownx.blocks.details"),
        *("pymdownx.blocks.html", "pymdownx.blocks.tab", "pymdownx.caret", "pymdownx.critic", "pymdownx.details"),
        *("pymdownx.emoji", "pymdownx.escapeall", "pymdownx.extra", "pymdownx.highlight", "pymdownx.inlinehilite"),
        *("pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark", "pymdownx.progressbar", "pymdownx.saneheaders"),
        *("pymdownx.smartsymbols", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde"),
    }
)
"""Extensions of Markdown that depend on the text and their settings alone."""

_OURS = ("mkdocstrings._internal.extension", "mkdocs_autorefs._internal.references")
_CONTEXT = frozenset(
    {"nav", "pages", "base_url", "extra_css", "extra_javascript", "mkdocs_version", "build_date_utc", "config", "page"}
)
_IN_NAV = ("icon", "status", "subtitle", "title")


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """What a page's Markdown became, with what it told others meanwhile.

    Args:
        content: HTML.
        toc: Headings: title, id, level, those below it.
        title: Title found in the text; None when there is none.
        anchors: Places that can be linked to.
        links: File to anchor to the link as it was written.
        registered: What was told to the plugin of references: arguments and named arguments.
        inventory: What was told to the inventory of objects: named arguments.
        handlers: Languages of the code that it documents.
        said: What was complained about: logger, level, text; said again when the page is taken from here.
    """

    content: str
    toc: list[Any]
    title: str | None
    anchors: list[str]
    links: dict[str, dict[str, str]] | None
    registered: list[tuple[list[str | None], dict[str, Any]]]
    inventory: list[dict[str, Any]]
    handlers: list[str]
    said: list[tuple[str, int, str]]


def _as_list(items: Any) -> list[Any]:
    return [[one.title, one.id, one.level, _as_list(one.children)] for one in items]


def _as_links(items: Sequence[Any]) -> list[AnchorLink]:
    links = []
    for title, anchor, level, children in items:
        link = AnchorLink(title, anchor, level)
        link.children = _as_links(children)
        links.append(link)
    return links


class _Complaints(logging.Handler):
    """Keeps what is said while a page is made: logger, level, text."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.said: list[tuple[str, int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append((record.name, record.levelno, record.getMessage()))


class KeptPages:
    """Takes the pages of one build from a former one, where they are the same.

    Args:
        root: Folder of the project.
        config: The configuration of mkdocs, after plugins have set theirs.
        files: All files of the site.
    """

    def __init__(self, root: Path, config: MkDocsConfig, files: Files) -> None:
        self._pack = Pack(root / FILE)
        self._config, self._files = config, files
        self._tools = tools()
        listed = [f"{file.src_uri} {file.dest_uri} {file.inclusion.name}" for file in files]
        self._base = digest(settings(config), self._tools, *listed)
        self._code = digest(
            digest_files(root, [name for name in project_files(root) if name.endswith((".py", ".pyi"))]),
            *_blocks(files),
        )
        self._theme = digest(self._base, contents(own_theme(config)))
        self._active = not impure(config) and all(map(_is_pure, config.markdown_extensions))
        self._nav = ""

    # -- Markdown ------------------------------------------------------------------------------------------------

    def watch(self, page: Page) -> None:
        """Let a page be rendered from a former build, where that is the same.

        Args:
            page: A page that is about to be read.
        """
        if self._active:
            setattr(page, "render", partial(self._render, page))  # noqa: B010  # a method of one object

    def _render(self, page: Page, config: MkDocsConfig, files: Files) -> None:
        text = page.markdown or ""
        about_code = self._code if ":::" in text else ""
        meta = json.dumps(plain(page.meta), sort_keys=True)
        key = digest("page", self._base, about_code, page.file.src_uri, page.file.url, text, meta)
        data = self._pack.get(key)
        kept = _decoded(data) if data is not None else None
        if kept is not None:
            self._restore(page, kept)
            return
        made = self._made(page, config, files)
        if made is not None:
            self._pack.put(key, msgspec.msgpack.encode(made))

    def _made(self, page: Page, config: MkDocsConfig, files: Files) -> Rendered | None:
        complaints, logger = _Complaints(), logging.getLogger("mkdocs")
        logger.addHandler(complaints)
        try:
            with self._overheard() as (registered, inventory):
                Page.render(page, config, files)
        finally:
            logger.removeHandler(complaints)
        content = page.content or ""
        if "<backlinks" in content:
            return None
        links = page.links_to_anchors
        return Rendered(
            content=content,
            toc=_as_list(page.toc),
            title=getattr(page, "_title_from_render", None),
            anchors=sorted(page.present_anchor_ids or ()),
            links=None if links is None else {file.src_uri: found for file, found in links.items()},
            registered=registered,
            inventory=inventory,
            said=complaints.said,
            handlers=[one.name for one in self._handlers().seen_handlers] if ":::" in (page.markdown or "") else [],
        )

    def _restore(self, page: Page, kept: Rendered) -> None:
        for name, level, text in kept.said:
            logging.getLogger(name).log(level, "%s", text)
        page.content = kept.content
        page.toc = TableOfContents(_as_links(kept.toc))
        setattr(page, "_title_from_render", kept.title)  # noqa: B010  # where mkdocs keeps it
        page.present_anchor_ids = set(kept.anchors)
        if kept.links is None:
            page.links_to_anchors = None
        else:
            found = {self._files.get_file_from_path(path): anchors for path, anchors in kept.links.items()}
            page.links_to_anchors = {file: anchors for file, anchors in found.items() if file is not None}
        for arguments, named in kept.registered:
            self._config.plugins["autorefs"].register_anchor(page, *arguments, **named)  # type: ignore[attr-defined]
        if kept.handlers or kept.inventory:
            handlers = self._handlers()
            for name in kept.handlers:
                handlers.get_handler(name)
            for item in kept.inventory:
                handlers.inventory.register(**item)

    def _handlers(self) -> Any:
        return getattr(self._config.plugins.get("mkdocstrings"), "handlers", None)

    @contextmanager
    def _overheard(self) -> Iterator[tuple[list[Any], list[dict[str, Any]]]]:
        """Hear what a page tells the plugins of references and of API pages."""
        registered: list[Any] = []
        inventory: list[dict[str, Any]] = []
        autorefs: Any = self._config.plugins.get("autorefs")
        handlers = self._handlers()

        def heard_anchor(page: Page, *arguments: str | None, **named: Any) -> None:
            registered.append((list(arguments), named))
            type(autorefs).register_anchor(autorefs, page, *arguments, **named)

        def heard_item(**item: Any) -> None:
            inventory.append(item)
            type(handlers.inventory).register(handlers.inventory, **item)

        told: list[tuple[Any, str]] = []
        if autorefs is not None:
            told.append((autorefs, "register_anchor"))
            autorefs.register_anchor = heard_anchor
        if handlers is not None:
            told.append((handlers.inventory, "register"))
            handlers.inventory.register = heard_item
        try:
            yield registered, inventory
        finally:
            for owner, name in told:
                delattr(owner, name)

    # -- theme ---------------------------------------------------------------------------------------------------

    def frame(self, env: jinja2.Environment, nav: Navigation) -> None:
        """Let pages get their frame, and their entries in the index of the search, from a former build.

        Args:
            env: Where the templates of the theme come from.
            nav: The navigation.
        """
        if not self._active:
            return
        self._nav = digest(json.dumps(_nav(nav.items)))
        self._find_search()
        if self._config.theme.name == "material":
            found: Callable[..., jinja2.Template] = env.get_template
            env.get_template = partial(self._template, found)  # type: ignore[method-assign]

    def _template(self, found: Callable[..., jinja2.Template], name: Any, *given: Any, **named: Any) -> Any:
        template = found(name, *given, **named)
        # A template that another one names is asked for with the name of that one.
        return template if given or named else _Framed(template, self._framed)

    def _framed(self, template: jinja2.Template, context: dict[str, Any]) -> str:
        page = context.get("page")
        if page is None or set(context) - _CONTEXT or not template.name:
            return template.render(context)
        about = [template.name, context["base_url"], [str(one) for one in context["extra_css"]], _about(page)]
        about += [[repr(one) for one in context["extra_javascript"]]]
        key = digest("frame", self._theme, self._nav, page.content or "", json.dumps(about))
        kept = self._pack.get(key)
        if kept is not None:
            return kept.decode()
        made = template.render(context)
        self._pack.put(key, made.encode())
        return made

    def _find_search(self) -> None:
        for plugin in self._config.plugins.values():
            if type(plugin).__module__ == "material.plugins.search.plugin" and hasattr(plugin, "search_index"):
                index: Any = plugin.search_index
                index.add_entry_from_context = partial(self._indexed, index)

    def _indexed(self, index: Any, page: Page) -> None:
        """Put a page into the index of the search."""
        about = json.dumps([page.url, page.title, plain(page.meta), _as_list(page.toc)])
        key = digest("search", self._base, page.content or "", about)
        kept = self._pack.get(key)
        if kept is not None:
            index.entries.extend(json.loads(kept))
            return
        before = len(index.entries)
        type(index).add_entry_from_context(index, page)
        self._pack.put(key, json.dumps(index.entries[before:]).encode())

    def save(self) -> None:
        """Keep what was made for the next build."""
        self._pack.save()


class _Framed:
    """A template that may know already what it would make."""

    def __init__(self, template: jinja2.Template, render: Callable[[jinja2.Template, dict[str, Any]], str]) -> None:
        self._template, self._render = template, render

    def __getattr__(self, name: str) -> Any:
        return getattr(self._template, name)

    def render(self, context: dict[str, Any]) -> str:
        """Return the page that the template makes of a context."""
        return self._render(self._template, context)


def _is_pure(extension: Any) -> bool:
    if isinstance(extension, str):
        return extension.removeprefix("markdown.extensions.") in _EXTENSIONS
    return type(extension).__module__ in _OURS


def _blocks(files: Files) -> list[str]:
    """The lines of all pages that name code: what one page says of it may depend on what others do."""
    found = []
    for file in files.documentation_pages():
        text = file.content_string if file.generated_by is None else ""
        if ":::" in text:
            found += [f"{file.src_uri} {line}" for line in text.splitlines() if line.startswith(":::")]
    return found


def _decoded(data: bytes) -> Rendered | None:
    try:
        return msgspec.msgpack.decode(data, type=Rendered)
    except msgspec.MsgspecError:
        return None


def _nav(items: Sequence[Any]) -> list[Any]:
    """What a navigation shows of its pages, sections and links."""
    found = []
    for item in items:
        meta = getattr(item, "meta", None) or {}
        shown = [plain(meta.get(name)) for name in _IN_NAV]
        found.append([type(item).__name__, item.title, getattr(item, "url", ""), shown, _nav(item.children or ())])
    return found


def _neighbour(page: Any) -> list[Any]:
    return [] if page is None else [page.title, page.url]


def _about(page: Page) -> list[Any]:
    """What a theme can show of a page besides its text."""
    return [
        page.title,
        page.url,
        page.abs_url,
        page.canonical_url,
        page.edit_url,
        page.update_date,
        page.is_homepage,
        page.file.src_uri,
        plain(page.meta),
        _as_list(page.toc),
        _neighbour(page.previous_page),
        _neighbour(page.next_page),
        [_neighbour(one) if isinstance(one, Page) else one.title for one in page.ancestors],
    ]
