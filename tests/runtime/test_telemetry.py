"""Events reach whoever listens, and nobody else is harmed."""

from __future__ import annotations

import logging
import threading

import pytest

from overt.runtime import Telemetry
from overt.testing import capture_telemetry


def test_a_handler_hears_its_prefix_and_no_more() -> None:
    """Names are matched by whole leading parts."""
    telemetry, heard = Telemetry(), []
    telemetry.attach("shop", ("shop", "cart"), lambda name, measured, meta: heard.append((name, measured, meta)))
    telemetry.execute(("shop", "cart", "add"), {"count": 1}, {"who": "ann"})
    telemetry.execute(("shop", "cart"), {}, {})
    telemetry.execute(("shop", "cartoon"), {}, {})
    telemetry.execute(("shop",), {}, {})
    assert heard == [(("shop", "cart", "add"), {"count": 1}, {"who": "ann"}), (("shop", "cart"), {}, {})]


def test_a_detached_handler_hears_nothing() -> None:
    """detach() says whether there was something to detach."""
    telemetry = Telemetry()
    with capture_telemetry(telemetry) as events:
        handle = telemetry.attach("all", (), lambda *event: events.append(event))
        assert (handle.detach(), handle.detach()) == (True, False)
        telemetry.execute(("a",))
    assert len(events) == 1
    assert not telemetry.active
    assert telemetry.handlers == ()


def test_two_handlers_of_one_name_are_refused() -> None:
    """The second attach raises and changes nothing; after detach the name is free."""
    telemetry = Telemetry()
    handle = telemetry.attach("one", (), print)
    with pytest.raises(ValueError, match="'one' is attached"):
        telemetry.attach("one", ("a",), print)
    handle.detach()
    telemetry.attach("one", ("a",), print)
    assert [handle.prefix for handle in telemetry.handlers] == [("a",)]


def test_an_old_handle_does_not_detach_a_newer_handler_of_its_name() -> None:
    """A handle stands for one attachment, not for a name."""
    telemetry = Telemetry()
    old = telemetry.attach("one", (), print)
    old.detach()
    telemetry.attach("one", (), print)
    assert old.detach() is False
    assert telemetry.active


def test_a_handler_that_raises_is_detached_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """The caller and the other handlers go on; the failure is an event and a log record."""
    telemetry = Telemetry()

    def broken(*event: object) -> None:
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR, "overt.telemetry"):
        telemetry.attach("broken", (), broken)
        with capture_telemetry(telemetry) as events:
            telemetry.execute(("a",))
            telemetry.execute(("a",))
    names = [event.name for event in events]
    assert sorted(names) == [("a",), ("a",), ("overt", "telemetry", "detached")]
    told = next(event for event in events if event.name[-1] == "detached")
    assert (told.metadata["handler_id"], told.metadata["event"]) == ("broken", ("a",))
    assert isinstance(told.metadata["error"], ZeroDivisionError)
    assert [record.message for record in caplog.records] == [
        "handler 'broken' raised ZeroDivisionError on ('a',) and was detached"
    ]


def test_an_interrupt_in_a_handler_comes_through() -> None:
    """Ctrl-C is not a handler's failure."""
    telemetry = Telemetry()

    def interrupted(*event: object) -> None:
        raise KeyboardInterrupt

    telemetry.attach("a", (), interrupted)
    with pytest.raises(KeyboardInterrupt):
        telemetry.execute(("a",))
    assert telemetry.active


def test_handlers_are_called_in_order() -> None:
    """The first attached hears first."""
    telemetry, heard = Telemetry(), []
    for word in ("one", "two", "three"):
        telemetry.attach(word, (), lambda *event, word=word: heard.append(word))
    telemetry.execute(("a",))
    assert heard == ["one", "two", "three"]


def test_a_handler_may_attach_and_announce() -> None:
    """What a handler attaches hears the next event, not the one under way."""
    telemetry, heard = Telemetry(), []

    def first(name: tuple[str, ...], *rest: object) -> None:
        if name == ("a",):
            telemetry.attach("late", (), lambda name, *rest: heard.append(name))
            telemetry.execute(("b",))

    telemetry.attach("first", (), first)
    telemetry.execute(("a",))
    assert heard == [("b",)]


def test_a_name_that_is_no_tuple_is_refused() -> None:
    """A text would match letter by letter."""
    telemetry = Telemetry()
    telemetry.attach("all", (), print)
    with pytest.raises(TypeError, match="tuple of strings, not str"):
        telemetry.execute("shop.sold")  # type: ignore[arg-type]


def test_attaching_under_fire_loses_no_event_of_a_steady_handler() -> None:
    """While handlers come and go in other threads, one that stays hears everything once."""
    telemetry, heard = Telemetry(), []
    telemetry.attach("steady", ("n",), lambda name, measured, meta: heard.append(measured["n"]))
    stop = threading.Event()

    def churn(number: int) -> None:
        while not stop.is_set():
            telemetry.attach(f"churn-{number}", (), lambda *event: None).detach()

    threads = [threading.Thread(target=churn, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for number in range(3000):
        telemetry.execute(("n",), {"n": number})
    stop.set()
    for thread in threads:
        thread.join()
    assert heard == list(range(3000))
