"""Coming in: nothing is shown, and nothing changed, without a token."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from overt.flags.admin import Tokens
from overt.flags.admin.guard import HEADERS

from .conftest import NOW, OWN, SHARED, Made, Visitor

Visit = Callable[..., Visitor]
PAGES = ["/", "/flag?name=new-cart", "/stages", "/rollback?to=0", "/emergency", "/history", "/moves", "/status"]
CHANGES = ["/flag?name=new-cart", "/advance", "/rollback", "/emergency", "/logout"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_without_login(made: Made, visitors: Visit, path: str) -> None:
    """Whoever is not logged in is led to the login and learns the name of no flag."""
    answer = visitors(made.app()).get(path)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")
    assert "new-cart" not in answer.text


@pytest.mark.parametrize("path", CHANGES)
def test_no_change_without_login(made: Made, visitors: Visit, path: str) -> None:
    """Also not with a cookie that somebody made up."""
    stranger = visitors(made.app())
    for cookie in ("", "x" * 43):
        stranger.cookies.set("overt-flags", cookie)
        form = {"csrf": "x", "action": "on", "reason": "mine", "seen": "null", "stage": "1", "percentage": "1"}
        answer = stranger.post(path, {**form, "to": "0"})
        assert (answer.status_code, "not logged in" in answer.text) == (403, True)
    assert list(made.flags.history()) == []
    assert made.recorded() == ""


def test_the_token_lets_in_and_leads_on(made: Made, visitors: Visit) -> None:
    """To the page that was asked for; the cookie is for this server alone, and ends with the browser."""
    visitor = visitors(made.app())
    wanted = visitor.get("/flag?name=a/b+%26+c").headers["location"]
    visitor.get(wanted)
    answer = visitor.post(wanted, {"name": "bob", "token": SHARED})
    assert (answer.status_code, answer.headers["location"]) == (303, "/flag?name=a/b+%26+c")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("overt-flags="))
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=strict"}
    assert visitor.get("/login").headers["location"] == "/"
    assert "bob" in visitor.get("/").text


def test_behind_tls_the_cookie_says_so(made: Made, visitors: Visit) -> None:
    """Secure, and with the prefix that no other host of the domain can set."""
    base = "https://flags.example.org"
    visitor = visitors(made.app(secure=True, hosts=("flags.example.org",)), base=base)
    answer = visitor.log_in()
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("__Host-overt-flags="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example", "/\\evil.example", "/login", "/x"])
def test_the_login_leads_nowhere_else(made: Made, visitors: Visit, wanted: str) -> None:
    """Only to pages of its own."""
    assert visitors(made.app()).log_in(next=wanted).headers["location"] == "/"


def test_who_somebody_is(made: Made, visitors: Visit) -> None:
    """With a token of one's own that name counts, whatever is typed; with the shared one, no name of another does."""
    app = made.app()
    ann = visitors(app)
    ann.log_in("eve", OWN)
    ann.change("new-cart", "on")
    assert made.flags.history()[-1].by == "ann"
    assert "the name your token is bound to" in ann.get("/").text
    for name in ("ann", "ANN", "overt", "Overt monitor"):
        answer = visitors(app).log_in(name, SHARED)
        assert (answer.status_code, "needs a token of its own" in answer.text) == (400, True)
    assert visitors(app).log_in("", SHARED).status_code == 400


def test_a_name_is_not_asked_for_where_it_does_not_count(made: Made, visitors: Visit) -> None:
    """When every token is bound to a name."""
    visitor = visitors(made.app(tokens=Tokens([("ann", OWN)])))
    assert "Your name" not in visitor.get("/login").text
    assert visitor.post("/login", {"token": OWN}).status_code == 303


