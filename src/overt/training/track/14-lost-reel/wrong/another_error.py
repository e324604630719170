"""The message says it all, in an exception that nobody waits for."""

from overt.runtime import error_context


class DeliveryFailed(Exception):
    pass


def deliver(reel, house, drive):
    with error_context.with_context({"reel": reel, "house": house}):
        try:
            return drive(house)
        except OSError as error:
            raise DeliveryFailed(f"{reel} did not reach {house}") from error
