"""The same interfaces on `threading.local`, kept behind a flag for rollback and comparison."""

from overt.runtime.legacy.agent_registry import AgentRegistry

__all__ = ["AgentRegistry"]
