"""A great power: spends its budget over instruments and countries, by damped quantal response to what it forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import mesa

from sim.arrays import join
from sim.axes import Array
from sim.numbers import Numbers
from sim.rules.decision import Plan, decision
from sim.rules.places import everywhere
from sim.world import World

if TYPE_CHECKING:
    from sim.model import InfluenceModel


class GreatPower(mesa.Agent):
    """An outside actor that spends effort on influence.

    It knows last month's world, believes its skill to be its true skill times exp(bias), forecasts to first order what one more
    unit of effort is worth in each cell it can reach, and moves part of the way to the shares that logit choice gives.
    """

    model: InfluenceModel

    def __init__(self, model: InfluenceModel, place: int) -> None:
        super().__init__(model)
        self.place = place
        self.name = model.numbers.roster.ids["power"][place]

    def decide(self, world: World, numbers: Numbers) -> Plan:
        """Its plan for the month."""
        return decision(world, numbers, self.place)


def decided(world: World, numbers: Numbers, powers: Sequence[GreatPower]) -> dict[str, Array]:
    """Every power's plan for the month, made on the same world."""
    plans = [power.decide(world, numbers) for power in powers]
    return {
        "plan": join([plan.plan for plan in plans]),
        "effort": join([plan.effort for plan in plans]),
        "potency": everywhere(numbers, join([plan.potency for plan in plans])),
    }
