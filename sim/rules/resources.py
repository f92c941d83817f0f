"""Chapter 2 of docs/model.md: where a power looks and what it has to spend."""

from __future__ import annotations

import numpy as np

from sim.arrays import exp, log, logistic, maximum, minimum, relax, stack, take, total, where
from sim.axes import Array, PerPower
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.places import regional_mean, stakes
from sim.world import World


def rival_activity(numbers: Numbers, visible: Array) -> PerPower:
    """Visible acts of other blocs' powers, weighted by a power's own stakes. Shape: (power, run). Units: dose."""
    bloc = numbers.roster.bloc_of
    by_bloc = [total(visible[bloc != place]) for place in range(numbers.roster.size("bloc"))]
    return total(stack([by_bloc[place] for place in bloc]) * numbers.once(stakes), 1)


def attention_pull(world: World, numbers: Numbers) -> PerPower:
    """Log of what pulls a power's attention here over what pulls it away.

    A crisis here and more rival activity than it was used to pull it here; salience of another theatre pulls it away.

    Shape: (power, run). Units: log-odds.
    """
    n = numbers.resources
    weights = numbers.once(stakes)
    crisis = regional_mean(numbers, world.tension, weights) - regional_mean(numbers, numbers.tension.start, weights)
    used_to = maximum(world.used_to, 1e-9)
    provoked = minimum(1, maximum(-1, rival_activity(numbers, world.visible) / used_to - 1))
    away = total(n.distraction * (world.driver - numbers.outside.reference), 1)
    return n.crisis * crisis + n.provocation * provoked - away


def relative_drivers(world: World, numbers: Numbers) -> Array:
    """How far drivers stand from their references: the logarithm of a price's ratio, a level's difference. Shape: (driver, run)."""
    drivers = numbers.roster.scenario.drivers
    ratio = np.array([drivers[name].form == "ratio" for name in numbers.roster.ids["driver"]], dtype=bool)[:, None]
    reference = numbers.outside.reference
    relative = minimum(20.0, maximum(0.05, world.driver / maximum(reference, 1e-9)))
    return np.asarray(where(ratio, log(relative), world.driver - reference))


def driver_factor(world: World, numbers: Numbers) -> PerPower:
    """How drivers of the outer world scale a budget: a power law for prices, an exponential for levels.

    Shape: (power, run). Units: factor.
    """
    return np.asarray(exp(np.clip(total(numbers.resources.elasticity * relative_drivers(world, numbers), 1), -20, 20)))


def consensus(world: World, numbers: Numbers) -> PerPower:
    """How far the members of a power's own institutions agree to spend, against the start; 1 for a state.

    Shape: (power, run). Units: factor.
    """
    agreed = minimum(1.2, world.unity / maximum(world.united, 1e-9))
    factors = []
    for place in range(numbers.roster.size("power")):
        own = np.flatnonzero(numbers.roster.grantor == place)
        factors.append(np.multiply.reduce(take(agreed, own), axis=0) if own.size else np.ones((1,)))
    return stack(factors)


def resources(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Attention moves towards its pull; budgets follow attention, drivers, members' consensus and policies to pay for."""
    n = numbers.resources
    attention = relax(world.attention, logistic(attention_pull(world, numbers)), n.speed)
    granted = n.capacity * 2 * attention * driver_factor(world, numbers) * consensus(world, numbers)
    return {"attention": attention, "budget": maximum(granted - world.policy_cost, 0)}
