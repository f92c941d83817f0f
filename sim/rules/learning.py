"""Chapter 4 of docs/model.md, continued: powers learn their skill from what they think they saw."""

from __future__ import annotations

import numpy as np

from sim.arrays import exp, maximum, minimum, stack, take, total
from sim.axes import Array, InstrumentCountry, PowerCountry
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.alignment import hedging
from sim.rules.leverage import floor, gain, retention
from sim.rules.places import stakes
from sim.world import World

# Belief stays within this factor's logarithm of the truth.
FURTHEST = 1.5


def believed_gain(world: World, numbers: Numbers) -> InstrumentCountry:
    """What each instrument is believed to add to its power's share this month. Shape: (instrument, country, run)."""
    trusted = exp(world.belief)[:, None]
    potency = 1 - exp(trusted * np.log(maximum(1 - world.potency, 1e-300)))
    worth = world.grip / (world.leverage + numbers.contest.foothold) * take(world.share_slope, numbers.roster.power_of)
    gained: InstrumentCountry = worth * (1 - world.leverage) * numbers.once(gain) * potency
    return gained


def believed_loss(world: World, numbers: Numbers) -> InstrumentCountry:
    """What decay takes from each instrument's part of its power's share this month. Shape: (instrument, country, run)."""
    worth = world.grip / (world.leverage + numbers.contest.foothold) * take(world.share_slope, numbers.roster.power_of)
    return worth * (world.leverage - numbers.once(floor)) * (1 - numbers.once(retention))


def surprise(world: World, numbers: Numbers, gained: InstrumentCountry) -> PowerCountry:
    """How far what was seen passed what was believed, in units of the usual surprise, at most 3. Shape: (power, country, run)."""
    roster, n = numbers.roster, numbers.alignment
    net = gained - believed_loss(world, numbers)
    moves = stack([total(net[held]) for held in roster.instruments_of])
    words = take(world.words, roster.bloc_of)
    response = n.influence * words * (1 - words) / hedging(numbers, world.rung)
    return minimum(3, maximum(-3, (take(world.shift, roster.bloc_of) - response * moves) / numbers.choice.surprise))


def learning(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Belief in each instrument follows surprise, by its credit for what was believed, over countries by their stakes."""
    n, roster = numbers.choice, numbers.roster
    if not np.any(n.learning != 0):
        return {"belief": world.belief}
    gained = believed_gain(world, numbers)
    whole = stack([total(gained[held]) for held in roster.instruments_of])
    credit = gained / maximum(take(whole, roster.power_of), 1e-12)
    told = surprise(world, numbers, gained) * numbers.once(stakes)
    step = take(n.learning, roster.power_of) * total(credit * take(told, roster.power_of), 1)
    return {"belief": minimum(FURTHEST, maximum(-FURTHEST, world.belief + step))}
