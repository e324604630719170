"""The server itself: raw bytes, slow ones, signals, TLS."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from overt.flags.admin.guard import HEADERS
from overt.flags.admin.wire import MOST_CONNECTIONS, SECONDS_FOR_A_REQUEST
from overt.testing import wait_for

from .process import TOKEN, Server, read_all

Start = Callable[..., Server]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all that leave it running."""
    made = Server(tmp_path_factory.mktemp("served") / "shop")
    yield made
    made.kill()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers, and end them in the end."""
    started: list[Server] = []

    def make(*arguments: str, token: str | None = TOKEN) -> Server:
        started.append(Server(tmp_path / f"shop-{len(started)}", *arguments, token=token))
        return started[-1]

    yield make
    for one in started:
        one.kill()


def _request(server: Server, head: str = "GET / HTTP/1.1", host: str | None = None, more: str = "") -> bytes:
    host = f"127.0.0.1:{server.port}" if host is None else host
    return f"{head}\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n".encode()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (None, b"303"),
        ("localhost:{port}", b"303"),
        ("[::1]:{port}", b"303"),
        ("127.0.0.1", b"421"),
        ("evil.example", b"421"),
        ("evil.example:{port}", b"421"),
        ("127.0.0.1:{port}.evil.example", b"421"),
        ("", b"421"),
    ],
)
def test_the_host_is_looked_at(server: Server, host: str | None, status: bytes) -> None:
    """As the bytes of a request say it."""
    answer = server.say(_request(server, host=None if host is None else host.format(port=server.port)))
    assert answer.split()[1] == status


def test_two_hosts_or_none_are_refused(server: Server) -> None:
    """However they are written."""
    twice = _request(server, more="Host: evil.example\r\n")
    absolute = _request(server, head="GET http://evil.example/ HTTP/1.1", host="evil.example")
    old = b"GET / HTTP/1.0\r\n\r\n"
    assert [server.say(raw).split()[1] for raw in (twice, absolute, old)] == [b"400", b"421", b"421"]


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100),
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000,
        b"GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_with_the_strict_headers(server: Server, raw: bytes) -> None:
    """Garbage, TLS to a plain port, doubtful lengths, huge headers: 400, and the server goes on."""
    answer = server.say(raw)
    assert answer.split()[1] in {b"400", b"501"}
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert all(f"{name}: {value}".lower().encode() in head for name, value in HEADERS.items())
    assert b"server:" not in head
    assert server.say(_request(server)).split()[1] == b"303"


def test_large_and_broken_bodies(server: Server) -> None:
    """In one piece or in many, a body that is too large is refused; a broken one is no trouble."""
    origin = f"Origin: http://127.0.0.1:{server.port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    head = "POST /login HTTP/1.1"
    whole = _request(server, head, more=f"{origin}Content-Length: 30000\r\n") + b"x" * 30_000
    chunked = _request(server, head, more=f"{origin}Transfer-Encoding: chunked\r\n")
    pieces, broken = chunked + b"4000\r\n%b\r\n" % (b"x" * 0x4000) * 2, chunked + b"zz\r\nx"
    short = _request(server, head, more=f"{origin}Content-Length: 100\r\n") + b"name=x"
    assert [server.say(raw).split()[1:2] for raw in (whole, pieces)] == [[b"413"]] * 2
    server.say(broken)
    server.say(short)
    assert server.say(_request(server)).split()[1] == b"303"


def test_bodies_that_break_off_are_not_worth_a_word(start: Start) -> None:
    """Before the answer, during it and after it: the server prints nothing, and goes on."""
    server = start()
    for path in ("/login", "/flag", "/none"):
        origin = f"Origin: http://127.0.0.1:{server.port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        chunked = _request(server, f"POST {path} HTTP/1.1", more=f"{origin}Transfer-Encoding: chunked\r\n")
        chunked = chunked.replace(b"Connection: close\r\n", b"")
        server.say(chunked + b"zz\r\nx")
        with server.connect() as connection:
            connection.sendall(chunked + b"1\r\na\r\n")
            if path != "/login":  # that one waits for the rest
                assert connection.recv(12).startswith(b"HTTP/1.1 40")
            connection.sendall(b"zz\r\nx")
            read_all(connection)
        with server.connect() as connection:
            connection.sendall(chunked)
    assert server.say(_request(server)).split()[1] == b"303"
    assert server.stop() == (0, "", "")


def test_connections_that_say_little_do_not_shut_others_out(server: Server) -> None:
    """Slowloris: of too many half requests the one that waits longest is dropped, and somebody else is answered."""
    slow = [server.connect() for _ in range(MOST_CONNECTIONS + 20)]
    try:
        for number, connection in enumerate(slow):
            if number >= 20:
                connection.sendall(b"GET / HTTP/1.1\r\nHost:")
        assert server.say(_request(server)).split()[1] == b"303"
        slow[0].settimeout(SECONDS_FOR_A_REQUEST / 2)
        assert read_all(slow[0]) == b""
    finally:
        for connection in slow:
            connection.close()


def test_head_has_no_body(server: Server) -> None:
    """And the same length as GET."""
    answer = server.say(_request(server, "HEAD /login HTTP/1.1"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert (head.split()[1], body) == (b"200", b"")
    assert b"content-length: 0" not in head.lower()


def test_an_interrupt_ends_it_cleanly(start: Start) -> None:
    """Ctrl-C and SIGTERM: exit 0, nothing more printed, the store closed, also with a connection open."""
    for number in (signal.SIGINT, signal.SIGTERM):
        server = start()
        with server.connect() as idle:
            idle.sendall(b"GET / HTTP/1.1\r\n")
            assert server.stop(number) == (0, "", "")
        assert [path.name for path in (server.root / ".overt").glob("flags.sqlite-*")] == ["flags.sqlite-generation"]


def test_a_made_token_is_printed_once_and_stands_nowhere_else(start: Start) -> None:
    """Not in the list of processes, the trail, the answers, or what it prints later."""
    server = start(token=None)
    token = server.ready["token"]
    assert len(token) >= 43
    command = Path(f"/proc/{server.process.pid}/cmdline")
    assert token not in (command.read_text() if command.exists() else "")
    with httpx.Client(base_url=server.url) as client:
        page = client.get("/login").text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        form = {"csrf": csrf, "name": "ann", "token": token}
        answer = client.post("/login", data=form, headers={"origin": server.url})
        assert answer.status_code == 303
        assert token not in page + str(answer.headers) + client.get("/").text + client.get("/status").text
    status, output, errors = server.stop()
    assert (status, output + errors) == (0, "")
    assert token not in (server.root / ".overt/flags-audit.jsonl").read_text()


def test_tls(start: Start, tmp_path: Path) -> None:
    """With a certificate it speaks TLS, and the cookie is for TLS alone."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    argv += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(argv, check=True, capture_output=True)
    server = start("--certfile", str(certificate), "--keyfile", str(key), "--host", "0.0.0.0")
    assert server.url == f"https://127.0.0.1:{server.port}"
    with server.connect() as connection:
        connection.sendall(_request(server, "GET /login HTTP/1.1"))
        answer = read_all(connection)
    cookie = next(line for line in answer.split(b"\r\n") if line.lower().startswith(b"set-cookie:"))
    assert answer.split()[1] == b"200"
    assert b"__Host-overt-flags-" in cookie
    assert b"Secure" in cookie
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as plain:
        plain.sendall(_request(server))
        assert b"303" not in read_all(plain)


