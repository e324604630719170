"""The parts of a SARIF document that findings are made of."""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, rename="camel"):
    """A part of the document; what is not named here is passed over."""


class Message(Part, rename="camel"):
    """A text."""

    text: str | None = None
    markdown: str | None = None
    id: str | None = None

    @property
    def said(self) -> str:
        """The text in whichever form it is given."""
        return (self.text or self.markdown or self.id or "").strip()


class Artifact(Part, rename="camel"):
    """Which file."""

    uri: str | None = None


class Region(Part, rename="camel"):
    """Where in a file."""

    start_line: int | None = None
    start_column: int | None = None


class Physical(Part, rename="camel"):
    """A place in a file."""

    artifact_location: Artifact | None = None
    region: Region | None = None


class Logical(Part, rename="camel"):
    """A place in the program's structure."""

    name: str | None = None
    fully_qualified_name: str | None = None

    @property
    def name_in_full(self) -> str:
        """Its name."""
        return self.fully_qualified_name or self.name or ""


class Place(Part, rename="camel"):
    """A place."""

    physical_location: Physical | None = None
    logical_locations: list[Logical] | None = None
    message: Message | None = None

    @property
    def uri(self) -> str:
        """Its file; empty when it has none."""
        physical = self.physical_location
        return (physical.artifact_location.uri or "") if physical and physical.artifact_location else ""

    @property
    def line(self) -> int:
        """Its line from 1; 0 when not known."""
        region = self.physical_location.region if self.physical_location else None
        return (region.start_line or 0) if region else 0

    @property
    def column(self) -> int:
        """Its column from 1; 0 when not known."""
        region = self.physical_location.region if self.physical_location else None
        return (region.start_column or 0) if region else 0

    @property
    def said(self) -> str:
        """What is said about it."""
        return self.message.said if self.message else ""


class Suppression(Part, rename="camel"):
    """Why a finding does not count."""

    status: str | None = None
    justification: str | None = None


class Result(Part, rename="camel"):
    """A finding."""

    message: Message = msgspec.field(default_factory=Message)
    rule_id: str | None = None
    rule_index: int | None = None
    level: str | None = None
    kind: str | None = None
    baseline_state: str | None = None
    locations: list[Place] | None = None
    related_locations: list[Place] | None = None
    suppressions: list[Suppression] | None = None


class Configuration(Part, rename="camel"):
    """Defaults of a rule."""

    level: str | None = None


class RuleOf(Part, rename="camel"):
    """A rule."""

    id: str
    help_uri: str | None = None
    default_configuration: Configuration | None = None


class Driver(Part, rename="camel"):
    """The tool itself."""

    name: str = ""
    version: str | None = None
    semantic_version: str | None = None
    rules: list[RuleOf] | None = None


class Tool(Part, rename="camel"):
    """The tool with its extensions."""

    driver: Driver = msgspec.field(default_factory=Driver)


class Notification(Part, rename="camel"):
    """Something the tool says about its own work."""

    message: Message = msgspec.field(default_factory=Message)
    level: str | None = None
    locations: list[Place] | None = None


class Invocation(Part, rename="camel"):
    """How the tool was run."""

    execution_successful: bool = True
    tool_execution_notifications: list[Notification] | None = None
    tool_configuration_notifications: list[Notification] | None = None


class RunOf(Part, rename="camel"):
    """One run of one tool."""

    tool: Tool = msgspec.field(default_factory=Tool)
    results: list[Result] | None = None
    artifacts: list[msgspec.Raw] | None = None
    invocations: list[Invocation] | None = None


class Log(Part, rename="camel"):
    """The document."""

    version: str = ""
    runs: list[RunOf] = []
