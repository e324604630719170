"""The error says which reel; nothing that runs during the delivery can know."""


def deliver(reel, house, drive):
    try:
        return drive(house)
    except OSError as error:
        error.overt_context = {"reel": reel, "house": house}
        raise
