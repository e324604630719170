"""The operational runbook of a migration, written from its stages: forward by percentage, a look, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from overt.campaign.records import Campaign, StageTable
from overt.flags.readiness import Limits

PERCENTAGES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"low": (10, 100), "medium": (10, 50, 100), "high": (1, 10, 50, 100)}
)
"""By the risk of a stage: of how many of a hundred keys its flags are on, one step after another."""

_RISKS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Service:
    """What a rehearsal runs in the background.

    Args:
        id: Its name.
        command: What starts it.
    """

    id: str
    command: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a project adds to what its stages say.

    Args:
        id: Id of the runbook.
        look: Command that ends with 0 while users are well; `FLAG=PERCENT` of a stage is appended. Without one, the
            stored percentages are looked at.
        services: What a rehearsal runs in the background; each prints `ready` when it can be used.
        inputs: Globs of files whose change makes a rehearsal stale, beside those that blocks name.
        made_by: The command line that writes the runbook.
    """

    id: str
    look: str = ""
    services: tuple[Service, ...] = ()
    inputs: tuple[str, ...] = ()
    made_by: str = "overt flags runbook"


def operational(campaign: Campaign, wishes: Wishes) -> str:
    """Return the runbook as Markdown.

    Args:
        campaign: Its stages and flags.
        wishes: What the project adds.
    """
    parts = [
        _head(campaign, wishes),
        _overview(campaign.stages),
        _thresholds(),
        _before(wishes),
        *(_stage(stage, wishes) for stage in campaign.stages),
        _emergency(campaign.stages, wishes),
        _components(campaign.stages),
        _trouble(),
        _retirement(campaign),
    ]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def _head(campaign: Campaign, wishes: Wishes) -> str:
    owners = sorted({campaign.flags[flag].owner for stage in campaign.stages for flag in stage.flags})
    risk = max((stage.risk for stage in campaign.stages), key=_RISKS.index)
    inputs = f"inputs: [{', '.join(('overt.toml', *wishes.inputs))}]\n"
    return (
        f"---\nid: {wishes.id}\nowner: {' and '.join(owners)}\nrisk: {risk}\nrehearse_every: 30d\n"
        f"env: [ADVANCE=--force]\n{inputs}---\n"
        "# Roll the migration out, stage by stage, and back\n\n"
        f"<!-- Written from the stages of overt.toml by `{wishes.made_by}`; run it again when they change. -->\n\n"
        f"{_INTRODUCTION}"
    )


_INTRODUCTION = """\
Each stage turns its flags on for more and more keys (users, tenants, requests); a key that has the new
implementation keeps it. After every step comes a look; under every step stands the way back. Who changed what,
when and why is in the history: `overt flags history`.

A stage is entered only when the claims that it requires are proved: `overt flags status` shows what is
missing. A rehearsal works on a copy that has no evidence, so there, and only there, `$ADVANCE` is `--force`. The
environment in which it is carried out for real sets it to nothing: `env = ["ADVANCE="]`.
"""


def _overview(stages: Sequence[StageTable]) -> str:
    head = ("Stage", "Name", "Flags", "Risk", "Percent of the keys", "Requires the claims")
    rows = [
        (stage.number, stage.name, _names(stage.flags), stage.risk, _percentages(stage), _names(stage.requires) or "-")
        for stage in stages
    ]
    return _table(head, rows)


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _percentages(stage: StageTable) -> str:
    return ", ".join(str(each) for each in PERCENTAGES[stage.risk])


def _thresholds() -> str:
    limits, shown = Limits(), "`overt flags status`"
    rows = (
        ("failed calls of the new implementations", f"at most {limits.max_error_rate:.0%}", shown),
        ("time of new calls by that of legacy ones", f"at most {limits.max_latency_ratio:g}", shown),
        ("calls that this rests on", f"at least {limits.min_samples}", shown),
        ("calls that both implementations answered differently", 0, shown),
    )
    return (
        f"## What to look at\n\n{_table(('What', 'Good', 'Shown by'), rows)}\n"
        "A program that runs the monitor goes one stage back by itself when one of the first two is past its limit\n"
        "twice in a row. Where there are not enough calls to tell, wait until there are.\n"
    )


def _fence(role: str, body: str, language: str = "bash", **attributes: object) -> str:
    given = "".join(f" {key.rstrip('_')}={value}" for key, value in attributes.items())
    return f"```{language} {{ .{role}{given} }}\n{body.rstrip()}\n```\n"


_NOTHING = """\
overt flags values > "$TMPDIR/values"
! grep -v ' 0$' "$TMPDIR/values\""""


def _before(wishes: Wishes) -> str:
    services = "".join(
        f"{_fence('service', one.command, id=one.id, ready='ready', timeout=120)}\n" for one in wishes.services
    )
    told = "While it is rehearsed, this runs beside it:\n\n" if services else ""
    return (
        f"## Before you begin\n\n{told}{services}Nothing is turned on yet.\n\n"
        f"{_fence('precheck', _NOTHING, id='nothing-is-on', timeout=60)}\n"
        "What is watched meanwhile: of how many of a hundred keys each flag is on.\n\n"
        f"{_fence('state', 'overt flags values', id='flags', timeout=60)}"
    )


