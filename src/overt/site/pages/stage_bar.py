"""The stages of a migration as a bar, as a picture that needs no script."""

from __future__ import annotations

from collections.abc import Sequence

from overt.flags.stages import Stage, Status
from overt.site.markup import Markup, fill, join

_WIDTH, _TOP, _BAR, _GAP = 600, 4, 22, 6
_LETTER = 7.5
"""About the width of a letter of the labels."""


def share_done(stage: Stage, status: Status | None) -> float:
    """Return how far a stage is on, 0 to 100.

    Args:
        stage: The stage.
        status: Where the migration is; None when that is not known.
    """
    if status is None or stage.number > status.stage:
        return 0.0
    return 100.0 if stage.number < status.stage else status.percentage


def stage_bar(stages: Sequence[Stage], status: Status | None) -> Markup:
    """Return the bar: a box a stage, filled as far as it is on.

    Args:
        stages: The stages, in order; at least one.
        status: Where the migration is; None when that is not known.
    """
    wide = (_WIDTH - _GAP * (len(stages) - 1)) / len(stages)
    told = "; ".join(f"stage {stage.number} {stage.name}: {share_done(stage, status):g} %" for stage in stages)
    known = told if status is not None else "what the flags are set to is not known"
    boxes = [_box(stage, share_done(stage, status), (wide + _GAP) * place, wide) for place, stage in enumerate(stages)]
    height = _TOP + _BAR + 24
    return fill(
        '<figure class="ov-chart"><svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        "{}</svg></figure>",
        _WIDTH,
        height,
        _WIDTH,
        height,
        f"Stages: {known}",
        join(boxes),
    )


def _box(stage: Stage, share: float, x: float, wide: float) -> Markup:
    most = max(1, int(wide / _LETTER) - 3)
    label = stage.name if len(stage.name) <= most else f"{stage.name[: most - 1]}…"
    filled = Markup("")
    if share:
        tone = "ov-done" if share >= 100 else "ov-part"
        size = f"{wide * share / 100:.1f}"
        shape = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'
        filled = fill(shape, tone, f"{x:.1f}", _TOP, size, _BAR)
    return fill(
        '{}<rect x="{}" y="{}" width="{}" height="{}" rx="3"/><text x="{}" y="{}">{}</text>',
        filled,
        f"{x:.1f}",
        _TOP,
        f"{wide:.1f}",
        _BAR,
        f"{x + 2:.1f}",
        _TOP + _BAR + 16,
        f"{stage.number} {label}",
    )
