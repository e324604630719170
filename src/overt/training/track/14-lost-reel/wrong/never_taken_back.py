"""The context is set, and stays set for whatever comes after the delivery."""

from overt.runtime import error_context


def deliver(reel, house, drive):
    error_context.set_context({"reel": reel, "house": house})
    try:
        return drive(house)
    except OSError as error:
        error_context.enrich_error(error)
        raise