def test_brute_force_is_slowed_down(made: Made, visitors: Visit) -> None:
    """After five wrong tokens even the right one has to wait; sessions that are there go on; nothing is told apart."""
    app = made.app()
    bob, eve = visitors(app), visitors(app, address="10.0.0.9")
    bob.log_in()
    answers = [eve.log_in("eve", f"guess-number-{number:04}") for number in range(8)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 3
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert eve.log_in("eve", SHARED).status_code == 429
    assert bob.get("/").status_code == 200
    assert visitors(app).log_in().status_code == 303
    lines = [json.loads(line) for line in made.recorded().splitlines()]
    failed = [line for line in lines if line["event"] == "login failed"]
    told = [(line["by"], line["address"], line["why"]) for line in failed]
    assert told == [("eve", "10.0.0.9", "The token is wrong")] * 5


def test_tokens_stand_nowhere(made: Made, visitors: Visit, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the trail, also when typed into the wrong field, not in an address, a page or a log."""
    visitor = visitors(made.app())
    wrong = "wrong-token-entirely"
    answers = [visitor.log_in(SHARED, wrong), visitor.log_in(SHARED, SHARED), visitor.log_in("bob", SHARED)]
    answers += [visitor.get(path) for path in PAGES]
    told = made.recorded() + caplog.text + "".join(answer.text + str(answer.headers) for answer in answers)
    assert SHARED not in told
    assert wrong not in told


def test_a_planted_session_does_not_come_in(made: Made, visitors: Visit) -> None:
    """Fixation: the secret is always a new one, and the one before ends."""
    app = made.app()
    victim = visitors(app)
    victim.cookies.set("overt-flags", "planted-by-the-attacker", domain="127.0.0.1", path="/")
    victim.log_in()
    first = victim.cookies.get("overt-flags", domain="127.0.0.1")
    assert first != "planted-by-the-attacker"
    attacker = visitors(app)
    attacker.cookies.set("overt-flags", "planted-by-the-attacker")
    assert attacker.get("/").status_code == 303
    victim.page = ""
    form = {"name": "bob", "token": SHARED}
    victim.cookies.delete("overt-flags", domain="127.0.0.1")
    victim.get("/login")
    victim.cookies.set("overt-flags", first or "", domain="127.0.0.1", path="/")
    victim.post("/login", form)
    attacker.cookies.set("overt-flags", first or "")
    assert attacker.get("/").status_code == 303


def test_sessions_end(made: Made, visitors: Visit) -> None:
    """After rest, and by logging out; the cookie is worth nothing then, and a form sent late changes nothing."""
    app = made.app(idle=600)
    bob = visitors(app)
    bob.log_in()
    bob.get("/flag", params={"name": "new-cart"})
    made.clock.advance(601)
    form = {"seen": bob.hidden("seen"), "action": "on", "reason": "late"}
    assert bob.post("/flag", form, params={"name": "new-cart"}).status_code == 403
    assert bob.get("/").status_code == 303
    bob.log_in()
    secret = bob.cookies["overt-flags"]
    bob.get("/")
    assert bob.post("/logout", {}).headers["location"] == "/login"
    thief = visitors(app)
    thief.cookies.set("overt-flags", secret)
    assert thief.get("/").status_code == 303
    assert list(made.flags.history()) == []


def test_without_a_trail_nobody_comes_in(made: Made, visitors: Visit) -> None:
    """What cannot be recorded does not happen."""
    made.trail.mkdir()
    answer = visitors(made.app()).log_in()
    assert (answer.status_code, "cannot be written" in answer.text) == (503, True)
    assert not any("overt-flags=" in cookie for cookie in answer.headers.get_list("set-cookie"))


def test_the_trail_tells_who_came_and_went(made: Made, visitors: Visit) -> None:
    """When, from where, and whether the name is proved."""
    ann = visitors(made.app(), address="10.0.0.7")
    ann.log_in("", OWN)
    ann.get("/")
    ann.post("/logout", {})
    came, went = map(json.loads, made.recorded().splitlines())
    assert came == {"at": "2027-01-15T08:00:00Z", "event": "login", "by": "ann", "proved": True, "address": "10.0.0.7"}
    assert (went["event"], went["by"], NOW) == ("logout", "ann", 1_800_000_000)


def test_the_login_form_cannot_be_sent_by_others(made: Made, visitors: Visit) -> None:
    """Nobody is logged in as somebody else without knowing: not without the cookie of the form, not from elsewhere."""
    app = made.app()
    mallory, victim = visitors(app), visitors(app)
    mallory.get("/login")
    form = {"csrf": mallory.hidden("csrf"), "name": "mallory", "token": SHARED}
    assert victim.post("/login", form).status_code == 403
    victim.get("/login")
    assert victim.post("/login", form).status_code == 403
    good = {"csrf": victim.hidden("csrf"), "name": "bob", "token": SHARED}
    assert victim.post("/login", good, headers={"origin": "http://evil.example"}).status_code == 403
    assert victim.post("/login", good).status_code == 303


def test_every_answer_has_the_strict_headers(made: Made, bob: Visitor) -> None:
    """Pages, files, redirects and every kind of refusal; the two files are of their kinds."""
    answers = [bob.get(path) for path in [*PAGES, "/style.css", "/icon.svg", "/login", "/none", "/flag?name=none"]]
    answers += [bob.ask(method, "/") for method in ("HEAD", "PUT", "OPTIONS", "TRACE", "DELETE", "POST")]
    answers += [bob.get("/", headers={"host": "evil.example"}), bob.post("/flag", {}), bob.get("/advance")]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS), answer.url
        assert "script" not in answer.headers["content-security-policy"]
    assert {answer.status_code for answer in answers} == {200, 303, 404, 405, 415, 421}
    assert [bob.get(path).headers["content-type"] for path in ("/style.css", "/icon.svg")] == [
        "text/css; charset=utf-8",
        "image/svg+xml",
    ]


def test_other_methods_are_refused(made: Made, bob: Visitor) -> None:
    """With those that there are."""
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"):
        answer = bob.ask(method, "/flag?name=new-cart")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert bob.get("/advance").headers["allow"] == "POST"
    assert bob.ask("HEAD", "/").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "127.0.0.1:8002", "127.0.0.1"])
def test_another_host_gets_nothing(bob: Visitor, host: str) -> None:
    """A page that points its own name at this machine (DNS rebinding) reads nothing."""
    answer = bob.get("/", headers={"host": host})
    assert (answer.status_code, "new-cart" in answer.text) == (421, False)
