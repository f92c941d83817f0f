"""Between entities and their country: influence acts on leaves, institutions on countries."""

from __future__ import annotations

import numpy as np

from sim.arrays import greatest, maximum, none_like, put, stack, take, total, where
from sim.axes import Array, PerCountry, PowerCountry, SideCountry
from sim.numbers import Numbers
from sim.roster import Roster


def over_entities(numbers: Numbers, values: Array) -> Array:
    """Values with each divided country's replaced by the mean of its entities, weighted by population.

    Shape: (..., country, run).
    """
    for parent, entities in numbers.roster.entities_of.items():
        weight = take(numbers.tension.population, entities)
        mean = total(take(values, entities, values.ndim - 2) * weight, values.ndim - 2) / total(weight)
        values = put(values, parent, mean, values.ndim - 2)
    return values


def of_country(roster: Roster, values: Array) -> Array:
    """Values with each entity's replaced by its country's. Shape: (..., country, run)."""
    return take(values, roster.parent_of, values.ndim - 2) if roster.entities_of else values


def everywhere(numbers: Numbers, used: Array) -> Array:
    """What is used on leaves or on countries, felt everywhere: countries feel their entities' mean, entities their country's.

    Shape: (instrument, country, run).
    """
    roster = numbers.roster
    if not roster.entities_of:
        return used
    institutional = roster.flagged("domain", "institutional")[:, None]
    for parent, entities in roster.entities_of.items():
        weight = take(numbers.tension.population, entities)
        mean = total(take(used, entities, 1) * weight, 1) / total(weight)
        own = take(used, parent, 1)
        used = put(used, parent, where(institutional, own, mean), 1)
        used = put(used, entities, where(institutional[:, None], own[:, None], take(used, entities, 1)), 1)
    return used


def split(roster: Roster, course: SideCountry) -> PerCountry:
    """How far apart a country's entities stand: the largest distance between two of them, in total variation; 0 elsewhere."""
    apart: PerCountry = none_like(course[0])
    for parent, entities in roster.entities_of.items():
        inside = take(course, entities, 1)
        between = total(abs(inside[:, :, None] - inside[:, None]), 0) / 2
        apart = put(apart, parent, greatest(greatest(between)), 0)
    return apart


def bloc_weight(numbers: Numbers) -> Array:
    """Share of its bloc's capacity that each power has; even where a bloc has none. Shape: (power, run)."""
    bloc, size = numbers.roster.bloc_of, numbers.resources.capacity
    whole = take(stack([total(size[bloc == place]) for place in range(numbers.roster.size("bloc"))]), bloc)
    heads = np.array([[int((bloc == place).sum())] for place in bloc], dtype=float)
    return np.asarray(where(whole > 0, size / maximum(whole, 1e-300), 1 / heads))


def regional_mean(numbers: Numbers, values: PerCountry, stakes: Array) -> Array:
    """Mean over leaves by a power's own stakes. Shape: (country, run) and (power, country, run) give (power, run)."""
    weight = stakes * numbers.roster.is_leaf[:, None]
    return total(weight * values, 1) / maximum(total(weight, 1), 1e-12)


def stakes(numbers: Numbers) -> PowerCountry:
    """How much each country matters to each power; a power's stakes sum to 1. Shape: (power, country, run)."""
    weights = numbers.choice.stakes
    return weights / maximum(total(weights, 1)[:, None], 1e-12)
