"""The clean-up of the five systems: how each was before, how it is now, and the switch that leads to either."""

from diagrams import Cluster, Diagram, Edge, Node

with Diagram("Before and after", show=False, direction="LR"):
    flags = Node("overt.flags")
    runtime = Node("overt.runtime.runtime")

    with Cluster("A switch for each"):
        registry = Node("overt.runtime.switched_registry")
        context = Node("overt.runtime.switched_context")
        cache = Node("overt.runtime.switched_cache")
        events = Node("overt.runtime.switched_events")
        tracer = Node("overt.runtime.switched_tracer")

    with Cluster("Before: state of a thread"):
        old_registry = Node("overt.runtime.legacy.agent_registry")
        old_context = Node("overt.runtime.legacy.error_context")
        old_cache = Node("overt.runtime.legacy.ttl_cache")
        old_events = Node("overt.runtime.legacy.sampled_events")
        old_tracer = Node("overt.runtime.legacy.tracer")

    with Cluster("After: objects with an owner"):
        new_registry = Node("overt.runtime.agent_registry")
        new_context = Node("overt.runtime.error_context")
        new_cache = Node("overt.runtime.ttl_cache")
        new_events = Node("overt.runtime.sampled_events")
        new_tracer = Node("overt.runtime.tracer")

    flags >> Edge(label="decides", style="dashed", href="claim:old-and-new-agree") >> runtime
    runtime >> [registry, context, cache, events, tracer]
    registry >> [old_registry, new_registry]
    context >> [old_context, new_context]
    cache >> [old_cache, new_cache]
    events >> [old_events, new_events]
    tracer >> [old_tracer, new_tracer]
