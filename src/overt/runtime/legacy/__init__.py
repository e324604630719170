"""The same interfaces on `threading.local`, kept behind a flag for rollback and comparison."""

from overt.runtime.legacy import error_context
from overt.runtime.legacy.agent_registry import AgentRegistry
from overt.runtime.legacy.sampled_events import SampledEvents
from overt.runtime.legacy.tracer import Tracer
from overt.runtime.legacy.ttl_cache import TTLCache

__all__ = ["AgentRegistry", "SampledEvents", "TTLCache", "Tracer", "error_context"]
