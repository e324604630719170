"""Suites of kind `controls`: each gate must alarm at a planted defect, and stay silent without one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from overt.campaign.flag_states import state_of
from overt.campaign.records import Campaign, Suite
from overt.evidence.records import AnyRecord, Control
from overt.validate.context import Context, Ending, Observations
from overt.validate.controls.gates import NONE_DECLARED, Gate, gates_of
from overt.validate.controls.places import place_for
from overt.validate.controls.seeds import TESTS
from overt.validate.controls.trial import Ring, Trial, judge
from overt.validate.controls.workshop import copy_project, planted, search_path
from overt.validate.environment import project_python
from overt.validate.recording import recorder_folder

_PLUGIN = ("-p", "overt_planted")


def run(context: Context) -> Observations:
    """Try the gates of the project, in a copy of it.

    Args:
        context: The suite.
    """
    gates = tuple(gates_of(context.campaign, context.suite.gates))
    for gate in gates:
        if gate.seed is None:
            yield _record(context, gate, Trial(unable=NONE_DECLARED.format(gate.suite)), seeded=True)
    tried = [gate for gate in gates if gate.seed is not None]
    if not tried:
        return Ending("unable", "no suite has a defect to find; declare one as [suites.NAME.control]")
    context.current("a copy of the project")
    copy = context.scratch / "copy"
    copy_project(context.root, context.files, context.campaign, copy)
    deadline_ns = context.clock.monotonic_ns() + round(context.suite.timeout * 1e9)
    ring = Ring(context, copy, _campaign(context, copy), deadline_ns, context.cancel)
    for records in _all(context, ring, tried):
        yield records
        if not ring.left:
            break
    if context.cancel.is_set():
        return Ending("interrupted", "the run was interrupted while gates were tried")
    return Ending() if ring.left else Ending("timeout", f"its time limit of {context.suite.timeout:g} s ended it")


def _campaign(context: Context, copy: Path) -> Campaign:
    """Return the campaign for the copy: the same interpreter, and the packages of the copy."""
    python = project_python(context.root, context.campaign, context.environment)
    whole = str(Path(python).absolute()) if os.sep in python else python
    project = msgspec.structs.replace(context.campaign.project, python=whole)
    search = search_path(context.campaign, copy, context.environment)
    suites = {
        name: msgspec.structs.replace(suite, flags=(), env={"PYTHONPATH": search, **suite.env} if search else suite.env)
        for name, suite in context.campaign.suites.items()
        if not state_of(name)
    }
    return msgspec.structs.replace(context.campaign, project=project, suites=suites)


def _all(context: Context, ring: Ring, gates: Sequence[Gate]) -> Iterator[list[AnyRecord]]:
    for gate in gates:
        if not gate.plant:
            context.current(gate.name)
            yield _other(context, ring, gate)
    # Planted tests stay in the copy, where linters would see them.
    among_tests = [gate for gate in gates if gate.plant]
    if among_tests:
        yield from _tests(context, ring, among_tests)


def _tests(context: Context, ring: Ring, gates: Sequence[Gate]) -> Iterator[list[AnyRecord]]:
    """Plant tests in every suite that runs tests, and run all of these suites together."""
    by_suite: dict[str, list[Gate]] = {}
    for gate in gates:
        by_suite.setdefault(gate.suite, []).append(gate)
    # Tests that are put behind others in a file change that file; two suites may share it.
    shared = any(".py" in argument for name in by_suite for argument in ring.campaign.suites[name].args)
    parallel = 1 if shared else min(4, os.cpu_count() or 1)
    for seeded in (True, False):
        context.current("tests with a defect" if seeded else "tests without one")
        suites = {
            name: _with_tests(ring.campaign.suites[name], mine, context.scratch, name, seeded=seeded)
            for name, mine in by_suite.items()
        }
        bout = ring.run(suites, parallel=parallel)
        for mine in by_suite.values():
            yield [_record(context, gate, judge(gate, bout, seeded=seeded), seeded=seeded) for gate in mine]


def _with_tests(suite: Suite, gates: Sequence[Gate], scratch: Path, name: str, *, seeded: bool) -> Suite:
    """Return a suite that runs planted tests and no other: of so many not as many can be asked as of all."""
    stem = re.sub(r"\W+", "_", name)
    source = scratch / f"{stem}.{'seed' if seeded else 'twin'}.py"
    texts = [TESTS[gate.plant].text if seeded else TESTS[gate.plant].twin for gate in gates]
    source.write_text("\n\n".join(texts), encoding="utf-8")
    env = {**suite.env, "OVERT_PLANT": str(source), "OVERT_PLANT_AS": stem}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(recorder_folder()), env.get("PYTHONPATH", "")]))
    return msgspec.structs.replace(suite, args=(*_PLUGIN, *suite.args), env=env, at_least=min(1, suite.at_least))


def _other(context: Context, ring: Ring, gate: Gate) -> list[AnyRecord]:
    """Try a suite of another kind: as it is, or with the twin, and then with the defect."""
    suite = ring.campaign.suites[gate.suite]
    place = place_for(context, gate, ring.copy)
    if gate.seed is None or place is None:
        return [_record(context, gate, Trial(unable="no file that it looks at was found to plant in"), seeded=True)]
    after = _lines(ring.copy / place.file)
    records: list[AnyRecord] = []
    for seeded, text in ((False, place.seed.twin), (True, place.seed.text)):
        with planted(ring.copy, place.file, text):
            bout = ring.run({gate.suite: suite})
        trial = judge(gate, bout, seeded=seeded, planted="" if gate.file else place.file, after=after)
        records.append(_record(context, gate, trial, seeded=seeded, where=place.file))
    return records


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def _record(context: Context, gate: Gate, trial: Trial, *, seeded: bool, where: str = "") -> Control:
    words = gate.seed.words if gate.seed else ""
    place = f" in {where}" if where and not gate.file else ""
    return Control(
        id=f"control:{context.name}:{gate.name}:{'defect' if seeded else 'twin'}",
        suite=context.name,
        gate=gate.name,
        must_alarm=seeded,
        alarmed=trial.alarmed,
        note=trial.note,
        sort=gate.sort,
        planted=(f"{words}{place}" if seeded else "the same without the defect") if words else "",
        unable=trial.unable,
        value=trial.figures[0],
        low=trial.figures[1],
        high=trial.figures[2],
        unit=trial.unit,
        duration_ns=trial.duration_ns,
    )
