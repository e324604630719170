"""The pages, and what can be changed on them."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from overt.flags import Health
from overt.flags.words import say_value

from .conftest import SHARED, Made, Visitor

Visit = Callable[..., Visitor]


def test_the_list_shows_what_there_is(made: Made, bob: Visitor) -> None:
    """Value, owner, purpose and date of each flag; what is past its date is marked; reads are shown where counted."""
    made.flags.set_percentage("new-cart", 12.5, by="eve", reason="look")
    made.clock.advance(1200)
    text = bob.get("/").text
    for shown in ("12.5 %", "the new cart", "2999-12-31", "past 2020-12-31", "eve", "20 minutes ago", "strong> partly"):
        assert shown in text
    assert "Reads here" not in text
    for _ in range(1234):
        made.flags.enabled("new-cart", "ann")
    assert "1,234" in bob.get("/").text


@pytest.mark.parametrize(
    ("action", "more", "value"),
    [("on", {}, True), ("off", {}, False), ("percentage", {"percentage": "12.5"}, 12.5), ("reset", {}, None)],
)
def test_a_flag_is_changed(made: Made, bob: Visitor, action: str, more: dict[str, str], value: Any) -> None:
    """Each way; who and why stand in the history; the page after it says so, once."""
    made.flags.set_percentage("new-cart", 50)
    answer = bob.change("new-cart", action, "measured for a week", **more)
    assert (answer.status_code, answer.headers["location"]) == (303, "/flag?name=new-cart")
    change = made.flags.history("new-cart")[-1]
    assert (change.old, change.new, change.by, change.reason) == (50.0, value, "bob", "measured for a week")
    assert "new-cart: 50 % → " in bob.get("/flag?name=new-cart").text
    assert "new-cart: 50 % → " not in bob.get("/flag?name=new-cart").text


def test_the_trail_tells_of_a_change(made: Made, bob: Visitor) -> None:
    """That it was asked for, and that it was done: by whom, from where, what and why."""
    bob.change("new-cart", "on", "ready")
    asked, done = [json.loads(line) for line in made.recorded().splitlines()][-2:]
    assert (asked["event"], done["event"]) == ("asked", "done")
    for line in (asked, done):
        assert (line["by"], line["proved"], line["address"]) == ("bob", False, "127.0.0.1")
        assert (line["what"], line["why"]) == ("flag new-cart: default -> on", "ready")


@pytest.mark.parametrize(
    ("action", "more", "said"),
    [
        ("on", {"reason": ""}, "Say why"),
        ("on", {"reason": "x" * 501}, "at most 500"),
        ("percentage", {}, "Give a percentage"),
        ("percentage", {"percentage": "101"}, "from 0 to 100"),
        ("percentage", {"percentage": "nan"}, "from 0 to 100"),
        ("toggle", {}, "Choose what"),
    ],
)
def test_a_mistake_is_told_on_the_form(made: Made, bob: Visitor, action: str, more: dict[str, str], said: str) -> None:
    """Nothing is changed, and what was typed is not lost."""
    answer = bob.change("new-cart", action, **{"reason": "kept words", **more})
    assert (answer.status_code, said in answer.text) == (400, True)
    assert ("kept words" in answer.text) is ("reason" not in more)
    assert list(made.flags.history()) == []


def test_a_flag_that_changed_meanwhile(made: Made, bob: Visitor) -> None:
    """The second of two people is told what the first did, and nothing is overwritten; then it can be sent again."""
    bob.get("/flag?name=new-cart")
    seen = bob.hidden("seen")
    made.flags.set_percentage("new-cart", 5, by="eve")
    answer = bob.post("/flag?name=new-cart", {"seen": seen, "action": "on", "reason": "mine"})
    assert (answer.status_code, "eve has set it to 5 %" in answer.text) == (409, True)
    assert made.flags.all()["new-cart"] == 5
    again = {"seen": bob.hidden("seen"), "action": "on", "reason": "mine"}
    assert bob.post("/flag?name=new-cart", again).status_code == 303
    assert made.flags.all()["new-cart"] is True


def test_sent_twice_is_done_once(made: Made, bob: Visitor) -> None:
    """A second click, or going back and sending again, changes nothing and is no trouble."""
    bob.get("/flag?name=new-cart")
    form = {"csrf": bob.hidden("csrf"), "seen": bob.hidden("seen"), "action": "on", "reason": "ready"}
    assert [bob.post("/flag?name=new-cart", form).status_code for _ in range(2)] == [303, 303]
    assert "was on already" in bob.get("/").text
    assert len(made.flags.history()) == 1


def test_an_odd_name_is_reached(made: Made, bob: Visitor) -> None:
    """A name with slash and ampersand leads to its page, its change and its history."""
    assert 'href="/flag?name=a%2Fb+%26+c"' in bob.get("/").text
    assert bob.change("a/b & c", "on").status_code == 303
    assert "because" in bob.get("/history?flag=a%2Fb+%26+c").text


def test_what_is_not_there(made: Made, bob: Visitor) -> None:
    """An unknown flag names the nearest, an unknown page leads back; both with their status."""
    answer = bob.get("/flag?name=new-crat")
    assert (answer.status_code, "did you mean &#39;new-cart&#39;?" in answer.text) == (404, True)
    assert bob.post("/flag?name=new-crat", {"action": "on", "reason": "x"}).status_code == 404
    assert bob.get("/history?flag=none").status_code == 404
    assert bob.get("/wp-login.php").status_code == 404


@pytest.mark.parametrize("where", ["form", "none"])
def test_forms_of_others_are_refused(made: Made, visitors: Visit, bob: Visitor, where: str) -> None:
    """Without the token of the session, or with that of another one; it is recorded."""
    other = visitors(made.app())
    bob.get("/flag?name=new-cart")
    form = {"seen": bob.hidden("seen"), "action": "on", "reason": "mine"}
    other.log_in("eve")
    other.get("/")
    foreign = other.hidden("csrf") if where == "form" else ""
    answer = bob.post("/flag?name=new-cart", {**form, "csrf": foreign})
    assert (answer.status_code, "not yours" in answer.text) == (403, True)
    assert list(made.flags.history()) == []
    assert json.loads(made.recorded().splitlines()[-1])["event"] == "refused"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_other_origins_are_refused(made: Made, bob: Visitor, headers: dict[str, str]) -> None:
    """Also with the right token of the form."""
    bob.get("/flag?name=new-cart")
    form = {"seen": bob.hidden("seen"), "action": "on", "reason": "mine"}
    answer = bob.post("/flag?name=new-cart", form, headers=headers)
    assert (answer.status_code, list(made.flags.history())) == (403, [])


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"x" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"f%d=1" % number for number in range(30)), "application/x-www-form-urlencoded", 400),
        (b'--x\r\nContent-Disposition: form-data; name="a', "multipart/form-data; boundary=x", 415),
        (b"--x\r\n\r\n\r\n", "multipart/form-data", 415),
        (b'{"action": "on"}', "application/json", 415),
        (b"action=on", "text/plain", 415),
        (b"action=on", "", 415),
    ],
)
def test_other_bodies_are_refused(made: Made, bob: Visitor, content: bytes, kind: str, status: int) -> None:
    """Too large, no text, too many fields, another kind, or broken: told as a page, and nothing is changed."""
    headers = {"content-type": kind, "origin": "http://127.0.0.1:8001"}
    answer = bob.ask("POST", "/flag?name=new-cart", content=content, headers=headers)
    assert (answer.status_code, "<h1>" in answer.text) == (status, True)
    assert list(made.flags.history()) == []


def test_stored_text_is_escaped(made: Made, bob: Visitor) -> None:
    """Of declarations, of the history and of the migration, on every page; turned and hidden text is taken out."""
    nasty = "\"><img src=x onerror=alert(1)>'<script>alert(1)</script>\u202e\u2066{{ 7*7 }}\x1b[31m"
    made.flags.enable("new-tax", by=nasty, reason=nasty)
    made.control.advance_to(1, by=nasty, reason=nasty)
    paths = ["/", "/flag?name=new-tax", "/history", "/moves", "/stages", "/status", "/login?next=%22%3E%3Cscript%3E"]
    for path in [*paths, "/flag?" + urlencode({"name": nasty})]:
        text = bob.get(path).text
        assert "<script" not in text
        assert "<img src=x" not in text
        assert not {"\u202e", "\u2066", "\x1b"} & set(text)
    answer = bob.change("new-cart", "off", nasty, percentage=nasty)
    assert answer.status_code == 303
    kept = made.flags.history("new-cart")[-1].reason
    assert kept == "\"><img src=x onerror=alert(1)>'<script>alert(1)</script>{{ 7*7 }}"


def test_a_stage_is_entered(made: Made, bob: Visitor) -> None:
    """By percentage, when it is ready, with who and why."""
    text = bob.get("/stages").text
    assert "Enter stage 1" in text
    form = {"stage": "1", "seen": bob.hidden("seen"), "percentage": "25", "reason": "begin"}
    assert bob.post("/advance", form).headers["location"] == "/stages"
    move = made.control.history()[-1]
    assert move[1:] == ("bob", "advance", 0, 1, 25.0, "begin", "")
    text = bob.get("/stages").text
    assert "Stage 1 is entered at 25 %." in text
    assert "Stage 1 of 2" in text
    assert "Raise stage 1" in text


def test_a_stage_that_is_not_ready(made: Made, bob: Visitor) -> None:
    """Is not entered, with the reasons; only when that is said to be known."""
    made.control.advance_to(1)
    bob.get("/stages")
    form = {"stage": "2", "seen": bob.hidden("seen"), "percentage": "50", "reason": "in a hurry"}
    answer = bob.post("/advance", form)
    assert (answer.status_code, "0 calls measured, 20 are needed" in answer.text) == (409, True)
    assert made.control.status().stage == 1
    assert "in a hurry" in answer.text
    assert bob.post("/advance", {**form, "anyway": "yes"}).status_code == 303
    assert (made.control.status().stage, made.control.status().percentage) == (2, 50.0)
    assert "not ready" in json.loads(made.recorded().splitlines()[-1])["what"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"reason": ""}, 400),
        ({"percentage": "0"}, 400),
        ({"percentage": "101"}, 400),
        ({"stage": "7"}, 400),
        ({"stage": "0"}, 400),
        ({"stage": "x"}, 400),
        ({"seen": "0 0 9"}, 409),
    ],
)
def test_mistakes_about_stages(made: Made, bob: Visitor, form: dict[str, str], status: int) -> None:
    """Nothing moves."""
    bob.get("/stages")
    sent = {"stage": "1", "seen": bob.hidden("seen"), "percentage": "50", "reason": "go", **form}
    assert bob.post("/advance", sent).status_code == status
    assert list(made.control.history()) == []


def test_going_back(made: Made, bob: Visitor) -> None:
    """A page shows first what goes off; then it does, also when somebody has moved in the meantime."""
    made.control.advance_to(2)
    text = bob.get("/rollback?to=1").text
    assert "Go back to stage 1" in text
    assert "new-tax" in text
    assert bob.post("/rollback", {"to": "1", "reason": ""}).status_code == 400
    made.control.advance_to(2, by="eve")
    assert bob.post("/rollback", {"to": "1", "reason": "slow"}).status_code == 303
    assert made.flags.all() == {"new-cart": True, "new-tax": False, "a/b & c": False}
    assert bob.get("/rollback?to=2").status_code == 409
    assert bob.get("/rollback?to=-1").status_code == 400
    assert bob.post("/rollback", {"to": "2", "reason": "ahead"}).status_code == 400


def test_emergency(made: Made, bob: Visitor) -> None:
    """Asks once, for the reason, and then the flags of all stages are off; others stay as they are."""
    made.control.advance_to(2)
    made.flags.enable("a/b & c")
    text = bob.get("/emergency").text
    assert "Turn the flags of all stages off?" in text
    assert "a/b" not in text
    assert made.control.status().stage == 2
    assert bob.post("/emergency", {"reason": ""}).status_code == 400
    assert bob.post("/emergency", {"reason": "fire"}).status_code == 303
    assert made.flags.all() == {"new-cart": False, "new-tax": False, "a/b & c": True}
    assert (made.control.history()[-1].kind, made.control.history()[-1].by) == ("emergency", "bob")


def test_drift_is_shown_and_taken_back(made: Made, bob: Visitor) -> None:
    """A flag that was set by hand is named, with the way to set it as its stage says."""
    made.control.advance_to(1)
    made.flags.disable("new-cart")
    assert "Set them as stage 1 says" in bob.get("/stages").text
    assert "Set by hand" in bob.get("/status").text
    bob.get("/rollback?to=1")
    assert bob.post("/rollback", {"to": "1", "reason": "as it was"}).status_code == 303
    assert made.flags.all()["new-cart"] is True


def test_the_history_has_pages(made: Made, bob: Visitor) -> None:
    """The newest first, five a page here, of one flag or of all; a page that is not there is the last one."""
    for number in range(12):
        made.flags.set_percentage("new-cart", number, reason=f"change {number:02}")
    made.flags.enable("new-tax", reason="change of another")
    first = bob.get("/history").text
    assert first.index("change of another") < first.index("change 11") < first.index("change 08")
    assert "change 07" not in first
    assert "Page 1 of 3" in first
    last = bob.get("/history?flag=new-cart&page=99").text
    assert "Page 3 of 3" in last
    assert "change 01" in last
    assert "change of another" not in last
    assert 'href="/history?page=2&amp;flag=new-cart"' in last
    assert "2 older" not in bob.get("/flag?name=new-cart").text


def test_moves_have_a_page(made: Made, bob: Visitor) -> None:
    """Forward, back, by the monitor and in an emergency are told apart by words."""
    made.control.advance_to(1, by="ann", reason="go")
    made.control.rollback_to(0, by="ann")
    made.control.emergency_rollback("fire", by="ann")
    text = bob.get("/moves").text
    assert all(word in text for word in ("forward", ">back<", "emergency", "no reason given", "fire"))


def test_without_a_migration(made: Made, visitors: Visit) -> None:
    """The pages say so, and nothing can be moved."""
    bob = visitors(made.app(control=False))
    bob.log_in()
    assert "No stage is declared" in bob.get("/stages").text
    assert "No stage is declared" in bob.get("/status").text
    assert bob.get("/moves").status_code == 200
    assert bob.get("/emergency").status_code == 404
    assert bob.post("/advance", {"stage": "1"}).status_code == 404


def test_the_status_says_what_runs_here(made: Made, bob: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Health as the next stage asks for it, and the monitor, if there is one."""
    text = bob.get("/status").text
    assert all(said in text for said in ("0 changes", "Not begun", "nothing is turned on yet", "No monitor runs"))
    made.control.advance_to(1, percentage=50)
    text = bob.get("/status").text
    assert "Not measured</span>" in text
    assert "cart</bdi> at 50 %" in text
    for rate, word in ((0.0, "Good</span>"), (0.5, "Not good</span>")):
        monkeypatch.setattr(made.control, "_health", lambda rate=rate: Health(rate, None, 40))
        assert word in bob.get("/status").text
    made.control.start_monitor(interval=60.0)
    assert "It rolls back by itself" in bob.get("/status").text


