"""What an answer to the slow kitchen must do."""

from overt.runtime import Tracer
from overt.training.probes import at_once, changed_state


class Cook:
    """Cooks and notes in which spans it happened."""

    def __init__(self, tracer):
        self._tracer, self.seen = tracer, []

    def __call__(self, table):
        spans = [(span.name, dict(span.attributes)) for span in self._tracer.live_spans()]
        inner = self._tracer.current_span()
        self.seen = [inner.name if inner else None, sorted(spans, key=lambda entry: entry[0])]
        return f"soup for {table}"


def _burn(table):
    raise LookupError(f"no soup for {table}")


def check_the_dish_is_served(answer):
    """What the cook returns is returned."""
    with Tracer() as tracer:
        dish = answer.load().Kitchen(tracer).serve(4, Cook(tracer))
    assert dish == "soup for 4", f"the dish is {dish!r}"


def check_the_cook_is_inside_both_spans(answer):
    """While it is cooked, `cook` is open inside `serve`, which knows the table."""
    with Tracer() as tracer:
        cook = Cook(tracer)
        answer.load().Kitchen(tracer).serve(4, cook)
        innermost, spans = cook.seen
    told = ", ".join(name + "".join(f" with {key}={value}" for key, value in facts.items()) for name, facts in spans)
    assert innermost == "cook", f"while it is cooked, the innermost span is {innermost}; wanted is cook"
    assert told == "cook, serve with table=4", f"while it is cooked, open are: {told}; wanted: cook, serve with table=4"


def check_two_kitchens_trace_apart(answer):
    """Two kitchens, opened one after the other, write into their own tracers."""
    module = answer.load()
    with Tracer() as left, Tracer() as right:
        first, second = module.Kitchen(left), module.Kitchen(right)
        here, there = Cook(left), Cook(right)
        first.serve(1, here)
        second.serve(2, there)
        told = [here.seen[0], there.seen[0]]
        assert told == ["cook", "cook"], f"each kitchen's own tracer sees {told}"


def check_a_failed_dish_ends_its_spans(answer):
    """When the cook fails, the error comes through and no span stays open."""
    with Tracer() as tracer:
        try:
            answer.load().Kitchen(tracer).serve(4, _burn)
        except LookupError:
            pass
        else:
            raise AssertionError("the cook's error did not come through")
        left = sorted(span.name for span in tracer.live_spans())
        assert not left, f"after the failed dish these spans are open: {', '.join(left)}"


def check_two_dishes_at_once(answer):
    """Two threads that cook in one kitchen have a trace each."""
    module = answer.load()
    with Tracer() as tracer:
        kitchen = module.Kitchen(tracer)

        def serve(table):
            def run(meet):
                def cook(_):
                    meet.wait()
                    trace = tracer.current_trace_id()
                    meet.wait()
                    return trace

                return kitchen.serve(table, cook)

            return run

        traces = at_once(serve(1), serve(2))
    assert None not in traces, "while it is cooked, no trace is open"
    assert traces[0] != traces[1], "both dishes are cooked in one trace"


def check_the_module_remembers_nothing(answer):
    """After a dish, nothing in the module or its classes is different."""
    module = answer.load()
    with Tracer() as tracer:
        changed = changed_state(module, lambda: module.Kitchen(tracer).serve(4, Cook(tracer)))
    assert not changed, f"serving changes {', '.join(changed)}"
