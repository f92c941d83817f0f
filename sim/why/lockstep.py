"""Histories side by side: hybrids of two arms, in which some mechanisms are pinned to what they are in the other arm.

A hybrid steps as arm A does, with A's numbers and A's dated changes. A variable of a pinned mechanism is arm B's at every moment that
anything reads it: in the world before the first month, after the month's dated changes, and after the month's acts. What follows from
the stocks is then read by A's numbers. All hybrids of a piece are lanes of one model, beside one model of arm B with the same runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.axes import Array
from sim.chapters import Settled
from sim.lanes import Lanes, padded
from sim.model import InfluenceModel
from sim.outcomes import metrics_of
from sim.outcomes.metric import Metric
from sim.record import MONTHLY, YEARLY, Record, Recorder
from sim.runs.blocks import cuts
from sim.scenario.schema import Scenario
from sim.settling import read
from sim.turn import Changes
from sim.why.mechanisms import OWN, READINGS, START, Cast
from sim.world import World

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


class Side(InfluenceModel):
    """A model whose month comes in three parts, so that another may stand beside it in between; together they are its `step`."""

    def dated(self) -> tuple[str, ...]:
        """The month's numbers and dated levels; gives the names of the variables that were set or kicked."""
        self.numbers = self.calendar.numbers_at(self.month, self._base, self.world)
        levels = self.calendar.levels_at(self.month, self.world, self.numbers)
        self.world = replace(self.world, **levels)
        return tuple(levels)

    def acted(self, given: frozenset[str] = frozenset()) -> None:
        """Every act on the same world, but for those that write only what is given from elsewhere."""
        changes: Changes = {}
        for act in self.turn:
            if not given.issuperset(act.writes):
                changes |= act.done(self)
        self.world = replace(self.world, **changes)

    def read(self) -> None:
        """What follows from the month's stocks."""
        self.world = read(self.world, self.numbers)
        self.month += 1

    def read_at_start(self) -> None:
        """What follows from the stocks before the first month."""
        self.world = read(self.world, self.calendar.numbers_at(-1, self._base, self.world))


@dataclass(frozen=True)
class Arm:
    """One side of a comparison: a scenario with its start solved."""

    scenario: Scenario
    settled: Settled


@dataclass(frozen=True)
class Pair:
    """Two arms with the same luck, the outcome asked for, and who may carry a difference in it."""

    a: Arm
    b: Arm
    seed: int
    runs: NDArray[np.int64]
    column: str
    cast: Cast

    @property
    def metric(self) -> Metric:
        """What the outcome is a column of."""
        return metrics_of(self.a.scenario)[self.column.split(".")[1]]


Coalition = frozenset[str]


@dataclass(frozen=True)
class Hybrids:
    """Some hybrids of a pair, ready to be sent to a worker, each by the names of the mechanisms that are pinned."""

    pair: Pair
    pinned: tuple[Coalition, ...]

    @property
    def rows(self) -> int:
        """How many hybrids."""
        return len(self.pinned)

    @property
    def blocks(self) -> int:
        """How many blocks they make: one beside the other arm's."""
        return 2

    def split(self) -> list[Hybrids]:
        """The same hybrids in two pieces; none when there is only one."""
        return [replace(self, pinned=self.pinned[start:stop]) for start, stop in cuts(self.rows, 2)] if self.rows > 1 else []

    def lost(self, status: str, error: str) -> dict[Coalition, Values]:
        """A hybrid that could not be made has no outcome in any run."""
        return dict.fromkeys(self.pinned, np.full(len(self.pair.runs), np.nan))


