"""The module remembers per list, and goes on remembering when the list has gone."""

_known = {}


class PriceList:
    def __init__(self, ask):
        self._ask = ask

    def price(self, article: str) -> int:
        key = (id(self), article)
        if key not in _known:
            _known[key] = self._ask(article)
        return _known[key]
