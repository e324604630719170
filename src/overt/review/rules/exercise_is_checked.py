"""An exercise changed, so its checker was held against its solution and its wrong answers."""

from __future__ import annotations

from overt.evidence.judging import exercise_state
from overt.evidence.records import ExerciseChecked
from overt.model import Location, State
from overt.review.context import Context
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted


def _touched(context: Context, track: str) -> list[str]:
    """Return the folders of the track in which something changed and that are still there."""
    below = f"{track.strip('/')}/"
    changed = [file.path.removeprefix(below) for file in context.changes.files if file.path.startswith(below)]
    folders = {path.split("/")[0] for path in changed if "/" in path}
    names = context.changes.head_names
    return sorted(folder for folder in folders if any(name.startswith(f"{below}{folder}/") for name in names))


def prove(context: Context) -> Outcome:
    """Look for what the ledger holds of the changed exercises on this commit."""
    track = context.campaign.training.path
    if not track:
        return Outcome(None, "the project has no exercises of its own")
    touched = _touched(context, track)
    if not touched:
        return Outcome(None, "no exercise changed")
    checked: dict[str, ExerciseChecked] = {}
    for run in context.runs:
        for record in () if run.damage else run.of(ExerciseChecked):
            checked.setdefault(record.exercise, record)
    places = tuple(Location(f"{track.strip('/')}/{name}") for name in touched[:5])
    wrong = [name for name in touched if name in checked and exercise_state(checked[name]) is not State.PROVED]
    if wrong:
        told = "; ".join(f"{name}: {checked[name].reason or 'its checker is wrong'}" for name in wrong[:5])
        return Outcome(State.REFUTED, told, places)
    absent = [name for name in touched if name not in checked]
    if absent:
        told = f"not checked on this commit: {', '.join(absent[:5])}; run: overt train dev check"
        return Outcome(State.UNCHECKED, told, places)
    return Outcome(
        State.PROVED, f"{counted(len(touched), 'exercise')} checked on this commit", command="overt train dev check"
    )


def _checked(rejected: int) -> tuple[ExerciseChecked, ...]:
    return (
        ExerciseChecked(
            id="exercise:training:01-till",
            suite="training",
            exercise="01-till",
            text_sha256="0" * 64,
            solution_passes=True,
            start_fails=True,
            wrong_rejected=rejected,
            wrong_total=2,
        ),
    )


_BASE = {"overt.toml": '[training]\npath = "track"\n', "track/01-till/task.md": "# Till\n"}
_HEAD = {**_BASE, "track/01-till/task.md": "# The till\n"}

RULE = ReviewRule(
    id="exercise-is-checked",
    title="A changed exercise was checked",
    why="A checker that takes a wrong answer teaches it.",
    prove=prove,
    remedy="run `overt train dev check`, and mend the exercise",
    see="docs/explanation/guidelines.md#trust-evidence-of-this-commit-only",
    examples=(
        Example("its checker rejects every wrong answer", _HEAD, State.PROVED, _BASE, {"training": _checked(2)}),
        Example("its checker takes a wrong answer", _HEAD, State.REFUTED, _BASE, {"training": _checked(1)}),
        Example("nobody checked it", _HEAD, State.UNCHECKED, _BASE),
        Example("it goes", {"overt.toml": _BASE["overt.toml"]}, None, _BASE),
        Example("the project has none", {"track/01-till/task.md": "# Till\n"}, None),
    ),
)
