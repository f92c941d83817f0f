"""A scenario that is open on the page: its numbers solved, its levers found, and how many histories it is given."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

from sim.charts.shown import MEASURES
from sim.dashboard.levers import levers_of
from sim.dashboard.setting import Panel
from sim.dashboard.stepping import World
from sim.dashboard.story import SHARES
from sim.lanes import Parameters
from sim.roster import Roster
from sim.scenario.schema import Scenario
from sim.settling import settled_at
from sim.world import VARIABLES

RUNS = 500
# A setting of a large scenario gets fewer runs, so that what is kept of it stays below this. Units: bytes.
MOST_BYTES = 120_000_000
FEWEST = 16
# Where a scenario names no seed. A page's address must lead to the same histories again, so none is drawn.
SEED = 1

# Variables that histories leave behind: those of the measures that can be shown, and those that the story tells of.
KEPT = tuple(dict.fromkeys((*(need for shown in MEASURES for need in shown.needs), *SHARES)))

_KEYS = itertools.count(1)


@dataclass(frozen=True)
class Opened:
    """A scenario as the page works with it, known by a key; `file` is what the page calls it."""

    key: int
    file: str
    scenario: Scenario
    world: World

    @cached_property
    def roster(self) -> Roster:
        """Ids and links."""
        return Roster(self.scenario)

    @cached_property
    def panel(self) -> Panel:
        """The levers that the scenario has numbers for."""
        return Panel(self.scenario, levers_of(self.scenario))

    @property
    def seed(self) -> int:
        """Where the luck of all histories comes from, the same under every setting."""
        return self.scenario.ensemble.seed if self.scenario.ensemble.seed is not None else SEED

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The variables that histories leave behind."""
        return tuple(name for name in KEPT if all(self.roster.size(axis) for axis in VARIABLES[name].axes))

    @cached_property
    def bytes_a_run(self) -> int:
        """What one history leaves behind. Units: bytes."""
        cells = 0
        for name in self.kept:
            size = 4
            for axis in VARIABLES[name].axes:
                size *= self.roster.size(axis)
            cells += size
        return cells * self.scenario.time.months

    @cached_property
    def runs(self) -> int:
        """How many histories a setting gets when the sliders rest."""
        return max(FEWEST, min(RUNS, MOST_BYTES // max(self.bytes_a_run, 1)))


def opened(scenario: Scenario, file: str) -> Opened:
    """A scenario made ready: what its start rests on is solved here, once."""
    key = next(_KEYS)
    return Opened(key, file, scenario, World(key, scenario, settled_at(Parameters(scenario, Roster(scenario)))))
