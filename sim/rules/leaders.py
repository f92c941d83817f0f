"""Chapter 5 of docs/model.md, continued: leaders turn over, and bring a lean of their own."""

from __future__ import annotations

import numpy as np

from sim.arrays import exp, log_odds, maximum, stack, total, where
from sim.axes import Array, PerCountry, PowerCountry, SideCountry
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.places import bloc_weight
from sim.world import World


def turnover_hazard(numbers: Numbers, tension: PerCountry) -> PerCountry:
    """Hazard that a leader goes this month: one in a tenure, more in unrest; none where no tenure is given."""
    n = numbers.leaders
    calm = where(n.tenure > 0, 1 / maximum(n.tenure, 1e-9), 0.0)
    return np.asarray(calm * exp(n.unrest * (tension - n.usual_tension)))


def popular_lean(numbers: Numbers, opinion: PowerCountry) -> SideCountry:
    """Where a public would lean: log-odds of its mean favour for each bloc against all sides; its own side counts as even."""
    roster = numbers.roster
    weighed = numbers.once(bloc_weight)[:, None] * opinion
    blocs = [total(weighed[roster.bloc_of == place]) for place in range(roster.size("bloc"))]
    liked = stack([*blocs, np.full_like(opinion[0], 0.5)])
    favour = log_odds(liked)
    return favour - total(favour) / len(favour)


def leaders(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """A leader stays until turnover; a new one leans as the public has moved since the start and by surprise, and may move fast."""
    n, roster = numbers.leaders, numbers.roster
    goes = luck.uniform("turnover") < 1 - exp(-turnover_hazard(numbers, world.tension))
    surprise = luck.normal("lean", roster.size("side"), roster.size("country"))
    new = n.public * (popular_lean(numbers, world.opinion) - world.leant) + n.surprise * surprise
    return {
        "lean": np.asarray(where(goes, new, world.lean)),
        "fresh": np.asarray(where(goes, n.honeymoon, maximum(world.fresh - 1, 0))),
    }


def inertia(numbers: Numbers, fresh: PerCountry) -> PerCountry:
    """Speed at which a course moves: faster while a new leader's honeymoon lasts."""
    return np.asarray(np.minimum(1, numbers.alignment.inertia * where(fresh > 0, numbers.leaders.honeymoon_speed, 1.0)))
