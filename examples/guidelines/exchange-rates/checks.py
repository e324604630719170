"""What rates have to do."""

from concurrent.futures import ThreadPoolExecutor

from overt.runtime import TTLCache
from overt.testing import wait_for


def alone(module):
    """One till asks twice."""
    asked = []

    def bank(currency):
        asked.append(currency)
        return 1.08

    with TTLCache(ttl=60.0) as cache:
        rates = module.Rates(cache) if hasattr(module, "Rates") else module
        assert [rates.rate("EUR", bank), rates.rate("EUR", bank)] == [1.08, 1.08]
    assert asked == ["EUR"]


def together(module):
    """Two tills miss the same rate at the same time, and the bank is asked once."""
    asked = []

    def bank(currency):
        asked.append(currency)
        wait_for(lambda: len(asked) == 2 or cache.stats().misses == 2, timeout=60)
        return 1.08

    with TTLCache(ttl=60.0) as cache:
        rates = module.Rates(cache) if hasattr(module, "Rates") else module
        with ThreadPoolExecutor(2) as tills:
            jobs = [tills.submit(rates.rate, "EUR", bank) for _ in range(2)]
        assert [job.result() for job in jobs] == [1.08, 1.08]
    assert asked == ["EUR"]
