"""Chapter 11 of docs/model.md: unrest here as bargaining power in another theatre."""

from __future__ import annotations

import numpy as np

from sim.arrays import exp, logistic, maximum, none_like, stack, total, where
from sim.axes import Array, PerPower
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.places import stakes
from sim.world import World


def bargaining_power(world: World, numbers: Numbers) -> Array:
    """Tension above the usual, weighted by the offering power's stakes, times the other theatre's salience. Shape: (linkage, run)."""
    roster, found = numbers.roster, []
    for at, name in enumerate(roster.ids["linkage"]):
        link = roster.scenario.linkages[name]
        weights = numbers.once(stakes)[roster.place("power", link.power)] * roster.is_leaf[:, None]
        excess = total(weights * maximum(0, world.tension - numbers.linkages.usual_tension[at]))
        found.append(excess * world.driver[roster.place("driver", link.driver)])
    return stack(found)


def linkage(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """A power that wants concessions offers calm for them; the other side weighs relief against precedent and price."""
    roster, n = numbers.roster, numbers.linkages
    if not roster.size("linkage"):
        return {}
    links = [roster.scenario.linkages[name] for name in roster.ids["linkage"]]
    wants = stack([numbers.choice.concessions[roster.place("power", link.power)] for link in links]) > 0
    united = stack([world.unity[roster.place("institution", link.institution)] for link in links])
    salience = stack([world.driver[roster.place("driver", link.driver)] for link in links])
    pressed = bargaining_power(world, numbers)
    offered = wants & (world.calm_left <= 0) & (luck.uniform("offer") < 1 - exp(-n.offer * pressed))
    relief = n.relief * pressed - n.precedent * united
    agreed = offered & (luck.uniform("agreement") < logistic(n.sharpness * (relief - n.price)))
    return {
        "offered": np.asarray(offered, dtype=float),
        "accepted": np.asarray(agreed, dtype=float),
        "calm_left": np.asarray(where(agreed, n.calm_months, maximum(world.calm_left - 1, 0))),
        "concessions": world.concessions + agreed * n.gain * salience,
    }


def restraint(world: World, numbers: Numbers) -> PerPower:
    """What agreed calm leaves of a power's stirring. Shape: (power, run). Units: share."""
    roster = numbers.roster
    left = [none_like(world.attention[0]) + 1 for _ in roster.ids["power"]]
    for at, name in enumerate(roster.ids["linkage"]):
        place = roster.place("power", roster.scenario.linkages[name].power)
        left[place] = left[place] * where(world.calm_left[at] > 0, 1 - numbers.linkages.calm[at], 1.0)
    return stack(left)


def worth_of_unrest(world: World, numbers: Numbers, power: int) -> Array:
    """What a unit of tension is worth to a power as bargaining power. Shape: (run). Units: value."""
    roster, n = numbers.roster, numbers.linkages
    worth: Array = none_like(world.attention[power])
    for at, name in enumerate(roster.ids["linkage"]):
        link = roster.scenario.linkages[name]
        if roster.place("power", link.power) == power:
            chance = n.offer[at] * world.driver[roster.place("driver", link.driver)]
            worth = worth + numbers.choice.concessions[power] * chance * n.gain[at]
    return worth


def strain(world: World, numbers: Numbers) -> Array:
    """What conceding costs an institution's unity this month. Shape: (institution, run). Units: share."""
    roster = numbers.roster
    lost = none_like(world.unity)
    rows = np.arange(roster.size("institution"))[:, None]
    for at, name in enumerate(roster.ids["linkage"]):
        place = roster.place("institution", roster.scenario.linkages[name].institution)
        lost = lost + (rows == place) * (world.accepted[at] * numbers.linkages.strain[at])
    return lost
