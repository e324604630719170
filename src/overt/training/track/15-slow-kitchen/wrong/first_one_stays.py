"""The variable is not overwritten any more: now the second kitchen writes into the first one's tracer."""

_tracers = []


class Kitchen:
    def __init__(self, tracer):
        if not _tracers:
            _tracers.append(tracer)

    def serve(self, table, cook):
        with _tracers[0].span("serve", table=table), _tracers[0].span("cook"):
            return cook(table)
