"""What tests of several rooms share: a real browser that reports every misdeed of a page."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, not wrong: no example has a time limit of its own.
settings.register_profile("overt", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("overt")

# Shells start what runs in the background deaf to Ctrl-C; tests of Ctrl-C, and programs they start, must hear it.
if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

AMBIENT = (
    *("CI", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "PYTEST_ADDOPTS", "SOURCE_DATE_EPOCH"),
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"),
)
SERVICES = ("CI_", "GITHUB_", "GITLAB_", "RUNNER_")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure() -> None:
    """Take away what a CI service or a terminal says in variables: a test sees those that it sets, and no others.

    That a test that cannot run must fail there rather than be skipped is kept under a name that nothing else reads.
    """
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        os.environ["OVERT_TESTS_MUST_RUN"] = "1"
    for name in [name for name in os.environ if name in AMBIENT or name.startswith(SERVICES)]:
        del os.environ[name]


def pytest_collection_finish() -> None:
    """Set aside what collecting made: it stays until the end, and each garbage collection of a test went through it."""
    gc.collect()
    gc.freeze()


class Watch:
    """A page, and what it did that it must not."""

    def __init__(self, browser: Any, *, scripts: bool = True, scheme: str = "light") -> None:
        self.page = browser.new_context(java_script_enabled=scripts, color_scheme=scheme).new_page()
        self.trouble: list[str] = []
        self.page.on("request", self._request)
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("requestfailed", self._failed)
        self.page.on("console", self._console)

    def _failed(self, request: Any) -> None:
        if "ERR_ABORTED" not in str(request.failure):  # what the next page cuts short is no trouble
            self.trouble.append(f"failed to load {request.url}: {request.failure}")

    def _console(self, said: Any) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.trouble.append(said.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1:")):
            self.trouble.append(f"asked {request.url}")

    def _dialog(self, dialog: Any) -> None:
        self.trouble.append(f"ran foreign code: {dialog.message}")
        dialog.dismiss()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; without it these tests fail in CI and are skipped, loudly, elsewhere.

    It ends with its module: while it is open an event loop runs, and tests of other modules run loops of their own.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        if os.environ.get("OVERT_TESTS_MUST_RUN"):
            pytest.fail("Chromium is missing, so nothing was proved about the pages in a browser")
        pytest.skip("UNCHECKED: Chromium is missing, so nothing is proved about the pages in a browser")
    from playwright.sync_api import sync_playwright

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
            yield opened
            opened.close()


@pytest.fixture
def watch(browser: Any) -> Callable[..., Watch]:
    """Open a page that is watched; give `scripts=False` or `scheme="dark"` to change how."""

    def open_page(**how: Any) -> Watch:
        return Watch(browser, **how)

    return open_page
