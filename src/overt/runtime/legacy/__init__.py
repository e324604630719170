"""The same interfaces on `threading.local`, kept behind a flag for rollback and comparison."""

from overt.runtime.legacy import error_context
from overt.runtime.legacy.agent_registry import AgentRegistry
from overt.runtime.legacy.tracer import Tracer

__all__ = ["AgentRegistry", "Tracer", "error_context"]