def test_a_public_address_that_is_wanted(start: Start) -> None:
    """Is served; addresses are answered, for they cannot be pointed elsewhere, names only when they are allowed."""
    server = start("--host", "0.0.0.0", "--allow-public", "--allow-host", "flags.example.org")
    hosts = (f"10.0.0.1:{server.port}", "flags.example.org", "evil.example")
    assert [server.say(_request(server, host=host)).split()[1] for host in hosts] == [b"303", b"303", b"421"]


def test_behind_a_proxy(start: Start) -> None:
    """The proxy's name is answered, the cookie is for TLS, and the trail tells who asked the proxy."""
    server = start("--behind-proxy", "--allow-host", "flags.example.org")
    headers = {"host": "flags.example.org", "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", headers=headers) as client:
        answer = client.get("/login")
        cookie = answer.headers["set-cookie"].partition(";")[0]
        csrf = answer.text.partition('name="csrf" value="')[2].partition('"')[0]
        form = {"csrf": csrf, "name": "ann", "token": "a-wrong-token-of-somebody"}
        own = {"cookie": cookie, "origin": "https://flags.example.org"}
        assert client.post("/login", data=form, headers=own).status_code == 401
        plain = {**own, "origin": "http://flags.example.org"}
        assert client.post("/login", data=form, headers=plain).status_code == 403
    assert cookie.startswith("__Host-overt-flags-")
    assert '"address": "203.0.113.7"' in (server.root / ".overt/flags-audit.jsonl").read_text()


def test_a_forwarded_address_counts_only_behind_a_proxy(server: Server) -> None:
    """Nobody gets more tries, or another name in the trail, by making one up."""
    with httpx.Client(base_url=server.url, headers={"x-forwarded-for": "203.0.113.7", "origin": server.url}) as client:
        page = client.get("/login").text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        client.post("/login", data={"csrf": csrf, "name": "eve", "token": "a-wrong-token-of-somebody"})
    assert "203.0.113.7" not in (server.root / ".overt/flags-audit.jsonl").read_text()


def test_it_opens_a_browser(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its address, in which there is no token."""
    opener, opened = tmp_path / "opener", tmp_path / "opened"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}.part && mv {opened}.part {opened}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{opener} %s")
    server = start("--open", token=None)
    wait_for(opened.exists, timeout=20)
    assert opened.read_text() == server.url + "/"
