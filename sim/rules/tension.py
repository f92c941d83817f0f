"""Chapter 7 of docs/model.md: pressure from outside, tension, and the two ledgers that account for it."""

from __future__ import annotations

from sim.arrays import half_life_retention, log_odds, logistic, logistic_slope, none_like, relax, stack, take, total, where
from sim.axes import Array, InstrumentCountry, PerCountry, PowerCountry
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.choice import stir
from sim.rules.leverage import reached
from sim.rules.linkage import restraint
from sim.rules.opinion import lasting, polarisation
from sim.rules.places import over_entities, split
from sim.world import World


def stirring(numbers: Numbers, potency: InstrumentCountry) -> PowerCountry:
    """Inflow of pressure from each power's stirring: a noisy-or over its instruments. Shape: (power, country, run)."""
    roster, effect = numbers.roster, numbers.once(stir)[:, None]
    flows = []
    for held in roster.instruments_of:
        flows.append(reached(numbers, potency[held], effect[held]))
    return stack(flows)


def next_pressure(pressure: PowerCountry, inflow: PowerCountry, half_life: Array) -> PowerCountry:
    """The pressure stock a month on: it halves in `half_life` months and fills from stirring."""
    return pressure * half_life_retention(half_life) + (1 - pressure) * inflow


def standing_pressure(inflow: PowerCountry, half_life: Array) -> PowerCountry:
    """The pressure at which a steady inflow leaves the stock still."""
    return inflow / (inflow + 1 - half_life_retention(half_life))


def neighbours_tension(numbers: Numbers, tension: PerCountry) -> PerCountry:
    """Mean tension of a country's neighbours; 0 without neighbours."""
    means = []
    for places in numbers.roster.neighbours:
        means.append(total(take(tension, places)) / len(places) if len(places) else none_like(tension[0]))
    return stack(means)


def home_terms(world: World, numbers: Numbers) -> PerCountry:
    """What raises or calms tension at home: grievances, capture, polarised publics, resilience, peacekeepers, disputes, neighbours.

    Shape: (country, run). Units: log-odds.
    """
    n = numbers.tension
    grievance = n.by_nationalism * n.nationalism + n.by_stagnation * n.stagnation + n.by_ethnic_tension * n.ethnic_tension
    quarrels = total(n.felt * world.hostility[:, None])
    return (
        grievance
        + n.by_capture * world.capture
        + n.by_polarisation * polarisation(numbers, world.opinion)
        - n.by_resilience * world.resilience
        - n.presence
        + quarrels
        + n.by_neighbours * neighbours_tension(numbers, world.tension)
    )


def external_terms(world: World, numbers: Numbers) -> PowerCountry:
    """What each power's stirring adds. Shape: (power, country, run). Units: log-odds."""
    return numbers.tension.pressure * world.pressure


def shared_out(home: PerCountry, external: PowerCountry, mood: PerCountry) -> tuple[PerCountry, PowerCountry, PerCountry]:
    """The target of tension, split exactly between home, each power and chance.

    Each outside term counts by the mean slope of the logistic along the way from home alone to everything (Aumann and Shapley
    1974), which has a closed form; what is left is home's, so the parts sum to the target to the last bit.

    Shape: (country, run), (power, country, run), (country, run).
    """
    outside = total(external) + mood
    small = abs(outside) < 1e-4
    way = where(small, 1.0, outside)
    slope = where(small, logistic_slope(home + outside / 2), (logistic(home + way) - logistic(home)) / way)
    by_power, by_chance = external * slope, mood * slope
    return logistic(home + outside) - total(by_power) - by_chance, by_power, by_chance


def tension(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Pressure fills from stirring; tension and its ledgers move together towards their targets."""
    n = numbers.tension
    home = log_odds(n.start) + home_terms(world, numbers) - numbers.settled.tension + n.grievance
    by_home, by_power, by_chance = shared_out(home, external_terms(world, numbers), world.mood_tension)
    inflow = stirring(numbers, world.potency) * restraint(world, numbers)[:, None]
    ledgers = {
        "tension_home": relax(world.tension_home, by_home, n.speed),
        "tension_power": relax(world.tension_power, by_power, n.speed),
        "tension_luck": relax(world.tension_luck, by_chance, n.speed),
        "tension_given": relax(world.tension_given, none_like(by_home), n.speed),
    }
    return {
        **with_countries(numbers, world, ledgers),
        "pressure": over_entities(numbers, next_pressure(world.pressure, inflow, n.pressure_half_life)),
        "mood_tension": lasting(world.mood_tension, luck.normal("mood/tension"), n.noise, n.noise_memory),
    }


def with_countries(numbers: Numbers, world: World, ledgers: dict[str, Array]) -> dict[str, Array]:
    """Tension as the sum of its ledgers; a divided country has its entities' mean, and its split adds to the home side."""
    ledgers = {name: over_entities(numbers, ledger) for name, ledger in ledgers.items()}
    summed = ledgers["tension_home"] + total(ledgers["tension_power"]) + ledgers["tension_luck"] + ledgers["tension_given"]
    if numbers.roster.entities_of:
        quarrel = numbers.tension.split * split(numbers.roster, world.course) * (1 - summed)
        ledgers["tension_home"] = ledgers["tension_home"] + quarrel
        summed = summed + quarrel
    return {**ledgers, "tension": summed}
