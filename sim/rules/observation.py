"""Chapter 12 of docs/model.md: effort becomes acts, and some of them are seen; only those feed back."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from sim.arrays import half_life_retention, maximum, stack, take, total, where
from sim.axes import Array, PowerCountry
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.disputes import counted
from sim.rules.leverage import is_noticed
from sim.world import World


def act_rate(numbers: Numbers) -> Array:
    """Acts that are seen a unit of effort, by instrument. Shape: (instrument, 1, run)."""
    return take(numbers.observation.acts, numbers.roster.channel_of)[:, None] * numbers.once(is_noticed)


def expected_acts(world: World, numbers: Numbers) -> PowerCountry:
    """Acts of each power in each country that would be seen on average. Shape: (power, country, run). Units: acts a month."""
    rate = numbers.once(act_rate) * world.effort
    return stack([total(rate[held]) for held in numbers.roster.instruments_of])


def watchfulness(draw: PowerCountry, spread: Array) -> PowerCountry:
    """How much more or less than others a tie is watched, for a whole history: a gamma of mean 1 and shape 2, drawn in by `spread`.

    It makes counts more uneven than Poisson ones. Shape: (power, country, run). Units: factor.
    """
    return 1 + spread * (np.asarray(gammaincinv(2.0, draw)) / 2 - 1)


def visible(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """What is seen of each power's acts in each country, remembered with a half-life.

    Where channels say how many acts effort makes, their number is drawn and what is seen rises and falls with it.
    """
    roster = numbers.roster
    dose = -np.log(maximum(1 - world.potency, 1e-300))
    seen = numbers.once(is_noticed) * dose
    fresh = stack([total(seen[held]) for held in roster.instruments_of])
    left = half_life_retention(numbers.resources.memory)
    if not np.any(numbers.observation.acts != 0):
        return {"visible": world.visible * left + fresh * (1 - left), "seen_acts": np.zeros_like(world.visible)}
    usual = expected_acts(world, numbers)
    draw = luck.uniform("acts", roster.size("power"), roster.size("country"))
    count = counted(usual * world.watched, draw, numbers.observation.most)
    noticed = fresh * where(usual > 0, count / maximum(usual, 1e-12), 1.0)
    return {"visible": world.visible * left + noticed * (1 - left), "seen_acts": count}
