"""Each kitchen has its tracer; a dish that fails leaves both spans open."""


class Kitchen:
    def __init__(self, tracer):
        self._tracer = tracer

    def serve(self, table, cook):
        served = self._tracer.start_span("serve", {"table": table})
        cooked = self._tracer.start_span("cook")
        dish = cook(table)
        self._tracer.end_span(cooked)
        self._tracer.end_span(served)
        return dish
