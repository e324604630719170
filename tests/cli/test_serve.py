"""`overt serve`: it shows the site, follows changes and survives mistakes."""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from overt.cli.main import main

CONFIG = "site_name: shop\ntheme: mkdocs\nplugins: [overt]\n"
SECONDS = 60


class Served:
    """A running `overt serve` and what it says."""

    def __init__(self, root: Path, temporary: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "overt", "serve", "-C", str(root), "--port", str(self.port), "--json"]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "TMPDIR": str(temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.said: queue.Queue[dict[str, object]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.put(json.loads(line))

    def built(self) -> dict[str, object]:
        """The next build that it tells of."""
        while (event := self.said.get(timeout=SECONDS))["event"] != "built":
            pass
        return event

    def page(self, name: str) -> str:
        """A page as a browser gets it."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{name}", timeout=SECONDS) as answer:
            text: str = answer.read().decode()
            return text


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A small project."""
    root = tmp_path / "shop"
    (root / "docs").mkdir(parents=True)
    (root / "docs/start.md").write_text("# Start\n\nFirst.\n")
    (root / "mkdocs.yml").write_text(CONFIG)
    (root / "overt.toml").write_text(
        '[project]\nname = "shop"\n[suites.it]\nkind = "command"\ncommand = ["true"]\ninputs = ["*.toml"]\n'
    )
    return root


@pytest.fixture
def served(shop: Path, tmp_path: Path) -> Iterator[Served]:
    """The project, served; told to end as a service manager does, it leaves nothing behind."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    running = Served(shop, temporary)
    yield running
    running.process.terminate()
    _, told = running.process.communicate(timeout=SECONDS)
    assert (running.process.returncode, list(temporary.iterdir())) == (0, []), told


def test_it_follows_documents_evidence_and_mistakes(shop: Path, served: Served) -> None:
    """A change of a document, a broken file, its repair and new evidence each show on the page."""
    assert served.built()["failed"] is False
    while served.said.get(timeout=SECONDS)["event"] != "ready":
        pass
    assert "First." in served.page("start/")
    assert "livereload" in served.page("start/")

    (shop / "docs/start.md").write_text("# Start\n\nSecond.\n")
    served.built()
    assert "Second." in served.page("start/")

    whole = (shop / "overt.toml").read_text()
    (shop / "overt.toml").write_text("[project\n")
    told = served.built()
    assert told["failed"] is True
    assert "overt.toml" in str(told["problems"])
    assert "Second." in served.page("start/")

    (shop / "overt.toml").write_text(whole)
    assert served.built()["failed"] is False
    assert "ov-lead ov-proved" not in served.page("status/" if (shop / "docs/index.md").exists() else "")

    assert main(["validate", "-C", str(shop)]) == 0
    for _ in range(20):
        served.built()
        if "ov-lead ov-proved" in served.page(""):
            break
    assert "ov-lead ov-proved" in served.page("")


def test_a_port_that_is_taken_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, the port and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "-C", str(shop), "--port", str(port)]) == 2
    assert f"port {port} cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "70000", "web"])
def test_a_wrong_port_is_told(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2 and one sentence."""
    assert main(["serve", "--port", port]) == 2
    assert "port" in capsys.readouterr().err
