"""The model: a Mesa model whose one step carries every run of a block one month on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.agents.country import Country
from sim.agents.great_power import GreatPower
from sim.chapters import Settled
from sim.dated import Calendar, calendar
from sim.draws import Chance, Luck
from sim.lanes import Lanes, Parameters
from sim.numbers import Numbers
from sim.roster import Roster
from sim.scenario.schema import Scenario
from sim.settling import read, settled_at, standing, start, start_purposes, usual
from sim.turn import TURN, Act, Changes, purposes
from sim.world import World


class InfluenceModel(mesa.Model):
    """A block of runs of a scenario, stepped a month at a time.

    Args: runs, how many histories, or their ids, or lanes whose numbers differ from run to run; rng, the seed (by default the
    scenario's); turn, another tuple of acts; settled, what was solved before for the same scenario.
    """

    def __init__(
        self,
        scenario: Scenario,
        runs: int | Sequence[int] | NDArray[np.int64] | Lanes = 1,
        rng: int | None = None,
        *,
        turn: tuple[Act, ...] = TURN,
        settled: Settled | None = None,
    ) -> None:
        seed = scenario.ensemble.seed if rng is None else rng
        super().__init__(rng=seed)
        lanes = runs if isinstance(runs, Lanes) else Lanes(np.arange(runs) if isinstance(runs, int) else np.asarray(runs, dtype=np.int64))
        self.run_ids, self.turn, self.month = lanes.runs, turn, 0
        parameters = Parameters(scenario, Roster(scenario))
        self.lanes = lanes.padded()
        values, varies = parameters.values(seed or 0, self.lanes)
        self._base = parameters.numbers(settled or settled_at(parameters), values, varies)
        self.numbers: Numbers = self._base
        self.calendar: Calendar = calendar(parameters, values)
        self.chance = Chance(seed or 0, self.lanes.runs, purposes(parameters.roster))
        luck = Luck(Chance(seed or 0, self.lanes.runs, start_purposes(parameters.roster)), 0, self.lanes.width)
        first, levels = standing(self.calendar, self._base, luck)
        self.world: World = start(first, luck, levels)
        if scenario.set or lanes.are_changed:
            without, differs = parameters.values(seed or 0, self.lanes, what_if=False)
            plain = parameters.numbers(self._base.settled, without, differs)
            plain, levels = standing(calendar(parameters, without), plain, luck)
            self.world = replace(self.world, **usual(start(plain, luck, levels), plain))
        self.powers = [GreatPower(self, place) for place in range(parameters.roster.size("power"))]
        self.countries = [Country(self, place) for place in range(parameters.roster.size("country"))]

    def step(self) -> None:
        """One month: dated changes first, then every act on last month's world, then the readings of this month's stocks."""
        # 1 what is dated this month
        self.numbers = self.calendar.numbers_at(self.month, self._base, self.world)
        self.world = replace(self.world, **self.calendar.levels_at(self.month, self.world, self.numbers))
        # 2 all acts read the same world
        changes: Changes = {}
        for act in self.turn:
            changes |= act.done(self)
        # 3 what follows from this month's stocks
        self.world = read(replace(self.world, **changes), self.numbers)
        self.month += 1

    def close(self) -> None:
        """Lets go of everything large; Mesa keeps every model alive."""
        self.remove_all_agents()
        for name in ("world", "numbers", "_base", "chance", "calendar", "powers", "countries", "lanes"):
            self.__dict__.pop(name, None)

    def __enter__(self) -> InfluenceModel:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
