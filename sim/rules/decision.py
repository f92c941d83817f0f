"""Chapter 4 of docs/model.md, put together: one power's plan for a month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import exp, relax
from sim.axes import InstrumentCountry
from sim.numbers import Numbers
from sim.rules.choice import costs, forecast_value, marginal_value, planned_shares, prior
from sim.rules.leverage import ability
from sim.rules.places import of_country
from sim.world import World


@dataclass(frozen=True)
class Plan:
    """What a power does this month, over its own instruments. Shape: (instrument, country, run)."""

    plan: InstrumentCountry
    effort: InstrumentCountry
    potency: InstrumentCountry


def able(world: World, numbers: Numbers, power: int) -> InstrumentCountry:
    """A power's potency a unit of effort, as last month's world has it."""
    return ability(numbers, power, world.resilience, world.course, of_country(numbers.roster, world.rung))


def gross_worth(world: World, numbers: Numbers, power: int, ability: InstrumentCountry) -> InstrumentCountry:
    """What a power believes one more unit of effort to be worth, costs apart. Units: value, before scaling by the reference."""
    held = numbers.roster.instruments_of[power]
    believed = ability * exp(world.belief[held])[:, None]
    effort = world.effort[held]
    return marginal_value(forecast_value(world, numbers, power), believed, effort)


def decision(world: World, numbers: Numbers, power: int) -> Plan:
    """Shares of budget moved part of the way to the logit response; effort and potency follow."""
    n, held = numbers.choice, numbers.roster.instruments_of[power]
    ability = able(world, numbers, power)
    worth = gross_worth(world, numbers, power, ability) / numbers.settled.reference[power] - numbers.once(costs)[held]
    wish = planned_shares(worth, numbers.once(prior)[held], n.rationality[power], n.hold_back[power])
    return carried_out(world, relax(world.plan[held], wish, n.adjustment), ability, power)


def carried_out(world: World, plan: InstrumentCountry, ability: InstrumentCountry, power: int) -> Plan:
    """Effort and potency of a plan under last month's budget."""
    effort = world.budget[power] * plan
    return Plan(plan, effort, 1 - exp(-np.minimum(ability * effort, 700)))
