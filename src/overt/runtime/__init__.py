"""What to use instead of hidden state."""

from overt.runtime.agent_registry import AgentRegistry
from overt.runtime.registration import AlreadyRegistered, NotRegistered, Registration
from overt.runtime.telemetry import Telemetry

__all__ = ["AgentRegistry", "AlreadyRegistered", "NotRegistered", "Registration", "Telemetry"]