@dataclass(frozen=True)
class Pins:
    """Which variable is pinned in which lanes, and which lane of arm B each lane looks at. Shape: each mask (lane)."""

    masks: Mapping[str, Mask]
    start: Mask
    partner: NDArray[np.intp]

    @classmethod
    def of(cls, job: Hybrids) -> Pins:
        """The pins of a job's lanes: run after run for each hybrid, the last lane repeated as the model pads it."""
        cast, runs = job.pair.cast, len(job.pair.runs)
        groups = {each.name: each.variables for each in (*cast.mediators, cast.own)}
        masks: dict[str, Mask] = {}
        for name, variables in groups.items():
            lanes = padded(np.repeat(np.array([name in pinned for pinned in job.pinned], dtype=bool), runs))
            if lanes.any():
                masks |= dict.fromkeys(variables, lanes)
        start = padded(np.repeat(np.array([START in pinned for pinned in job.pinned], dtype=bool), runs))
        return cls(masks, start, padded(np.tile(np.arange(runs), len(job.pinned))))

    def at_start(self, ours: World, theirs: World, own: Iterable[str]) -> World:
        """The world before the first month: where the start is pinned, all of it but the outcome's own variables is B's."""
        kept = set(own)
        masks = {name: self.masks.get(name, np.zeros_like(self.start)) | (self.start & (name not in kept)) for name in vars(ours)}
        return replace(self, masks=masks).onto(ours, theirs, tuple(masks))

    def onto(self, ours: World, theirs: World, names: Iterable[str]) -> World:
        """A world with those of the named variables that are pinned taken from arm B's."""
        taken: dict[str, Array] = {}
        for name in names:
            mask = self.masks.get(name)
            if mask is not None and mask.any():
                beside = np.take(getattr(theirs, name), self.partner, axis=-1)
                taken[name] = beside if mask.all() else np.where(mask, beside, getattr(ours, name))
        return replace(ours, **taken)


def outcomes_of_hybrids(job: Hybrids) -> dict[Coalition, Values]:
    """The asked outcome of each hybrid, NaN where a run did not stay a number. Shape of each: (run).

    Memory: one world of all lanes, and the months of the variables that the outcome needs.
    """
    pair, pins = job.pair, Pins.of(job)
    months, needs = pair.a.scenario.time.months, pair.metric.needs
    recorder = Recorder(months, [name for name in MONTHLY if name in needs], [name for name in YEARLY if name in needs])
    lanes = Lanes(np.tile(pair.runs, job.rows))
    stocks = [name for name in pins.masks if name not in READINGS]
    readings = [name for name in pins.masks if name in READINGS]
    given = frozenset(name for name in stocks if pins.masks[name].all())
    with (
        np.errstate(all="ignore"),
        Side(pair.a.scenario, lanes, pair.seed, settled=pair.a.settled) as ours,
        Side(pair.b.scenario, Lanes(pair.runs), pair.seed, settled=pair.b.settled) as theirs,
    ):
        ours.world = pins.at_start(ours.world, theirs.world, pair.cast.own.variables)
        ours.read_at_start()
        ours.world = pins.onto(ours.world, theirs.world, readings)
        for month in range(months):
            moved = {*ours.dated(), *theirs.dated()}
            ours.world = pins.onto(ours.world, theirs.world, [name for name in stocks if name in moved])
            ours.acted(given)
            theirs.acted()
            ours.world = pins.onto(ours.world, theirs.world, stocks)
            ours.read()
            theirs.read()
            ours.world = pins.onto(ours.world, theirs.world, readings)
            recorder.note(month, ours.world)
    column = outcome(pair, recorder, lanes)
    return {pinned: part for pinned, part in zip(job.pinned, np.split(column, job.rows), strict=True)}


def outcome(pair: Pair, recorder: Recorder, lanes: Lanes) -> Values:
    """The asked column over all lanes, NaN where a lane did not stay a number. Shape: (lane)."""
    kept = recorder.taken(lanes.width)
    ok = np.logical_and.reduce([np.isfinite(values).reshape(-1, lanes.width).all(axis=0) for values in kept.values()])
    status = tuple("ok" if well else "nonfinite" for well in ok)
    record = Record(pair.a.scenario, pair.seed, lanes.runs, kept, status, ("",) * lanes.width)
    column = np.full(lanes.width, np.nan)
    if ok.any():
        column[ok] = pair.metric.columns(record)[pair.column]
    return column


def whole(cast: Cast) -> Coalition:
    """All that may carry the difference, together."""
    return frozenset(cast.names)


def other_arm(cast: Cast) -> Coalition:
    """Everything pinned, the outcome's own variables as well: arm B itself."""
    return frozenset({*cast.names, OWN})
