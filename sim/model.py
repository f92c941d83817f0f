"""The model: a Mesa model whose one step carries every run of a block one month on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.agents.country import Country, responded
from sim.agents.great_power import GreatPower, decided
from sim.axes import Array
from sim.chapters import Settled
from sim.dated import Calendar, calendar
from sim.draws import Chance, Luck
from sim.lanes import Lanes, Parameters, padded
from sim.numbers import Numbers
from sim.roster import Roster
from sim.rules.accession import accession
from sim.rules.alignment import mood
from sim.rules.deeds import deeds
from sim.rules.disputes import disputes
from sim.rules.events import events
from sim.rules.leaders import leaders
from sim.rules.learning import learning
from sim.rules.leverage import leverage
from sim.rules.linkage import linkage
from sim.rules.observation import visible
from sim.rules.opinion import opinion
from sim.rules.resilience import resilience
from sim.rules.resources import resources
from sim.rules.tension import tension
from sim.scenario.schema import Scenario
from sim.settling import read, settled_at, start, start_purposes, usual
from sim.world import World

Changes = dict[str, Array]


@dataclass(frozen=True)
class Act:
    """One line of the turn: who does what, reading last month's world and writing this month's."""

    name: str
    chapter: str
    rule: Callable[..., Changes]
    writes: tuple[str, ...]
    asks: str = ""

    def done(self, model: InfluenceModel) -> Changes:
        """What this act writes, from last month's world."""
        luck = Luck(model.chance, model.month, model.lanes.width)
        whom: Any = {"": luck, "powers": model.powers, "countries": model.countries}[self.asks]
        return self.rule(model.world, model.numbers, whom)


# Every act reads last month's world, so their order is no assumption; a test turns it round.
TURN: tuple[Act, ...] = (
    Act("resources", "2 Resources and attention", resources, ("attention", "budget")),
    Act("leverage", "3 Leverage", leverage, ("leverage",)),
    Act("choice", "4 The contest and what a power does", decided, ("plan", "effort", "potency"), asks="powers"),
    Act("learning", "4 The contest and what a power does", learning, ("belief",)),
    Act("alignment", "5 What a government does", responded, ("course", "words", "alignment", "shift"), asks="countries"),
    Act("leaders", "5 What a government does", leaders, ("lean", "fresh")),
    Act("deeds", "5 What a government does", deeds, ("deed", "deed_memory")),
    Act("moods", "5 What a government does", mood, ("mood_course",)),
    Act("opinion", "6 Public opinion and belief", opinion, ("opinion", "false_belief", "narrative", "mood_opinion")),
    Act("tension", "7 Unrest and tension", tension,
        ("pressure", "tension", "tension_home", "tension_power", "tension_luck", "tension_given", "mood_tension")),
    Act("resilience", "7 Resilience, capture, entities", resilience, ("resilience", "capture", "autonomy")),
    Act("accession", "8 Institutions", accession, ("progress", "rung", "credibility", "unity")),
    Act("disputes", "9 Disputes", disputes, ("talks", "deal", "overlap", "normalisation", "recognition")),
    Act("events", "10 Events", events, ("happened", "event_memory", "success_memory")),
    Act("linkage", "11 Linkage and concessions", linkage, ("offered", "accepted", "calm_left", "concessions")),
    Act("observation", "12 Observation", visible, ("visible", "seen_acts")),
)  # fmt: skip


def purposes(roster: Roster) -> dict[str, list[str]]:
    """What luck is drawn for each month, and whose."""
    return {
        "mood/course": roster.streams("side", "country"),
        "mood/opinion": roster.streams("power", "country"),
        "mood/tension": roster.streams("country"),
        "turnover": roster.streams("country"),
        "lean": roster.streams("side", "country"),
        "deed": roster.streams("deed"),
        "talks": roster.streams("dispute"),
        "deal": roster.streams("dispute"),
        "recognised": roster.streams("dispute"),
        "unrecognised": roster.streams("dispute"),
        "event": roster.streams("event"),
        "success": roster.streams("event"),
        "offer": roster.streams("linkage"),
        "agreement": roster.streams("linkage"),
        "acts": roster.streams("power", "country"),
        "channel": roster.streams("power", "country"),
        "consent": roster.streams("institution", "country"),
    }


class InfluenceModel(mesa.Model):
    """A block of runs of a scenario, stepped a month at a time.

    Args: runs, how many histories, or their ids; rng, the seed (by default the scenario's); turn, another tuple of acts;
    overrides, values by path that differ from run to run; settled, what was solved before for the same scenario.
    """

    def __init__(
        self,
        scenario: Scenario,
        runs: int | Sequence[int] | NDArray[np.int64] = 1,
        rng: int | None = None,
        *,
        turn: tuple[Act, ...] = TURN,
        overrides: Mapping[str, Array] | None = None,
        settled: Settled | None = None,
    ) -> None:
        seed = scenario.ensemble.seed if rng is None else rng
        super().__init__(rng=seed)
        ids = np.arange(runs) if isinstance(runs, int) else np.asarray(runs, dtype=np.int64)
        self.run_ids, self.turn, self.month = ids, turn, 0
        parameters = Parameters(scenario, Roster(scenario))
        wide = {path: np.concatenate([value, np.repeat(value[-1:], -len(value) % 8)]) for path, value in (overrides or {}).items()}
        self.lanes = Lanes(padded(ids), overrides=wide)
        values, varies = parameters.values(seed or 0, self.lanes)
        self._base = parameters.numbers(settled or settled_at(parameters), values, varies)
        self.numbers: Numbers = self._base
        self.calendar: Calendar = calendar(parameters, values)
        self.chance = Chance(seed or 0, self.lanes.runs, purposes(parameters.roster))
        first = Chance(seed or 0, self.lanes.runs, start_purposes(parameters.roster))
        self.world: World = start(self.numbers, Luck(first, 0, self.lanes.width))
        if scenario.set or wide:
            without, differs = parameters.values(seed or 0, self.lanes, what_if=False)
            plain = parameters.numbers(self.numbers.settled, without, differs)
            self.world = replace(self.world, **usual(start(plain, Luck(first, 0, self.lanes.width)), plain))
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