def _look(wishes: Wishes, flags: Sequence[str], percentage: int) -> str:
    if wishes.look:
        return f"{wishes.look} {' '.join(f'{flag}={percentage}' for flag in flags)}"
    values = 'overt flags values > "$TMPDIR/values"\n'
    return values + "\n".join(f"grep -qx '{flag} {percentage}' \"$TMPDIR/values\"" for flag in flags)


def _advance(number: int, percentage: int, reason: str) -> str:
    return f'overt flags advance {number} --percentage {percentage} $ADVANCE --by on-call --reason "{reason}"'


def _back(number: int, reason: str) -> str:
    return f'overt flags rollback {number} --by on-call --reason "{reason}"'


def _stage(stage: StageTable, wishes: Wishes) -> str:
    described = f"{stage.description}\n\n" if stage.description else ""
    return f"## Stage {stage.number}: {stage.name}\n\n{described}" + "\n".join(_steps(stage, wishes))


def _steps(stage: StageTable, wishes: Wishes) -> Iterator[str]:
    for before, now in pairwise((0, *PERCENTAGES[stage.risk])):
        step = f"stage-{stage.number}-at-{now}"
        undo = _back(stage.number - 1, f"back from stage {stage.number}")
        told = f"to stage {stage.number - 1}"
        if before:
            undo += "\n" + _advance(stage.number, before, f"back to {before} %")
            told = f"to {before} %; in earnest the first line is enough, and leaves stage {stage.number} wholly"
        share = "Everybody" if now == 100 else f"{now} % of the keys"
        forward, look = _advance(stage.number, now, f"{stage.name}, {now} %"), _look(wishes, stage.flags, now)
        yield (
            f"### {share}\n\n{_fence('step', forward, id=step, timeout=60)}\n"
            f"{_fence('check', look, for_=step, id=f'look-{stage.number}-at-{now}', timeout=180)}\n"
            f"Take it back {told}:\n\n{_fence('undo', undo, for_=step, timeout=120)}"
        )


def _emergency(stages: Sequence[StageTable], wishes: Wishes) -> str:
    flags = [flag for stage in stages for flag in stage.flags]
    again = "\n".join(_advance(stage.number, 100, "the fault was elsewhere") for stage in stages)
    off = _back(0, "errors doubled")
    return (
        "## In an emergency\n\nDo not go back step by step. One command turns all of it off, for everybody; then find\n"
        "out why. It works also when nothing is proved, and when the store is damaged. It is rehearsed here from the\n"
        "last stage.\n\n"
        f"{_fence('step', off, id='emergency', timeout=60)}\n"
        f"{_fence('check', _look(wishes, flags, 0), for_='emergency', id='look-all-off', timeout=180)}\n"
        f"Take it back:\n\n{_fence('undo', again, for_='emergency', timeout=240)}\n"
        "### When the fault was elsewhere\n\nForward again, all at once, only where the cause is known.\n\n"
        f"{_fence('step', again, id='forward-again', timeout=240)}\n"
        f"{_fence('check', _look(wishes, flags, 100), for_='forward-again', id='look-all-on', timeout=180)}\n"
        f"Take it back:\n\n{_fence('undo', off, for_='forward-again', timeout=60)}"
    )


def _components(stages: Sequence[StageTable]) -> str:
    rows = [
        (f"`{flag}`", f"`{_back(stage.number - 1, 'this one alone')}`", f"stage {stage.number} and all after it")
        for stage in stages
        for flag in stage.flags
    ]
    return (
        "## Back with one component\n\nStages add up: to leave one, those after it are left, too. A single flag that\n"
        "stands otherwise than its stage is shown as drift by `overt flags status`.\n\n"
        f"{_table(('Component', 'Command', 'Leaves'), rows)}"
    )


_TROUBLE = (
    ("`Stage N is not ready`", "a claim that it requires is not proved", "`overt validate`, then mend what it names"),
    ("`Stage N is not ready`, at `health`", "a limit of the table above is passed", "go back, or wait for calls"),
    ("`is reached; use rollback_to`", "the percentage is below the one that is reached", "go back, then forward again"),
    ("somebody else made a move", "two people are at it", "`overt flags status`, talk, decide anew"),
    ("`the flags could not be turned off`", "the store can be neither written nor made anew", "look at the disk"),
    ("drift in `overt flags status`", "a flag was set by hand", "`overt flags rollback` to the stage sets them all"),
    ("exit status 3", "the store cannot be read", "`overt flags rollback 0` makes it anew, all off"),
)


def _trouble() -> str:
    head = ("What you see", "What it means", "What to do")
    return f"## When something goes wrong\n\n{_table(head, _TROUBLE)}"


def _retirement(campaign: Campaign) -> str:
    rows = [
        (f"`{flag}`", campaign.flags[flag].owner, campaign.flags[flag].until)
        for stage in campaign.stages
        for flag in stage.flags
    ]
    return (
        "## When it is over\n\nA flag that was on for everybody for long is taken out of the code and of\n"
        "`overt.toml`, and the legacy implementation with it: `overt flags retired` lists those that are due.\n\n"
        f"{_table(('Flag', 'Owner', 'Gone by'), rows)}"
    )
