"""One moment of the default scenario, every number at its middle, and acts done to it with luck that a test deals out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.dated import Calendar
from sim.model import InfluenceModel
from sim.numbers import TABLE, Entry, Numbers
from sim.roster import Roster
from sim.scenario.schema import Scenario
from sim.settling import usual
from sim.watching import AXES
from sim.world import World
from tests.mechanisms.arms import SEED, middling, settled_of, without_luck

Array = NDArray[np.float64]
# Lanes of a moment: alike but for the luck they are dealt, so that the share of them in which something happens is its chance.
LANES = 400
EVENLY: Array = (np.arange(LANES) + 0.5) / LANES


@dataclass(frozen=True)
class Moment:
    """A world and the numbers it lives by."""

    world: World
    numbers: Numbers
    calendar: Calendar

    def place(self, what: str) -> tuple[str, tuple[int, ...]]:
        """A variable and where its cell is, from words such as tension.serbia."""
        return self.numbers.roster.cell(what, AXES)

    def at(self, what: str) -> Array:
        """The value of one cell. Shape: (run)."""
        name, place = self.place(what)
        return np.asarray(getattr(self.world, name)[place])

    def having(self, values: Mapping[str, float]) -> Moment:
        """The same moment with some cells of the world at given values."""
        world = self.world
        for what, value in values.items():
            name, place = self.place(what)
            array = np.array(np.broadcast_to(getattr(world, name), (*getattr(world, name).shape[:-1], LANES)))
            array[place] = value
            world = replace(world, **{name: array})
        return replace(self, world=world)

    def moved(self, what: str, by: float) -> Moment:
        """The same moment with one cell moved."""
        return self.having({what: float(self.at(what)[0]) + by})

    def by(self, changes: Mapping[str, float]) -> Moment:
        """The same world, to go on by other numbers."""
        arrays: dict[tuple[str, str], Array] = {}
        for path, value in changes.items():
            entry, place = self._cell(path)
            field = (entry.chapter, entry.name)
            arrays.setdefault(field, np.array(getattr(getattr(self.numbers, entry.chapter), entry.name)))[place] = value
        return replace(self, numbers=self.numbers.with_arrays(arrays)) if arrays else self

    def in_force(self) -> Numbers:
        """The numbers of the month, with what deeds and events change."""
        return self.calendar.numbers_at(1, self.numbers, self.world)

    def levels_in_force(self) -> dict[str, Array]:
        """The levels that are held this month at what deeds and events make of them, by variable."""
        return self.calendar.levels_at(1, self.world, self.in_force())

    def number(self, path: str, numbers: Numbers | None = None) -> float:
        """A number by its path."""
        entry, place = self._cell(path)
        return float(getattr(getattr(numbers or self.numbers, entry.chapter), entry.name)[place][0])

    def _cell(self, path: str) -> tuple[Entry, tuple[int, ...]]:
        return _cells()[path]


@cache
def _cells() -> dict[str, tuple[Entry, tuple[int, ...]]]:
    roster = Roster(middling())
    return {path: (entry, place) for entry in TABLE for place, path in entry.cells(roster) if path is not None}


@cache
def _default() -> Moment:
    return moment_of(without_luck(middling()))


def moment(changes: Mapping[str, float] | None = None) -> Moment:
    """The start of the default scenario, by numbers some of which are changed from then on."""
    return _default().by(changes or {})


def moment_of(scenario: Scenario) -> Moment:
    """The start of a scenario."""
    with np.errstate(all="ignore"), InfluenceModel(scenario, LANES, SEED, settled=settled_of(scenario)) as model:
        # What-ifs leave what all are used to alone; a moment is used to itself.
        return Moment(replace(model.world, **usual(model.world, model.numbers)), model.numbers, model.calendar)


@dataclass(frozen=True)
class Dealt:
    """Luck that a test deals out: for each purpose one draw for all, or one a lane; a half where it says nothing."""

    draws: Mapping[str, float | Array]
    width: int = LANES

    def uniform(self, purpose: str, *shape: int) -> Array:
        """Draws between 0 and 1."""
        return np.broadcast_to(np.asarray(self.draws.get(purpose, 0.5), dtype=float), (*(shape or (1,)), LANES))

    def normal(self, purpose: str, *shape: int) -> Array:
        """Draws as they are given, 0 where nothing is said."""
        return np.broadcast_to(np.asarray(self.draws.get(purpose, 0.0), dtype=float), (*(shape or (1,)), LANES))


def dealt(**draws: float | Array) -> Any:
    """Luck as rules take it."""
    return Dealt(draws)
