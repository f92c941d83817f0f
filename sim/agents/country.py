"""A country: spreads its alignment over blocs and itself, and says where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from sim.arrays import relax, stack, take
from sim.axes import Array
from sim.numbers import Numbers
from sim.rules.alignment import hedging, portfolio, signals
from sim.rules.leaders import inertia
from sim.rules.places import over_entities
from sim.world import World

if TYPE_CHECKING:
    from sim.model import InfluenceModel


@dataclass(frozen=True)
class Outlook:
    """What governments look at, worked out for all at once. Shape: (side, country, run), (country, run)."""

    value: Array
    hedging: Array
    signal: Array
    inertia: Array


@dataclass(frozen=True)
class Response:
    """Where a country stands and where it says it stands. Shape: (side, run)."""

    course: Array
    words: Array


class Country(mesa.Agent):
    """A country that hedges: it wants the mix of sides that maximises value plus hedging times entropy.

    Words answer signals at once; its course follows with inertia.
    """

    model: InfluenceModel

    def __init__(self, model: InfluenceModel, place: int) -> None:
        super().__init__(model)
        self.place = place
        self.name = model.numbers.roster.ids["country"][place]

    def respond(self, world: World, numbers: Numbers, outlook: Outlook) -> Response:
        """Its course and its words for the month."""
        place, n = self.place, numbers.alignment
        value, spread = outlook.value[:, place], outlook.hedging[place]
        wanted = portfolio(value, spread)
        said = portfolio(value + n.signal * outlook.signal[:, place], spread)
        return Response(relax(world.course[:, place], wanted, outlook.inertia[place]), relax(world.words[:, place], said, n.words_speed))


def outlook_of(world: World, numbers: Numbers) -> Outlook:
    """What every government looks at."""
    return Outlook(world.side_value, hedging(numbers, world.rung), signals(numbers, world.visible), inertia(numbers, world.fresh))


def responded(world: World, numbers: Numbers, countries: Sequence[Country]) -> dict[str, Array]:
    """Every country's response, made on the same world; a divided country takes the mean of its entities."""
    outlook = outlook_of(world, numbers)
    responses = [country.respond(world, numbers, outlook) for country in countries]
    course = over_entities(numbers, stack([response.course for response in responses], 1))
    words = over_entities(numbers, stack([response.words for response in responses], 1))
    alignment = over_entities(numbers, take(course, numbers.roster.bloc_of) * world.bloc_part)
    trusting = numbers.choice.words
    shift = trusting * (words - world.words) + (1 - trusting) * (course - world.course)
    return {"course": course, "words": words, "alignment": alignment, "shift": shift}
