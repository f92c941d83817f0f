"""Chapter 4 of docs/model.md, first half: how much of a country's course each power holds."""

from __future__ import annotations

from sim.arrays import maximum, power, stack, take, total
from sim.axes import Array, InstrumentCountry, PerCountry, PowerCountry
from sim.numbers import Numbers
from sim.rules.places import bloc_weight, over_entities
from sim.world import World


def weight(numbers: Numbers) -> Array:
    """Weight of each instrument's channel, where all that give leverage sum to 1. Shape: (instrument, 1, run)."""
    real = numbers.contest.weight * (numbers.leverage.gain > 0)
    share = real / maximum(total(real), 1e-300)
    return take(share, numbers.roster.channel_of)[:, None]


def grip(leverage: InstrumentCountry, weight: Array, foothold: Array, variety: Array) -> InstrumentCountry:
    """What each instrument adds to a power's reach before the mix is weighed. Source: constant elasticity of substitution."""
    return weight * power(leverage + foothold, variety)


def mixed(numbers: Numbers, grips: InstrumentCountry) -> PowerCountry:
    """Sum of a power's grips, with the foothold of the channels it has no skill in. Shape: (power, country, run)."""
    n = numbers.contest
    bare = power(n.foothold, n.variety)
    lacking = []
    for held in numbers.roster.instruments_of:
        lacking.append((1 - total(numbers.once(weight)[held])) * bare + total(grips[held]))
    return stack(lacking)


def reach(mix: PowerCountry, foothold: Array, variety: Array) -> PowerCountry:
    """How far a power reaches into a country, 0 without leverage and 1 with all of it."""
    return maximum(power(mix, 1 / variety) - foothold, 0)


def by_bloc(numbers: Numbers, values: PowerCountry) -> Array:
    """Sums over the powers of each bloc. Shape: (bloc, country, run)."""
    bloc = numbers.roster.bloc_of
    return stack([total(values[bloc == place]) for place in range(numbers.roster.size("bloc"))])


def own_strength(numbers: Numbers, resilience: PerCountry) -> PerCountry:
    """How strongly a country itself contends for its course: agency, more of it with resilience."""
    n = numbers.contest
    return n.agency * (n.agency_without_resilience + (1 - n.agency_without_resilience) * resilience)


def contest(world: World, numbers: Numbers) -> dict[str, Array]:
    """Who holds what: a contest between blocs and the country, then within the bloc.

    However many powers a bloc has, it contends as one. The slope says what one more unit of leverage is worth.

    Source: Tullock (1980) on contests; Hirshleifer (1989) on decisiveness.
    """
    n, bloc = numbers.contest, numbers.roster.bloc_of
    grips = grip(world.leverage, numbers.once(weight), n.foothold, n.variety)
    mix = mixed(numbers, grips)
    equipped = stack([total(numbers.once(weight)[held]) for held in numbers.roster.instruments_of]) > 0
    hold = reach(mix, n.foothold, n.variety) * equipped
    together = by_bloc(numbers, hold) + n.foothold
    strength = power(together, n.decisiveness)
    own = power(own_strength(numbers, world.resilience), n.decisiveness)
    field = own + total(strength)
    bloc_share = strength / field
    slope = n.decisiveness * strength / together * (field - strength) / (field * field)
    within = hold / (take(together, bloc) - n.foothold + 1e-6)
    inside = take(bloc_share, bloc) * (1 - within) / (take(together, bloc) - n.foothold + 1e-2)
    regard = numbers.choice.bloc_regard
    valued = take(slope, bloc) * (regard + (1 - regard) * within) + (1 - regard) * inside
    return {
        "grip": grips,
        "reach": hold,
        "bloc_share": over_entities(numbers, bloc_share),
        "own_share": over_entities(numbers, own / field),
        "influence_share": over_entities(numbers, take(bloc_share, bloc) * within),
        "share_slope": over_entities(numbers, valued * power(mix, 1 / n.variety - 1)),
    }


def within_bloc(numbers: Numbers, hold: PowerCountry) -> PowerCountry:
    """Share of its bloc's reach that each power holds, never all zero: bare capacity breaks the tie.

    Shape: (power, country, run). Splitting a power splits its share and leaves the others'.
    """
    bloc, small = numbers.roster.bloc_of, 1e-6
    own = numbers.once(bloc_weight)[:, None]
    return (hold + small * own) / (take(by_bloc(numbers, hold), bloc) + small)
