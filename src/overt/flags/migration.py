"""A migration in stages that anybody can take back, and that takes itself back when it goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self
from weakref import WeakMethod

from overt.flags.feature_flags import FeatureFlags
from overt.flags.health import Health, TelemetryHealth
from overt.flags.readiness import (
    CheckFunction,
    Judge,
    Limits,
    ask,
    check_claims,
    check_health,
    check_order,
    check_rollbacks,
    said,
)
from overt.flags.records import Overtaken, StoreError, Value, percent
from overt.flags.reported import report_health
from overt.flags.stages import Check, Move, Readiness, Stage, Status
from overt.flags.store import Note
from overt.runtime.forks import ForkLock
from overt.runtime.helper import Helper
from overt.runtime.telemetry import Telemetry

TOPIC = "migration"
_WAY_OUT = "bring the store back and do it again; a program that is started without it has the defaults of its flags"


class MigrationControl:
    """Turns the flags of a migration on stage by stage.

    Args:
        flags: The flags; every flag of the stages is declared there.
        stages: The stages, numbered 1, 2, 3 without a gap.
        health: Returns how the new implementations do; measured from `telemetry` by default.
        checks: Further conditions of readiness: each returns name, whether it holds, and what was seen.
        judge: Tells of a name that a stage requires whether it is proved, and what was seen. Without it, what a stage
            requires is not.
        telemetry: Where moves are announced as `("overt", "migration", kind)`, and what health is measured from.
        clock: Returns seconds since 1970 UTC.

    Raises:
        ValueError: The numbers of the stages have a gap.
        UnknownFlag: A stage names a flag that is not declared.

    Example:
        >>> from overt.flags import Flag, MemoryStore
        >>> flag = Flag("new-cart", owner="shop", purpose="the new cart", created="2026-11-22", until="2027-06-30")
        >>> with FeatureFlags(MemoryStore(), [flag]) as flags:
        ...     with MigrationControl(flags, [Stage(1, "cart", ["new-cart"])]) as control:
        ...         _ = control.advance_to(1, percentage=25, by="ann")
        ...         before = flags.all()
        ...         _ = control.rollback_to(0, by="bob", reason="too slow")
        ...         before, flags.all(), [move.kind for move in control.history()]
        ({'new-cart': 25.0}, {'new-cart': False}, ['advance', 'rollback'])
    """

    def __init__(
        self,
        flags: FeatureFlags,
        stages: Iterable[Stage],
        *,
        health: Callable[[], Health] | None = None,
        checks: Sequence[CheckFunction] = (),
        judge: Judge | None = None,
        telemetry: Telemetry | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._flags, self._telemetry, self._clock = flags, telemetry, clock
        self._stages = {stage.number: stage for stage in sorted(stages)}
        if list(self._stages) != list(range(1, len(self._stages) + 1)):
            raise ValueError(f"stages are numbered 1, 2, 3 without a gap, not {list(self._stages)}")
        for stage in self._stages.values():
            for name in stage.flags:
                flags.switch(name)  # an unknown one is told now
        self._checks, self._judge, self._lock = tuple(checks), judge, ForkLock()
        self._measured = None if health is not None or telemetry is None else TelemetryHealth(telemetry)
        if self._measured is not None:
            supervise = WeakMethod(self._supervise)  # the telemetry is not to keep a migration that was dropped
            self._measured.on_second = lambda: (method := supervise()) and method()
        self._health = health or self._measured
        self._helper = Helper("overt-migration", self._watch)
        self._limits, self._told_at = Limits(), float("-inf")
        self._breaches_needed, self._breaches, self._armed = 2, 0, True
        self._moves, self._monitoring = 0, False
        self._known: Sequence[Move] = ()
        with suppress(StoreError):
            self._known = self.history()

    # -- where it stands -----------------------------------------------------------------------------------------

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in order."""
        return tuple(self._stages.values())

    def history(self) -> Sequence[Move]:
        """Return the moves so far, the oldest first; they survive restarts.

        Raises:
            StoreError: The store cannot be read.
        """
        notes = self._flags.notes(TOPIC)
        return [Move(**{field: note[field] for field in Move._fields if field in note}) for note in notes]

    def status(self) -> Status:
        """Return where the migration stands; what was known last, with the `problem`, when the store cannot be read."""
        try:
            self._known, problem = self.history(), ""
        except StoreError as error:
            problem = error.message
        return self._status(self._known, problem)

    def _status(self, history: Sequence[Move], problem: str = "") -> Status:
        stage, percentage = (history[-1].new, history[-1].percentage) if history else (0, 0.0)
        values, wanted = self._flags.all(), self._wanted(stage, percentage)
        names = [name for each in self._stages.values() for name in each.flags]
        return Status(
            stage=stage,
            percentage=percentage,
            name=self._stages[stage].name if stage in self._stages else "",
            flags={name: values[name] for name in names},
            drift=tuple(name for name in names if history and percent(values[name]) != percent(wanted[name])),
            history=history,
            health=self.health(),
            problem=problem,
        )

    def health(self) -> Health | None:
        """Return how the new implementations do; None when nothing measures."""
        return None if self._health is None else self._health()

    def readiness(self, n: int) -> Readiness:
        """Tell whether a stage may be entered, and why not.

        Looked at: the stages before it are complete, the measured health, no rollback in the last hour, what this stage
        and those before it require, and the further checks. A check that raises does not hold.

        Raises:
            ValueError: There is no such stage.
        """
        self._stage(n)
        status = self.status()
        needed = [name for stage in self.stages if stage.number <= n for name in stage.requires]
        store = (Check("store", ok=False, why=status.problem),) if status.problem else ()
        checks = (
            *store,
            check_order(n, status),
            check_health(status, self._limits),
            check_rollbacks(status.history, self._clock()),
            *check_claims(dict.fromkeys(needed), self._judge),
            *ask(self._checks),
        )
        return Readiness(all(check.ok for check in checks), checks)

    # -- moves ---------------------------------------------------------------------------------------------------

    def advance_to(self, n: int, percentage: float = 100, *, by: str = "", reason: str = "") -> Move:
        """Turn the flags of a stage on, and those of the stages before it wholly.

        It does not ask for readiness: whoever calls it has, or has a reason not to.

        Args:
            n: Number of the stage.
            percentage: Of the keys, for the flags of that stage; more than 0.
            by: Who makes the move.
            reason: Why.

        Raises:
            ValueError: There is no such stage, it is behind, or the percentage is less than it was.
            StoreError: The store cannot be written; nothing was changed.
            Overtaken: Another process made a move at the same time; nothing was changed.
        """
        self._stage(n)
        if isinstance(percentage, bool) or not 0 < percentage <= 100:
            raise ValueError(f"a stage is entered with more than 0 and at most 100 percent, not {percentage}")
        with self._lock.bare():
            status = self._status(self.history())
            if (n, percentage) < (status.stage, status.percentage):
                raise ValueError(
                    f"stage {status.stage} at {status.percentage:g} % is reached; use rollback_to to go back"
                )
            return self._move("advance", status, n, float(percentage), by, reason)

    def rollback_to(self, n: int, *, by: str = "", reason: str = "") -> Move:
        """Turn the flags of all later stages off; 0 turns everything off.

        A store that was deleted or is damaged is made anew with what was known last, and the `problem` of the move says
        so; a damaged file is kept.

        Raises:
            ValueError: There is no such stage, or it is ahead.
            StoreError: The store cannot be written nor made anew; nothing was changed.
        """
        return self._back("rollback", n, by, reason)

    def emergency_rollback(self, reason: str, *, by: str = "") -> Move:
        """Turn everything off at once, as `rollback_to(0)` does.

        Raises:
            StoreError: The store cannot be written nor made anew; nothing was changed.
        """
        return self._back("emergency", 0, by, reason)

    def _back(self, kind: str, n: int, by: str, reason: str) -> Move:
        if n:
            self._stage(n)
        with self._lock.bare():
            while True:
                status = self.status()
                if n > status.stage and status.problem and not status.history:
                    raise StoreError(
                        f"where the migration stands is not known: {status.problem}", "0 turns everything off"
                    )
                if n > status.stage:
                    raise ValueError(f"stage {n} is ahead of stage {status.stage}; use advance_to to go on")
                percentage = (status.percentage if n == status.stage else 100.0) if n else 0.0
                try:
                    return self._move(kind, status, n, percentage, by, reason)
                except Overtaken:  # a move of another process came between: going back is what is wanted all the same
                    continue

    def _move(self, kind: str, status: Status, new: int, percentage: float, by: str, reason: str) -> Move:
        move = Move(self._clock(), by, kind, status.stage, new, percentage, reason)
        data = {"kind": kind, "old": status.stage, "new": new, "percentage": percentage}
        if status.problem:
            data["problem"] = status.problem
        note = Note(TOPIC, data, after=None if status.problem else len(status.history))
        wanted = self._wanted(new, percentage)
        values = self._flags.all()
        # Nothing is known of the values, or of what other processes have: they are set whatever they seem to be.
        blind = bool(status.problem) or not (new or status.history)
        # Going back, also what somebody has turned on by hand goes off; going on, later stages are left alone.
        later = {name for stage in self.stages if stage.number > new for name in stage.flags}
        changed = {
            name: value
            for name, value in wanted.items()
            if (blind or percent(values[name]) != percent(value)) and (kind != "advance" or name not in later)
        }
        if kind in {"rollback", "emergency"}:
            problem = self._insist(changed, by, reason, note, blind=blind)
            move = move._replace(problem=status.problem or problem)
        else:
            self._flags.apply(changed, by=by, reason=reason, note=note)
        self._known = (*status.history, move)
        if move.problem:
            with suppress(StoreError):
                self._known = self.history()  # those before may be lost
        self._moves = len(self._known)
        self._measure_anew(armed=kind != "automatic")
        if self._telemetry is not None:
            self._telemetry.execute(("overt", "migration", kind), {"count": 1}, move._asdict())
        return move

    def _insist(self, changed: dict[str, Value], by: str, reason: str, note: Note, *, blind: bool) -> str:
        """Make a change that must be made; return what was wrong with the store."""
        try:
            if blind:
                self._flags.renew()
            return self._flags.insist(changed, by=by, reason=reason, note=note)
        except Overtaken:
            raise
        except StoreError as error:
            raise StoreError(f"the flags could not be turned off: {error.message}", _WAY_OUT) from error

    def _wanted(self, stage: int, percentage: float) -> dict[str, Value]:
        """Return the value of every flag at a stage."""
        wanted: dict[str, Value] = {}
        for each in reversed(self.stages):  # a flag of two stages belongs to the earlier one
            now = True if each.number < stage or percentage >= 100 else percentage
            value: Value = now if each.number <= stage else False
            wanted.update(dict.fromkeys(each.flags, value))
        return wanted

    def _stage(self, n: int) -> Stage:
        if n not in self._stages:
            raise ValueError(f"there is no stage {n}; known: {', '.join(map(str, self._stages))}")
        return self._stages[n]

    # -- the monitor ---------------------------------------------------------------------------------------------

    def start_monitor(
        self,
        interval: float = 1.0,
        *,
        max_error_rate: float = 0.05,
        max_latency_ratio: float = 2.0,
        min_samples: int = 20,
        breaches: int = 2,
        report_every: float = 5.0,
    ) -> None:
        """Look at the health again and again, and go one stage back when it is bad several times in a row.

        After that it waits until the health was good, or somebody makes a move, before it would go back again.

        Args:
            interval: Seconds between two looks.
            max_error_rate: Share of failed calls that is still good, 0 to 1.
            max_latency_ratio: New by legacy that is still good.
            min_samples: Calls below which nothing is decided.
            breaches: How many bad looks in a row it takes.
            report_every: Seconds after which the store is told what was measured, for `overt flags status` and whoever
                else looks from another process.

        Raises:
            ValueError: Nothing measures health.
            StoreError: The store cannot be read.
        """
        if self._health is None:
            raise ValueError("nothing measures health; give MigrationControl a telemetry or a health function")
        self._limits = Limits(interval, max_error_rate, max_latency_ratio, min_samples, report_every)
        self._breaches_needed = max(1, breaches)
        history = self.history()
        self._moves, self._monitoring = len(history), True
        self._armed = not history or history[-1].kind != "automatic"
        self._helper.ensure()

    def _supervise(self) -> None:
        """See to it that the monitor runs: also in a forked child, also when its thread was ended."""
        if self._monitoring:
            self._helper.ensure()

    @property
    def monitored(self) -> bool:
        """Whether the monitor runs, in this process."""
        return self._helper.running

    def _watch(self) -> float | None:
        self._tell()
        health = self.health()
        if health is None or health.samples < self._limits.min_samples:
            return self._limits.interval
        if not self._limits.exceeded_by(health):
            self._breaches, self._armed = 0, True
        elif not self._has_been_moved() and self._armed:
            self._breaches += 1
            if self._breaches >= self._breaches_needed:
                self._roll_back_by_itself(health)
        return self._limits.interval

    def _tell(self) -> None:
        """Tell the store now and then what was measured, for those who look from another process."""
        now = time.monotonic()
        if now - self._told_at < self._limits.report_every:
            return
        self._told_at = now
        with suppress(StoreError):  # the flags have told that it cannot be used
            self._has_been_moved()
            health = self.health()
            if health is not None:
                report_health(self._flags, health, moves=self._moves, at=self._clock())

    def _has_been_moved(self) -> bool:
        """Tell whether another process made a move; what was measured before it says nothing about what is now."""
        history = self.history()
        if len(history) == self._moves:
            return False
        self._moves = len(history)
        self._measure_anew(armed=history[-1].kind != "automatic")
        return True

    def _measure_anew(self, *, armed: bool) -> None:
        if self._measured is not None:
            self._measured.reset()
        self._breaches, self._armed = 0, armed

    def _roll_back_by_itself(self, health: Health) -> None:
        with self._lock.bare():
            status = self._status(self.history())
            if status.stage and len(status.history) == self._moves:
                new = status.stage - 1
                with suppress(Overtaken):  # another process was quicker: the next look finds its move
                    self._move("automatic", status, new, 100.0 if new else 0.0, "overt monitor", said(health))

    def close(self) -> None:
        """Stop the monitor and the measuring; the flags stay as they are and open."""
        self._monitoring = False
        self._helper.stop()
        if self._measured is not None:
            self._measured.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
