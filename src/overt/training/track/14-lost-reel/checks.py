"""What an answer to the lost reel must do."""

from overt.runtime import error_context
from overt.training.probes import at_once, changed_state


def _break_down(house):
    raise ConnectionError(f"no road to {house}")


def _failed(module, reel, house, drive=_break_down):
    """Return the error of a delivery that fails."""
    try:
        module.deliver(reel, house, drive)
    except Exception as error:
        return error
    raise AssertionError("the error of the driver did not come through")


def _told(error):
    return dict(getattr(error, "overt_context", {}))


def check_a_receipt_comes_back(answer):
    """What the driver returns is returned."""
    receipt = answer.load().deliver("Gilda", "Mill", lambda house: f"signed at {house}")
    assert receipt == "signed at Mill", f"the receipt is {receipt!r}"


def check_the_error_stays_what_it_was(answer):
    """The driver's own exception arrives."""
    error = _failed(answer.load(), "Gilda", "Mill")
    assert type(error) is ConnectionError, f"the driver raised ConnectionError, and {type(error).__name__} arrives"


def check_the_error_says_which_reel(answer):
    """The exception carries reel and house of its delivery."""
    told = _told(_failed(answer.load(), "Gilda", "Mill"))
    assert told == {"reel": "Gilda", "house": "Mill"}, f"the error's overt_context is {told}"


def check_the_driver_can_ask(answer):
    """During a delivery the context says which one it is; a nested one says its own, and then the former is back."""
    module, seen = answer.load(), []

    def note(house):
        seen.append(error_context.get_context().get("reel"))
        if house == "Mill":
            module.deliver("Ran", "Harbour", note)
            seen.append(error_context.get_context().get("reel"))
        return ""

    module.deliver("Gilda", "Mill", note)
    assert seen == ["Gilda", "Ran", "Gilda"], f"during the deliveries the context says {seen}"


def check_nothing_is_left_behind(answer):
    """After a delivery, also one that failed, neither the context nor the module is different."""
    module = answer.load()
    changed = changed_state(module, lambda: _failed(module, "Gilda", "Mill"))
    left = dict(error_context.get_context())
    assert not left, f"after the delivery the context still says {left}"
    assert not changed, f"a delivery changes {', '.join(changed)}"


def check_two_drivers_stay_apart(answer):
    """Two deliveries that fail at the same time carry their own reels."""
    module = answer.load()

    def trip(reel):
        def run(meet):
            def drive(house):
                meet.wait()
                raise ConnectionError(house)

            error = _failed(module, reel, "Mill", drive)
            meet.wait()
            return _told(error).get("reel")

        return run

    reels = at_once(trip("Gilda"), trip("Ran"))
    assert reels == ["Gilda", "Ran"], f"the errors of Gilda and Ran say {reels}"
