"""What to use instead of hidden state."""

from overt.runtime import error_context, samplers
from overt.runtime.agent_registry import AgentRegistry
from overt.runtime.compare import Comparison
from overt.runtime.observation import Compared, Mismatch, Mismatched, Observation
from overt.runtime.registration import AlreadyRegistered, NotRegistered, Registration
from overt.runtime.runtime import Runtime
from overt.runtime.sampled_events import SampledEvents
from overt.runtime.span import Span, SpanEnded
from overt.runtime.telemetry import Telemetry
from overt.runtime.tracer import Tracer
from overt.runtime.ttl_cache import TTLCache

__all__ = [
    "AgentRegistry",
    "AlreadyRegistered",
    "Compared",
    "Comparison",
    "Mismatch",
    "Mismatched",
    "NotRegistered",
    "Observation",
    "Registration",
    "Runtime",
    "SampledEvents",
    "Span",
    "SpanEnded",
    "TTLCache",
    "Telemetry",
    "Tracer",
    "error_context",
    "samplers",
]
