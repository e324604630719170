"""Shows the site and follows changes of documents, source, settings and evidence."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mkdocs.livereload import LiveReloadServer

from overt.campaign.loading import load
from overt.evidence.ledger import STORE
from overt.model import Exit, OvertError
from overt.site.build import run_mkdocs
from overt.site.configuration import overt_plugin, site_config
from overt.site.messages import quiet_mkdocs
from overt.system.files import project_files

HOST = "127.0.0.1"
"""The only address it listens on: evidence is for this machine until somebody publishes it."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How one build went.

    Args:
        pages: How many pages the site has; 0 when the build failed.
        problems: What does not hold, or why it failed, one line each.
        failed: Whether the site shown is still the one before.
    """

    pages: int
    problems: tuple[str, ...]
    failed: bool


class Preview:
    """One site that is built again whenever something changes.

    Args:
        root: Folder of the project.
        folder: Folder to work in.
        url: Address it is shown at.
        tell: Called after every build.
    """

    def __init__(self, root: Path, folder: Path, url: str, tell: Callable[[Rebuilt], None]) -> None:
        self._root, self._folder, self._url, self._tell = root, folder, url, tell
        self.site = folder / "site"
        self.site.mkdir()
        (folder / "empty").mkdir()

    def build(self) -> None:
        """Build once; when that fails the site before stays, and what is wrong is told."""
        try:
            self._tell(self._build())
        except OvertError as error:
            self._tell(Rebuilt(0, tuple(map(str, error.problems)), failed=True))

    def _build(self) -> Rebuilt:
        fresh = self._folder / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        with quiet_mkdocs() as lines:
            config = site_config(self._root, site_dir=fresh, strict=False, empty=self._folder / "empty")
            config.site_url = self._url
            config.plugins.on_startup(command="serve", dirty=False)
            try:
                run_mkdocs(config, lines, serve_url=self._url)
            finally:
                config.plugins.on_shutdown()
        old = self._folder / "old"
        shutil.rmtree(old, ignore_errors=True)
        self.site.rename(old)
        fresh.rename(self.site)
        collected = overt_plugin(config).collected
        stated = tuple(map(str, collected.problems)) if collected else ()
        pages = sum(1 for _ in self.site.rglob("*.html"))
        return Rebuilt(pages, (*stated, *(line for line in lines if line not in stated)), failed=False)


class _Server(LiveReloadServer):
    """A server that says when it can be reached."""

    def __init__(self, preview: Preview, port: int, ready: Callable[[], None]) -> None:
        super().__init__(builder=preview.build, host=HOST, port=port, root=str(preview.site))
        self._ready = ready

    def server_activate(self) -> None:
        """Listen, then tell."""
        super().server_activate()
        self._ready()


def watched(root: Path) -> list[Path]:
    """Return what a preview follows: settings, documents, source and evidence."""
    campaign = load(root, files=project_files(root)).campaign
    names = ["overt.toml", campaign.site.config, "docs", STORE, *campaign.project.packages]
    return [path for path in dict.fromkeys(root / name for name in names) if path.exists()]


def serve(root: Path, *, port: int, tell: Callable[[Rebuilt], None], ready: Callable[[str], None]) -> None:
    """Show the site until interrupted.

    Args:
        root: Folder of the project.
        port: Port to listen on.
        tell: Called after every build.
        ready: Called with the address once it can be opened.

    Raises:
        OvertError: The port is taken, or the configuration is wrong.
    """
    root = root.resolve()
    (root / STORE).mkdir(parents=True, exist_ok=True)
    url = f"http://{HOST}:{port}/"
    with tempfile.TemporaryDirectory(prefix="overt-serve-") as name:
        preview = Preview(root, Path(name), url, tell)
        server = _Server(preview, port, partial(ready, url))
        for path in watched(root):
            server.watch(str(path))
        preview.build()
        try:
            server.serve()  # type: ignore[no-untyped-call]  # mkdocs leaves it untyped
        except OSError as error:
            hint = "choose another one with --port"
            raise OvertError(f"port {port} cannot be used: {error.strerror}", hint=hint, exit=Exit.USAGE) from error
        finally:
            server.shutdown()
