"""The page of feature flags and stages, from the campaign."""

from __future__ import annotations

from overt.site.inputs import SiteInputs
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.common import front
from overt.site.paths import FLAGS, MIGRATION, relative


def flags(inputs: SiteInputs) -> Markup:
    """Return the page of flags."""
    rooms = inputs.rooms
    rows = [
        (code(name), flag.purpose, flag.owner, flag.created, flag.until, "on" if flag.default else "off")
        for name, flag in sorted(rooms.flags.items())
    ]
    stages = [
        (stage.number, stage.name, join(map(code, stage.flags), ", "), stage.risk, stage.description)
        for stage in rooms.stages
    ]
    return paragraphs(
        front("Feature flags", f"The feature flags of {inputs.project}, with owner and last day."),
        Markup("# Feature flags"),
        fill(
            "Declared in {}. How far they are turned on, and which of them are done, stands under {}.",
            code("overt.toml"),
            link("migration", relative(FLAGS, MIGRATION)) if rooms.migration is not None else code("overt flags"),
        ),
        table(("Flag", "What it switches", "Owner", "Since", "Until", "Default"), rows),
        paragraphs(
            Markup("## Stages"),
            Markup("Stages add up: at a stage its flags and those of all stages before it are on."),
            table(("Stage", "Name", "Flags", "Risk", "What changes"), stages, align="rllll"),
        )
        if stages
        else Markup(""),
    )
