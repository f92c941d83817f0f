"""Chapter 7 of docs/model.md, continued: resilience, state capture, and the autonomy of entities."""

from __future__ import annotations

import numpy as np

from sim.arrays import all_like, log_odds, logistic, none_like, product, relax, take
from sim.axes import Array, InstrumentCountry, PerCountry, SideCountry
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.choice import embolden
from sim.rules.leverage import reached
from sim.rules.places import of_country, over_entities, split
from sim.world import World


def reforming(numbers: Numbers) -> Array:
    """How far an instrument builds resilience. Shape: (instrument, 1, run)."""
    return take(numbers.resilience.reforming, numbers.roster.channel_of)[:, None]


def capturing(numbers: Numbers) -> Array:
    """How far an instrument feeds state capture. Shape: (instrument, 1, run)."""
    return take(numbers.resilience.capturing, numbers.roster.channel_of)[:, None]


def resilience_terms(world: World, numbers: Numbers) -> PerCountry:
    """What builds and wears resilience. Shape: (country, run). Units: log-odds."""
    n = numbers.resilience
    reform = reached(numbers, world.potency, numbers.once(reforming))
    return n.by_reform * reform - n.by_capture * world.capture - n.by_tension * world.tension - n.by_false_belief * world.false_belief


def capture_terms(world: World, numbers: Numbers) -> PerCountry:
    """What feeds and curbs capture: patronage, against conditions that a country on its way to a credible door must meet."""
    n, roster = numbers.resilience, numbers.roster
    patronage = reached(numbers, world.potency, numbers.once(capturing))
    conditions = none_like(world.capture)
    for place, grantor in enumerate(roster.grantor):
        drawn = world.course[roster.bloc_of[grantor]] * world.credibility[place]
        conditions = conditions + numbers.alignment.conditionality[grantor] * drawn
    return n.by_patronage * patronage - n.by_conditionality * conditions


def backing(numbers: Numbers, potency: InstrumentCountry) -> PerCountry:
    """Patrons' backing of an entity's autonomy less work against it. Shape: (country, run). Units: share, signed."""
    effect = numbers.once(embolden)[:, None]
    return reached(numbers, potency, np.maximum(effect, 0)) - reached(numbers, potency, np.maximum(-effect, 0))


def autonomy_terms(world: World, numbers: Numbers) -> PerCountry:
    """What hardens an entity: its patrons, against a country that can decide. Shape: (country, run). Units: log-odds."""
    n = numbers.resilience
    return n.by_backing * backing(numbers, world.potency) - n.by_capacity * of_country(numbers.roster, world.deciding)


def deciding(numbers: Numbers, course: SideCountry, autonomy: PerCountry) -> PerCountry:
    """What a country can decide: all of it, unless entities that stand apart and are autonomous use their veto.

    Shape: (country, run). Units: share.
    """
    roster = numbers.roster
    if not roster.entities_of:
        return all_like(course[0])
    apart = split(roster, course)
    free = all_like(apart)
    for parent, entities in roster.entities_of.items():
        holds = 1 - take(numbers.resilience.veto, entities) * take(autonomy, entities) * apart[parent]
        rows = np.arange(roster.size("country"))[:, None] == parent
        free = np.where(rows, product(holds), free)
    return free


def resilience(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Resilience, capture and autonomy move slowly towards what feeds them."""
    n, settled = numbers.resilience, numbers.settled
    strong = logistic(log_odds(n.start) + resilience_terms(world, numbers) - settled.resilience)
    captured = logistic(log_odds(n.capture_start) + capture_terms(world, numbers) - settled.capture)
    hardened = logistic(log_odds(n.autonomy_start) + autonomy_terms(world, numbers) - settled.autonomy)
    entity = numbers.roster.is_entity[:, None]
    return {
        "resilience": over_entities(numbers, relax(world.resilience, strong, n.speed)),
        "capture": over_entities(numbers, relax(world.capture, captured, n.capture_speed)),
        "autonomy": relax(world.autonomy, hardened, n.autonomy_speed) * entity,
    }