def test_a_store_that_is_gone(made: Made, bob: Visitor) -> None:
    """While a page is open: the list shows the last known values and says so, a change says what happened."""
    made.flags.enable("new-cart")
    bob.get("/flag?name=new-cart")
    form = {"seen": bob.hidden("seen"), "action": "off", "reason": "off again", "csrf": bob.hidden("csrf")}
    for path in made.folder.glob("flags.sqlite*"):
        path.unlink()
    text = bob.get("/").text
    assert "was deleted" in text
    assert "last known values" in text
    assert "On</span>" in text
    answers = [bob.get("/history"), bob.get("/status")]
    made.store.mkdir()
    answers += [bob.post("/flag?name=new-cart", form), bob.get("/history"), bob.get("/status")]
    assert [answer.status_code for answer in answers] == [503] * 5
    assert all("Nothing was changed" in answer.text or "Trouble" in answer.text for answer in answers)
    assert made.flags.enabled("new-cart")
    made.store.rmdir()
    assert bob.post("/flag?name=new-cart", form).status_code == 303
    assert "The last known values were entered again" in bob.get("/").text
    assert [change.new for change in made.flags.history("new-cart")] == [True, False]


def damage(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


@pytest.mark.parametrize("mishap", [Path.unlink, damage])
@pytest.mark.parametrize("button", ["/emergency", "/rollback"])
def test_going_back_needs_no_history(made: Made, bob: Visitor, mishap: Callable[[Path], None], button: str) -> None:
    """The store was deleted or overwritten: the pages show what was known, and everything goes off all the same."""
    made.control.advance_to(1, by="ann")
    assert "Stage 1 of 2" in bob.get("/stages").text
    mishap(made.store)
    shown = bob.get("/stages")
    assert shown.status_code == 200
    assert all(text in shown.text for text in ("Stage 1 of 2", "last known values", "Emergency", "Not known"))
    assert bob.get("/emergency").status_code == bob.get("/rollback?to=0").status_code == 200
    assert bob.post(button, {"reason": "fire", "to": "0"}).status_code == 303
    after = bob.get("/stages")
    assert "could not be read: the flag store" in after.text
    assert "Not begun" in after.text
    assert not any(made.flags.all().values())
    assert [(move.old, move.new, move.reason) for move in made.control.history()] == [(1, 0, "fire")]
    assert "flag store" in made.control.history()[0].problem


def test_without_a_trail_nothing_is_changed(made: Made, bob: Visitor) -> None:
    """What cannot be recorded does not happen, and every page says so from then on."""
    made.trail.unlink()
    made.trail.mkdir()
    answer = bob.change("new-cart", "on")
    assert (answer.status_code, "cannot be written" in answer.text) == (503, True)
    assert list(made.flags.history()) == []
    assert "Nothing can be changed here" in bob.get("/").text


def test_changes_at_the_same_moment(made: Made, visitors: Visit) -> None:
    """Nobody changes what they have not seen: who comes too late is told, and whoever is not stands in the history."""
    app = made.app()
    people = [visitors(app) for _ in range(6)]
    for number, person in enumerate(people):
        person.log_in(f"person {number}")

    def work(number: int) -> int:
        answers = [
            people[number].change("new-cart", "percentage", f"{number}-{turn}", percentage=f"{number}{turn}")
            for turn in range(1, 6)
        ]
        return sum(answer.status_code == 303 for answer in answers)

    with ThreadPoolExecutor(6) as pool:
        done = sum(pool.map(work, range(6)))
    history = made.flags.history("new-cart")
    assert 1 <= done == len(history)
    assert all(later.old == earlier.new for earlier, later in pairwise(history))
    told = [json.loads(line) for line in made.recorded().splitlines()]
    changes = [f"flag new-cart: {say_value(change.old)} -> {say_value(change.new)}" for change in history]
    assert [line["what"] for line in told if line["event"] == "done"] == changes


def test_a_failure_is_no_traceback(made: Made, bob: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """The page says that something went wrong; what it was stands in the log, on one line."""

    def broken(_flag: str) -> None:
        raise RuntimeError("secret\ninsides")

    monkeypatch.setattr(made.flags, "describe", broken)
    answer = bob.get("/")
    assert (answer.status_code, "Something went wrong" in answer.text) == (500, True)
    assert "insides" not in answer.text
    assert [record.getMessage() for record in caplog.records if record.name == "overt.flags.admin"] == [
        "the page '/' failed: RuntimeError: 'secret\\ninsides'"
    ]


def test_below_another_application(made: Made, visitors: Visit) -> None:
    """Mounted at a path, every link, form and redirect stays below it."""
    app = Starlette(routes=[Mount("/admin", made.app(hosts=()))])
    bob = visitors(app)
    assert bob.get("/admin/").headers["location"] == "/admin/login"
    bob.get("/admin/login")
    answer = bob.post("/admin/login?next=/stages", {"name": "bob", "token": SHARED})
    assert answer.headers["location"] == "/admin/stages"
    text = bob.get("/admin/").text
    assert 'href="/admin/flag?name=new-cart"' in text
    assert 'href="/style.css"' not in text
