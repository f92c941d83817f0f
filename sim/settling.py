"""How a history starts: the world at month 0, and what is solved so that it would stand still there at medians."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim.agents.country import outlook_of
from sim.arrays import join, log_odds, product, stack, take, total
from sim.axes import Array
from sim.chapters import CHAPTERS, Settled
from sim.dated import Calendar, calendar
from sim.draws import Luck
from sim.lanes import PADDING, Parameters
from sim.numbers import Numbers, unsettled
from sim.roster import Roster
from sim.rules.accession import delivered, outlook, unity_of_members
from sim.rules.alignment import portfolio, siding
from sim.rules.choice import prior
from sim.rules.contest import contest
from sim.rules.decision import Plan, able, carried_out, decision, gross_worth
from sim.rules.leaders import popular_lean
from sim.rules.leverage import floor, is_noticed, start_leverage
from sim.rules.observation import watchfulness
from sim.rules.opinion import opinion_terms, precedent, swallowed
from sim.rules.payoff import payoff
from sim.rules.places import everywhere, over_entities, regional_mean, split, stakes
from sim.rules.resilience import autonomy_terms, capture_terms, resilience_terms
from sim.rules.resources import driver_factor, rival_activity
from sim.rules.tension import external_terms, home_terms, shared_out, standing_pressure, stirring
from sim.world import VARIABLES, World

# Rounds of the month-0 plan: with an adjustment of 0.3 a month, 60 leave a thousandth of a millionth of the distance.
ROUNDS = 60
# Rounds in which course, distance from membership and what effort achieves, each of which looks at the others, come to rest.
START_ROUNDS = 12


def settled_at(parameters: Parameters) -> Settled:
    """What is solved at the start of a scenario, at the medians of its own numbers, what-ifs left out.

    The plan every power would settle on in a world that stands still; the scale of worth (the largest worth any cell has at the
    prior plan); what rivals and candidates are used to; and how much the terms that move each slow variable sum to.
    """
    values, roster = parameters.medians(), parameters.roster
    numbers = parameters.numbers(unsettled(roster), values, np.ones(len(values), dtype=bool))
    numbers, levels = standing(calendar(parameters, values), numbers, None)
    numbers = _with(numbers, plan=numbers.once(prior))
    world = start(numbers, None, levels)
    worths = [gross_worth(world, numbers, place, able(world, numbers, place)) for place in range(roster.size("power"))]
    reference = stack([np.maximum(np.max(worth, axis=(0, 1), initial=0), 1e-12) for worth in worths])
    numbers = _with(numbers, reference=reference)
    for _ in range(ROUNDS):
        plans = [decision(world, numbers, place) for place in range(roster.size("power"))]
        world = _under(world, numbers, plans)
    numbers = _with(numbers, plan=world.plan)
    world = start(numbers, None, levels)
    solved = _with(
        numbers,
        tension=home_terms(world, numbers) + total(external_terms(world, numbers)),
        opinion=opinion_terms(world, numbers),
        false_belief=swallowed(world, numbers),
        resilience=resilience_terms(world, numbers),
        capture=capture_terms(world, numbers),
        autonomy=autonomy_terms(world, numbers),
    ).settled
    return Settled(**{name: np.ascontiguousarray(np.asarray(array)[..., :1]) for name, array in vars(solved).items()})


def _with(numbers: Numbers, **arrays: Array) -> Numbers:
    return replace(numbers, settled=replace(numbers.settled, **arrays))


def standing(changes: Calendar, numbers: Numbers, luck: Luck | None) -> tuple[Numbers, dict[str, Array]]:
    """The numbers and levels of the month before the first: those of the scenario, with the deeds that are done from the start."""
    world = _bare(numbers, luck)
    numbers = changes.numbers_at(-1, numbers, world)
    return numbers, changes.levels_at(-1, world, numbers)


def start(numbers: Numbers, luck: Luck | None, levels: Mapping[str, Array]) -> World:
    """The world at the end of the month before the first, every stock at its start and every flow at its settled level.

    Without luck all moods are calm.
    """
    world = replace(_bare(numbers, luck), **levels)
    world = replace(world, budget=numbers.resources.capacity * driver_factor(world, numbers) + 0 * world.budget)
    can = numbers.once(prior) > 0
    plan = numbers.settled.plan * can + 0 * world.plan
    world = _settled_course(world, numbers)
    for _ in range(START_ROUNDS):
        plans = [
            carried_out(world, plan[held], able(world, numbers, place), place) for place, held in enumerate(numbers.roster.instruments_of)
        ]
        world = _under(world, numbers, plans)
    world = replace(world, **usual(world, numbers))
    return read(_with_ledgers(world, numbers), numbers)


def usual(world: World, numbers: Numbers) -> dict[str, Array]:
    """What powers and candidates are used to in a world: rivals' activity, the grantors' efforts, members' unity."""
    return {
        "used_to": rival_activity(numbers, world.visible),
        "promised": delivered(numbers, world.effort),
        "united": world.unity,
        "leant": popular_lean(numbers, world.opinion),
    }


