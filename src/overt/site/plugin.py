"""The door to mkdocs: generated pages, marks and settings for `mkdocs build` and `mkdocs serve` as they are."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files as package_files
from pathlib import Path, PurePosixPath

from jinja2 import Environment
from mkdocs.config.base import Config
from mkdocs.config.config_options import Optional, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import nest_paths
from mkdocs.utils.templates import TemplateContext

from overt.model import Location, OvertError, Problem, Problems
from overt.site.beside import Written
from overt.site.collect import Collected, collect
from overt.site.footer import footer, more
from overt.site.kept import KeptPages
from overt.site.licences import licences
from overt.site.messages import OfDocstrings
from overt.site.moment import now_ns, site_date
from overt.site.nav import merged
from overt.site.paths import ASSETS, LICENCES, TRAINING
from overt.site.pictures import cached
from overt.site.publication import Publication
from overt.site.render import render
from overt.site.settings import (
    add_assets,
    add_reference,
    be_strict_about_links,
    ready_for_training,
    search_from_disk,
    write_search_script,
)
from overt.site.statements import mark_statements

log = get_plugin_logger("overt")

STATUS_MARKER = "<!-- overt:status -->"
"""A hand-written page may hold this comment; the status takes its place."""


class OvertConfig(Config):  # type: ignore[no-untyped-call]  # mkdocs leaves __init_subclass__ untyped
    """Settings of the plugin in `mkdocs.yml`.

    Args:
        strict: Whether a statement that does not hold fails the build; unset, it does in mkdocs' strict mode when
            `overt.toml` does not say otherwise.
        policy: Whether pages carry a content security policy; unset, generated pages do when the theme allows it.
        redirects: Pages that moved: old path to new path, relative to the documentation folder.
    """

    strict = Optional(Type(bool))
    policy = Optional(Type(bool))
    redirects = Type(dict, default={})


class OvertPlugin(BasePlugin[OvertConfig]):  # type: ignore[no-untyped-call]  # as above
    """Adds what was measured to a site."""

    def __init__(self) -> None:
        self.version = ""
        self._serving = False
        self._collected: Collected | None = None
        self._generated: frozenset[str] = frozenset()
        self._quiet = OfDocstrings(frozenset())
        self._publication: Publication | None = None
        self._kept: KeptPages | None = None
        self._nav: Navigation | None = None

    @property
    def collected(self) -> Collected | None:
        """What the last build was made from; None before the first."""
        return self._collected

    @property
    def generated(self) -> frozenset[str]:
        """Paths of the generated pages of the last build."""
        return self._generated

    def on_startup(self, *, command: str, dirty: bool) -> None:  # noqa: ARG002
        """Remember whether the site is served: then nothing that is stated stops it."""
        self._serving = command == "serve"

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set what pages need, before other plugins read it."""
        be_strict_about_links(config)
        add_assets(config)
        search_from_disk(config)
        add_reference(config, root_of(config))
        return config

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read the project, render its pages and put them among the files and into the navigation."""
        try:
            return self._add(files, config)
        except OvertError as error:
            raise PluginError(str(error)) from error

    def _add(self, files: Files, config: MkDocsConfig) -> Files:
        root, own = root_of(config), hand_written(files)
        self._collected = gather_site(root, Path(config.docs_dir), own)
        self._tell(self._collected, config)
        inputs = self._collected.inputs
        rendered = {**render(inputs), LICENCES: licences(config).encode()}
        if TRAINING in rendered:
            ready_for_training(config)
        taken = {file.src_uri for file in files if file.src_uri in rendered}
        for path in sorted(taken):
            log.warning("%s: is in the place of a generated page; rename it", path)
        added = {path: content for path, content in rendered.items() if path not in taken} | shipped(config)
        for path, content in added.items():
            files.append(File.generated(config, path, content=content))
        pages = [path for path in added if path.endswith(".md")]
        self._generated = frozenset(pages)
        self._quiet = OfDocstrings(frozenset(module.page for module in inputs.modules) & self._generated)
        self._quiet.put()
        own_nav = config.nav or nest_paths(own)  # type: ignore[no-untyped-call]
        config.nav = merged(own_nav, inputs, pages)
        self._watch(root, config)
        self._publication = Publication(
            config,
            root,
            policy=self.config.policy,
            moved=self.config.redirects,
            served=self._serving,
            version=self.version,
        )
        self._publication.files = files
        self._kept = KeptPages(root, config, files)
        return files

    @event_priority(-100)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:  # noqa: ARG002
        """Remember the order of the pages."""
        self._nav = nav
        if self._publication is not None:
            self._publication.nav = nav
        return nav

    def _tell(self, collected: Collected, config: MkDocsConfig) -> None:
        """Name everything that does not hold; in strict mode that ends the build."""
        if not collected.problems:
            return
        strict = self.config.strict
        allowed = collected.loaded.campaign.site.strict if strict is None else strict
        fails = allowed and (config.strict or strict is True) and not self._serving
        level = log.error if fails else log.warning if allowed and not config.strict else log.info
        for problem in collected.problems:
            level("%s", problem)
        if fails:
            number = len(collected.problems)
            raise PluginError(f"{number} statement{'s do' if number > 1 else ' does'} not hold; see above")

    def _watch(self, root: Path, config: MkDocsConfig) -> None:
        campaign = self._collected.loaded.campaign if self._collected else None
        packages = campaign.project.packages if campaign else ()
        for path in (root / "overt.toml", root / ".overt/runs", *(root / package for package in packages)):
            if path.exists() and str(path) not in config.watch:
                config.watch.append(str(path))

    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> Page:  # noqa: ARG002
        """Let the page be taken from a former build."""
        if self._kept is not None:
            self._kept.watch(page)
        return page

    @event_priority(-100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG002
        """Let the frames of pages be taken from a former build."""
        if self._kept is not None and self._nav is not None:
            self._kept.frame(env, self._nav)
        return env

    @event_priority(100)
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Turn statements into text with a mark, and give every page the date of its evidence."""
        if self._collected is None:
            return markdown
        page.update_date = datetime.fromtimestamp(site_date(self._collected), UTC).strftime("%Y-%m-%d")
        path = page.file.src_uri
        inputs, generated = self._collected.inputs, path in self._generated
        text = markdown if generated else place_status(mark_statements(markdown, path, inputs), path, self._collected)
        foot = footer(path, inputs)
        if self._publication is None:
            return text + foot
        module = next((one for one in inputs.modules if generated and one.page == path), None)
        self._publication.note(page, Written(text=text, foot=foot, module=module, generated=generated), said=markdown)
        return text + foot + more(page)

    @event_priority(100)
    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: Page,
        config: MkDocsConfig,  # noqa: ARG002
        nav: Navigation,  # noqa: ARG002
    ) -> TemplateContext:
        """Describe the page by its first sentence when nothing else does."""
        if self._publication is not None:
            self._publication.describe(page)
        return context

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Give the finished page names, policy and the address of its Markdown."""
        if self._publication is None:
            return output
        html, stopped = self._publication.page(output, page)
        if stopped:
            path = page.file.src_uri
            log.warning(
                "%s: %d scripts in it are stopped by the policy: put them in files, or unset policy", path, stopped
            )
        return html

    @event_priority(-100)
    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Say more than that a page was not found."""
        if self._publication is None or template_name != "404.html":
            return output
        return self._publication.not_found(output)

    def on_build_error(self, *, error: Exception) -> None:  # noqa: ARG002
        """Hear of docstrings again."""
        self._quiet.take_away()

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the search index in the form that pages opened from disk can load."""
        self._quiet.take_away()
        if not config.use_directory_urls:
            write_search_script(Path(config.site_dir))
        if self._kept is not None:
            self._kept.save()
        inputs = self._collected.inputs if self._collected else None
        for line in self._publication.done(inputs) if self._publication else ():
            log.warning("%s", line)


def place_status(markdown: str, path: str, collected: Collected) -> str:
    """Return a page with the status where its comment stands."""
    if STATUS_MARKER not in markdown:
        return markdown
    from overt.site.pages.status import block

    return markdown.replace(STATUS_MARKER, block(collected.inputs, path), 1)


def root_of(config: MkDocsConfig) -> Path:
    """Return the project's folder: the one that `mkdocs.yml` is in."""
    return Path(config.config_file_path).resolve().parent if config.config_file_path else Path.cwd()


