"""Chapter 6 of docs/model.md: what publics think of powers, and what they wrongly believe."""

from __future__ import annotations

import numpy as np

from sim.arrays import log_odds, logistic, maximum, minimum, none_like, product, relax, sqrt, stack, take, total, where
from sim.axes import Array, InstrumentCountry, PerCountry, PowerCountry
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.leverage import reached
from sim.rules.places import bloc_weight, over_entities, regional_mean, stakes
from sim.world import World


def publicity(numbers: Numbers) -> Array:
    """How public each instrument is. Shape: (instrument, 1, run)."""
    return take(numbers.opinion.publicity, numbers.roster.channel_of)[:, None]


def public_reach(numbers: Numbers, leverage: InstrumentCountry) -> PowerCountry:
    """Leverage that publics feel, by power. Shape: (power, country, run)."""
    felt = numbers.once(publicity) * leverage
    return stack([total(felt[held]) for held in numbers.roster.instruments_of])


def rivals_mean(numbers: Numbers, values: PowerCountry) -> PowerCountry:
    """Mean over rival blocs of the mean over their powers by capacity; 0 without rivals. Shape: (power, country, run)."""
    bloc, blocs = numbers.roster.bloc_of, numbers.roster.size("bloc")
    means = [total((numbers.once(bloc_weight)[:, None] * values)[bloc == place]) for place in range(blocs)]
    everyone = sum(means[1:], start=means[0])
    return stack([(everyone - means[place]) / max(blocs - 1, 1) for place in bloc])


def lies(numbers: Numbers) -> Array:
    """False claims an instrument carries: only those of powers that want unrest. Shape: (instrument, 1, run)."""
    wish = np.maximum(numbers.choice.unrest, 0)
    carried = take(numbers.opinion.falsehood, numbers.roster.channel_of) * np.sign(take(wish, numbers.roster.power_of))
    return np.asarray(carried)[:, None]


def precedent(numbers: Numbers) -> Array:
    """How far an instrument carries the precedent argument. Shape: (instrument, 1, run)."""
    return take(numbers.opinion.precedent, numbers.roster.channel_of)[:, None]


def exposure(numbers: Numbers, potency: InstrumentCountry) -> PerCountry:
    """Share of a public that false claims reach, by broadcast with local pick-up and by social media.

    A ban curbs the broadcasts; part of the audience it takes moves to social media.

    Shape: (country, run).
    """
    n, roster = numbers.opinion, numbers.roster
    carried = numbers.once(lies)
    by_air = carried * roster.flagged("medium", "broadcast")[:, None, None]
    by_net = carried * roster.flagged("medium", "social")[:, None, None]
    air = reached(numbers, potency, by_air) * n.pickup * (1 - n.curb)
    net = reached(numbers, potency, by_net) * (n.pickup + (1 - n.pickup) * n.migration * n.curb)
    return 1 - (1 - air) * (1 - net)


def swallowed(world: World, numbers: Numbers) -> PerCountry:
    """Share of a public that foreign false claims reach and that takes them for true. Shape: (country, run)."""
    return exposure(numbers, world.potency) * (1 - numbers.opinion.literacy)


def taken_in(world: World, numbers: Numbers) -> PerCountry:
    """Where false belief tends to: what is swallowed, besides what is believed at home.

    The latter is what the settled start leaves unexplained; where that start is below what is swallowed, the whole shrinks instead.
    """
    now, usual, start = swallowed(world, numbers), numbers.settled.false_belief, numbers.opinion.false_belief_start
    more = 1 - (1 - now) * (1 - start) / maximum(1 - usual, 1e-9)
    return np.asarray(where(start >= usual, maximum(more, 0), minimum(1, now * start / maximum(usual, 1e-9))))


def is_slandered(numbers: Numbers) -> Array:
    """Which powers false claims speak against: those with a rival that spreads them. Shape: (power, 1, run)."""
    carried, roster = numbers.once(lies), numbers.roster
    spreads = stack([total(carried[held])[0] for held in roster.instruments_of]) > 0
    rival = roster.bloc_of[:, None] != roster.bloc_of[None]
    return np.asarray((rival[..., None] & spreads[None]).any(axis=1), dtype=float)[:, None]


def opinion_terms(world: World, numbers: Numbers) -> PowerCountry:
    """What moves opinion of each power away from identity: reach against rivals', coercion seen, war, elite cue, false belief.

    Shape: (power, country, run). Units: log-odds.
    """
    n, roster = numbers.opinion, numbers.roster
    felt = public_reach(numbers, world.leverage)
    war = world.war * (1 - n.narrative_shield * world.narrative)
    cue = take(world.course, roster.bloc_of) - 1 / roster.size("side")
    return (
        n.reach * (felt - rivals_mean(numbers, felt))
        - n.coercion * world.pressure
        - n.war * war[:, None]
        + n.elite_cue * cue
        - n.false_belief * numbers.once(is_slandered) * world.false_belief
    )


def opinion(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Opinion, false belief and the precedent argument each move towards what feeds them."""
    n, roster = numbers.opinion, numbers.roster
    pull = log_odds(n.start) + opinion_terms(world, numbers) - numbers.settled.opinion + world.mood_opinion
    held = relax(world.opinion, logistic(pull), n.speed)
    believed = relax(world.false_belief, taken_in(world, numbers), n.false_belief_speed)
    carried = numbers.once(precedent) * world.potency
    spread = [1 - product(1 - carried[power]) for power in roster.instruments_of]
    told = relax(world.narrative, regional_mean(numbers, stack(spread), numbers.once(stakes)), n.narrative_speed)
    ties = (roster.size("power"), roster.size("country"))
    return {
        "opinion": over_entities(numbers, held),
        "false_belief": over_entities(numbers, believed),
        "narrative": told,
        "mood_opinion": lasting(world.mood_opinion, luck.normal("mood/opinion", *ties), n.noise, n.noise_memory),
    }


def lasting(mood: Array, shock: Array, spread: Array, memory: Array) -> Array:
    """Noise that lasts: an autoregression whose standard deviation stays at `spread`."""
    return memory * mood + spread * sqrt(1 - memory * memory) * shock


def polarisation(numbers: Numbers, opinion: PowerCountry) -> PerCountry:
    """How evenly a public's favour is split between blocs: 1 when even, 0 when one has it all. Shape: (country, run)."""
    bloc, blocs = numbers.roster.bloc_of, numbers.roster.size("bloc")
    if blocs < 2:
        return none_like(opinion[0])
    liked = stack([total((numbers.once(bloc_weight)[:, None] * opinion)[bloc == place]) for place in range(blocs)])
    share = liked / (total(liked) + 1e-9)
    even: PerCountry = (1 - total(share * share)) * blocs / (blocs - 1)
    return even
