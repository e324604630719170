"""`overt flags serve` refuses what would not be safe, and says what to do."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from overt.cli.main import main

TOML = """
[project]
name = "shop"

[flags.new-cart]
owner = "core"
purpose = "the cart"
created = "2026-01-01"
until = "2999-12-31"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a project with a flag, and nothing else to decide for us."""
    monkeypatch.delenv("OVERT_FLAGS_TOKEN", raising=False)
    (tmp_path / "overt.toml").write_text(TOML)
    (tmp_path / "tokens").write_text("ann a-token-of-ann-alone\n")
    (tmp_path / "tokens").chmod(0o600)
    return tmp_path


def serve(project: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Return exit status and complaint; nothing is printed to standard output by what is refused."""
    status = main(["flags", "serve", "-C", str(project), "--port", "0", *arguments])
    shown, complaint = capsys.readouterr()
    assert shown == ""
    return int(status), complaint


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "0"])
def test_a_public_address_is_refused(project: Path, capsys: Any, host: str) -> None:
    """Without TLS and without saying that it is wanted, with the three ways out."""
    if host == "::" and not socket.has_ipv6:
        pytest.fail("this machine has no IPv6 to refuse")
    status, complaint = serve(project, capsys, "--host", host)
    assert status == 2
    assert all(way in complaint for way in ("--certfile and --keyfile", "a proxy before 127.0.0.1", "--allow-public"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "x" * 70], f"there is no address '{'x' * 70}'"),
        (["--host", "192.0.2.1"], "cannot listen on port 0 of 192.0.2.1"),
        (["--port", "70000"], "'70000' is not a port from 0 to 65535"),
        (["--keyfile", "key.pem"], "without its certificate"),
        (["--certfile", "none.pem"], "TLS cannot be spoken with none.pem"),
        (["--certfile", "{root}/overt.toml"], "TLS cannot be spoken with"),
        (["--behind-proxy"], "--allow-host"),
        (["--token-file", "none"], "the token file none cannot be read"),
        (["--token-file", "{root}/overt.toml"], "chmod 600"),
    ],
)
def test_mistakes_are_told(project: Path, capsys: Any, arguments: list[str], said: str) -> None:
    """Exit 2, what is wrong and what to do."""
    status, complaint = serve(project, capsys, *[one.format(root=project) for one in arguments])
    assert (status, said in complaint, complaint.count("\n")) == (2, True, 1)


def test_a_port_in_use_is_told(project: Path, capsys: Any) -> None:
    """With its number."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, complaint = serve(project, capsys, "--port", str(port))
    assert (status, f"port {port} of 127.0.0.1 is in use" in complaint) == (2, True)


def test_a_weak_token_is_refused_and_not_shown(project: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment as of a file."""
    monkeypatch.setenv("OVERT_FLAGS_TOKEN", "swordfish")
    status, complaint = serve(project, capsys)
    assert (status, "OVERT_FLAGS_TOKEN:1: a token has at least 16" in complaint, "swordfish" in complaint) == (
        2,
        True,
        False,
    )


def test_a_missing_extra_is_told(project: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it; nothing could be checked."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "uvicorn" else object())
    status, complaint = serve(project, capsys)
    assert (status, 'the page needs uvicorn (pip install "overt[admin]")' in complaint) == (3, True)


def test_other_verbs_need_no_extra(project: Path) -> None:
    """Flags are read, listed and helped with where neither Starlette nor its neighbours can be imported."""
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['starlette', 'uvicorn', 'jinja2', 'h11'])); "
        "import overt.flags; from overt.cli.main import main; "
        f"sys.exit(main(['flags', 'list', '-C', {str(project)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, "new-cart" in done.stdout, done.stderr) == (0, True, "")
