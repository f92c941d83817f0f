"""What a month was worth to each power, by its own objectives."""

from __future__ import annotations

from sim.arrays import stack, total
from sim.axes import Array, PerPower
from sim.numbers import Numbers
from sim.rules.choice import costs, objective_size
from sim.rules.places import regional_mean, stakes
from sim.world import World


def gains(world: World, numbers: Numbers) -> PerPower:
    """What the month's outcomes are worth: each objective's weight times its outcome, over countries by the power's stakes.

    Shape: (power, run). Units: value.
    """
    n, roster, weights = numbers.choice, numbers.roster, numbers.once(stakes)
    entity = roster.is_entity[:, None]
    worth = n.influence * total(weights * world.influence_share, 1)
    worth = worth + n.unrest * regional_mean(numbers, world.tension, weights)
    worth = worth + n.resilience * regional_mean(numbers, world.resilience, weights)
    worth = worth + n.autonomy * total(weights * entity * world.autonomy, 1)
    for place, top in enumerate(roster.top):
        inside = (world.rung[place] >= top) & ~entity
        worth = worth + n.membership[place] * total(weights * inside, 1)
    for at, places in enumerate(roster.parties):
        share = weights[:, places[0]] + weights[:, places[1]]
        worth = worth + n.deal * share * world.normalisation[at]
    for at, name in enumerate(roster.ids["linkage"]):
        place = roster.place("power", roster.scenario.linkages[name].power)
        won = world.accepted[at] * numbers.linkages.gain[at]
        worth = stack([row + n.concessions[power] * won if power == place else row for power, row in enumerate(worth)])
    return worth / numbers.once(objective_size)


def payoff(world: World, numbers: Numbers) -> dict[str, Array]:
    """Gains less what the month's effort cost, in the same units. Shape: (power, run)."""
    spent = numbers.once(costs) * world.effort
    paid = stack([total(total(spent[held])) for held in numbers.roster.instruments_of])
    return {"payoff": gains(world, numbers) - numbers.settled.reference * paid}