def _bare(numbers: Numbers, luck: Luck | None) -> World:
    """A world with every stock at its start and nothing done yet."""
    roster, width = numbers.roster, _width(numbers) if luck is None else luck.width
    blank = {name: np.zeros((*(roster.size(axis) for axis in variable.axes), width)) for name, variable in VARIABLES.items()}
    n = numbers.outside
    starts = {
        "driver": n.driver, "condition": n.condition, "normalisation": n.normalisation, "hostility": n.hostility, "war": n.war,
        "leverage": numbers.once(floor),
        "opinion": over_entities(numbers, numbers.opinion.start),
        "false_belief": over_entities(numbers, numbers.opinion.false_belief_start),
        "tension": over_entities(numbers, numbers.tension.start),
        "resilience": over_entities(numbers, numbers.resilience.start),
        "capture": over_entities(numbers, numbers.resilience.capture_start),
        "autonomy": numbers.resilience.autonomy_start * roster.is_entity[:, None],
        "belief": take(numbers.choice.bias, roster.power_of),
        "watched": np.ones((1, 1, 1)),
        "talks": numbers.disputes.open,
        "recognition": numbers.disputes.recognised,
        "deed": numbers.deeds.start,
        "deed_memory": numbers.deeds.start,
        "rung": roster.start_rung[..., None].astype(float),
        "progress": numbers.accession.start_progress,
        "credibility": numbers.accession.credibility_start,
        "unity": unity_of_members(numbers),
        "attention": np.full((1, 1), 0.5),
        "course": np.full((1, 1, 1), 1 / roster.size("side")),
    }  # fmt: skip
    if luck is not None:
        starts |= _moods(numbers, luck)
    return World(**{name: blank[name] + starts[name] if name in starts else blank[name] for name in blank})


def _moods(numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Moods at the start, spread as they will stay spread."""
    roster = numbers.roster
    countries = roster.size("country")
    return {
        "watched": watchfulness(luck.uniform("start/watched", roster.size("power"), countries), numbers.observation.spread),
        "mood_course": numbers.alignment.noise * luck.normal("start/course", roster.size("side"), countries),
        "mood_opinion": numbers.opinion.noise * luck.normal("start/opinion", roster.size("power"), countries),
        "mood_tension": numbers.tension.noise * luck.normal("start/tension"),
    }


def _width(numbers: Numbers) -> int:
    """The widest last axis among the numbers."""
    widths = [PADDING]
    for chapter in CHAPTERS:
        widths += [array.shape[-1] for array in vars(getattr(numbers, chapter)).values()]
    return max(widths)


def _settled_course(world: World, numbers: Numbers) -> World:
    """The world with readings made and every country's course and words where it wants them."""
    world = read(world, numbers)
    seen = outlook_of(world, numbers)
    course = over_entities(numbers, portfolio(seen.value, seen.hedging))
    words = over_entities(numbers, portfolio(seen.value + numbers.alignment.signal * seen.signal, seen.hedging))
    alignment = over_entities(numbers, take(course, numbers.roster.bloc_of) * world.bloc_part)
    return replace(world, course=course, words=words, alignment=alignment)


def read(world: World, numbers: Numbers) -> World:
    """The world with its readings made: what follows from the stocks of the same month."""
    world = replace(world, **contest(world, numbers))
    world = replace(world, **outlook(world, numbers))
    return replace(world, **siding(world, numbers), **payoff(world, numbers))


def _under(world: World, numbers: Numbers, plans: list[Plan]) -> World:
    """The world in which these plans have long been carried out: pressure, visibility and the argument at rest under them."""
    potency = everywhere(numbers, join([plan.potency for plan in plans]))
    dose = -np.log(np.maximum(1 - potency, 1e-300)) * numbers.once(is_noticed)
    told = numbers.once(precedent) * potency
    pressure = standing_pressure(stirring(numbers, potency), numbers.tension.pressure_half_life)
    held = numbers.roster.instruments_of
    world = replace(
        world,
        plan=join([plan.plan for plan in plans]),
        effort=join([plan.effort for plan in plans]),
        potency=potency,
        pressure=over_entities(numbers, pressure),
        visible=stack([total(dose[power]) for power in held]),
        leverage=start_leverage(numbers, potency),
        narrative=regional_mean(numbers, stack([1 - product(1 - told[power]) for power in held]), numbers.once(stakes)),
    )
    return _settled_course(world, numbers)


def _with_ledgers(world: World, numbers: Numbers) -> World:
    """Tension shared out at the start; what the parts do not make up was there before."""
    home = log_odds(numbers.tension.start) + home_terms(world, numbers) - numbers.settled.tension + numbers.tension.grievance
    by_home, by_power, by_chance = shared_out(home, external_terms(world, numbers), world.mood_tension)
    by_home, by_power, by_chance = (over_entities(numbers, part) for part in (by_home, by_power, by_chance))
    apart = numbers.tension.split * split(numbers.roster, world.course) * (1 - world.tension)
    tension = world.tension + apart
    given = world.tension - by_home - total(by_power) - by_chance
    return replace(
        world, tension=tension, tension_home=by_home + apart, tension_power=by_power + 0 * world.pressure,
        tension_luck=by_chance, tension_given=given,
    )  # fmt: skip


def start_purposes(roster: Roster) -> dict[str, list[str]]:
    """What luck is drawn for at the start, and whose."""
    return {
        "start/course": roster.streams("side", "country"),
        "start/watched": roster.streams("power", "country"),
        "start/opinion": roster.streams("power", "country"),
        "start/tension": roster.streams("country"),
    }
