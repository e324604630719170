"""The error carries the dictionary of the module, which the next driver rewrites."""

_now = {}


def deliver(reel, house, drive):
    _now.update(reel=reel, house=house)
    try:
        return drive(house)
    except OSError as error:
        error.overt_context = _now
        raise