def documents_of(docs: Path, root: Path, own: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return hand-written pages as path relative to the root to text, and to the path of their page.

    Raises:
        Problems: Pages that cannot be read, all at once.
    """
    try:
        prefix = PurePosixPath(docs.resolve().relative_to(root).as_posix())
    except ValueError:
        prefix = PurePosixPath(docs.as_posix())
    documents: dict[str, str] = {}
    pages: dict[str, str] = {}
    broken: list[Problem] = []
    for uri in own:
        source = docs / uri
        if not source.is_file():
            continue
        try:
            documents[str(prefix / uri)] = source.read_text("utf-8-sig")
        except (UnicodeDecodeError, OSError) as error:
            broken.append(_unreadable(str(prefix / uri), error))
        pages[str(prefix / uri)] = uri
    if broken:
        raise Problems(broken)
    return documents, pages


def _unreadable(path: str, error: UnicodeDecodeError | OSError) -> Problem:
    """Say which page cannot be read: mkdocs, which reads it next, would end without naming it."""
    if isinstance(error, OSError):
        hint = "mend its permissions, or take it out of the site"
        return Problem(f"cannot be read: {error.strerror}", Location(path), hint)
    line = error.object.count(b"\n", 0, error.start) + 1
    return Problem("is not UTF-8", Location(path, line), "save it as UTF-8, or take it out of the site")


def hand_written(files: Files) -> list[str]:
    """Return the pages that the project wrote itself, relative to the documentation folder, sorted."""
    return sorted(file.src_uri for file in files.documentation_pages() if not file.generated_by)


def gather_site(root: Path, docs: Path, own: list[str]) -> Collected:
    """Read what a site is made from.

    Args:
        root: Folder of the project.
        docs: Its documentation folder.
        own: Its hand-written pages, relative to that.
    """
    documents, pages = documents_of(docs, root, own)
    return collect(
        root,
        now_ns=now_ns(),
        documents=documents,
        pages=pages,
        home="status.md" if {"index.md", "README.md"} & set(own) else "index.md",
        draw=cached(root / ".overt/cache/pictures", root),
    )


def shipped(config: MkDocsConfig) -> dict[str, bytes]:
    """Return the style and scripts that pages need: path to content."""
    assets = package_files("overt.site") / "assets"
    wanted = ["overt.css", "overt.js"]
    if f"{ASSETS}/training.css" in config.extra_css:
        wanted += ["training.css", "training.js"]
    if any("iframe-worker" in str(url) for url in config.extra.get("polyfills", ())):
        wanted.append("iframe-worker.js")
    return {f"{ASSETS}/{name}": (assets / name).read_bytes() for name in wanted}
