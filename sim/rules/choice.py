"""Chapter 4 of docs/model.md, second half: what effort is worth to a power, and how it chooses."""

from __future__ import annotations

import numpy as np

from sim.arrays import exp, half_life_retention, maximum, minimum, none_like, put, take, total, where
from sim.axes import Array, InstitutionCountry, InstrumentCountry, PerPower
from sim.numbers import Numbers
from sim.rules.deeds import push_value
from sim.rules.leverage import standing_ability
from sim.rules.linkage import worth_of_unrest
from sim.rules.places import of_country, stakes
from sim.world import World


def objective_size(numbers: Numbers) -> PerPower:
    """Sum of the sizes of a power's objectives, which scales them to 1."""
    n = numbers.choice
    single = (n.influence, n.unrest, n.resilience, n.autonomy, n.deal, n.concessions)
    size = sum((abs(weight) for weight in single), start=total(abs(n.membership)))
    return maximum(size, 1e-12)


def push(numbers: Numbers) -> Array:
    """Which way and how far each instrument moves accession: two-way tools as their owner wishes, others as they are.

    Shape: (institution, instrument, run). Units: share, signed.
    """
    roster = numbers.roster
    effect = take(numbers.accession.effect, roster.channel_of, 1)
    wish = np.sign(take(numbers.choice.membership, roster.power_of, 1))
    return np.asarray(where(roster.flagged("two_way")[None, :, None], abs(effect) * wish, effect))


def wished(numbers: Numbers, effect: Array, wish: PerPower) -> Array:
    """A handle's effect by instrument: two-way tools take the sign of their owner's wish. Shape: (instrument, run)."""
    roster = numbers.roster
    signed = take(effect, roster.channel_of) * np.sign(take(wish, roster.power_of))
    return np.asarray(where(roster.flagged("two_way")[:, None], signed, take(effect, roster.channel_of)))


def stir(numbers: Numbers) -> Array:
    """Unrest that an instrument stirs: two-way tools only in the hands of a power that wants unrest. Shape: (instrument, run)."""
    return maximum(wished(numbers, numbers.tension.stirring, maximum(numbers.choice.unrest, 0)), 0)


def embolden(numbers: Numbers) -> Array:
    """How far an instrument backs an entity's autonomy, as its owner wishes. Shape: (instrument, run)."""
    return wished(numbers, numbers.resilience.emboldening, numbers.choice.autonomy)


def disputing(numbers: Numbers) -> Array:
    """How far an instrument furthers a deal, less than 0 where its owner would rather have none. Shape: (instrument, run)."""
    return wished(numbers, numbers.disputes.effect, numbers.choice.deal)


def ripeness_urgency(world: World, numbers: Numbers) -> Array:
    """Urgency of a deal, from how far normalisation has to go. Shape: (country, run): that of each party's disputes."""
    roster, n = numbers.roster, numbers.disputes
    value = none_like(world.tension)
    for at, places in enumerate(roster.parties):
        left = maximum(0, n.ripe[at] - world.normalisation[at]) / n.step[at] + n.wait[at]
        alive = n.ripe[at] * (1 - world.deal[at]) * np.asarray(n.creep[at] > 0, dtype=float)
        ahead = alive * urgency(minimum(numbers.accession.longest_wait, left), numbers.choice.patience)
        for place in places:
            value = put(value, place, value[place] + ahead)
    return value


def prior(numbers: Numbers) -> InstrumentCountry:
    """Shares of budget a power would give without any reason: its stakes, spread over the instruments it can use there.

    What cannot be used, or does nothing, gets nothing; so a bystander changes nobody's plan.

    Shape: (instrument, country, run). Units: share; a power's sum to 1 - hold_back.
    """
    roster, e = numbers.roster, numbers
    social = (e.disputes.effect, e.opinion.falsehood, e.tension.stirring)
    handles = (*social, e.leverage.gain, e.resilience.reforming, e.resilience.emboldening, e.resilience.capturing)
    works = sum((abs(handle) for handle in handles), start=total(abs(e.accession.effect)))
    can = (numbers.once(standing_ability) > 0) & (take(works, roster.channel_of)[:, None] > 0)
    shares = []
    for place, held in enumerate(roster.instruments_of):
        usable = np.asarray(can[held], dtype=float)
        spread = usable * numbers.once(stakes)[place] / maximum(total(usable), 1)
        whole = total(total(spread))
        shares.append((1 - e.choice.hold_back[place]) * spread / maximum(whole, 1e-300))
    width = max(share.shape[-1] for share in shares)
    return np.concatenate([np.broadcast_to(share, (*share.shape[:-1], width)) for share in shares], axis=0)


def urgency(months_to_go: InstitutionCountry, patience: Array) -> InstitutionCountry:
    """Value of hastening or delaying an entry by a given fraction: rises as it nears, peaks at `patience`, falls when too late."""
    ahead = months_to_go / patience
    return ahead * exp(-ahead)


def population_share(numbers: Numbers) -> Array:
    """Share of its country's people that each entity has; 1 elsewhere. Shape: (country, run)."""
    whole = np.ones((numbers.roster.size("country"), 1))
    for entities in numbers.roster.entities_of.values():
        people = take(numbers.tension.population, entities)
        whole = put(whole, entities, people / total(people))
    return whole


def entry_urgency(numbers: Numbers, rung: InstitutionCountry, months_to_go: InstitutionCountry) -> InstitutionCountry:
    """Urgency of each entry where effort can be used: an entity carries its country's by its share of the people.

    Shape: (institution, country, run).
    """
    roster = numbers.roster
    possible = (rung < roster.top[:, None, None]) & (months_to_go < numbers.accession.longest_wait)
    value = np.asarray(where(possible, urgency(months_to_go, numbers.choice.patience), 0.0))
    return of_country(roster, value) * numbers.once(population_share)


def horizons(numbers: Numbers) -> dict[str, Array]:
    """What a lasting unit of effect on each handle adds up to over a power's patience. Units: months, or share a unit."""
    keep = exp(-1 / numbers.choice.patience)
    t, q = numbers.tension, numbers.resilience
    stocks = 1 / (1 - keep * half_life_retention(numbers.leverage.half_life))
    pressure = 1 / (1 - keep * half_life_retention(t.pressure_half_life)) * t.speed / (1 - keep * (1 - t.speed))
    return {
        "leverage": take(stocks, numbers.roster.channel_of)[:, None],
        "pressure": pressure,
        "resilience": q.speed * q.by_reform / 4 / (1 - keep * (1 - q.speed)),
        "autonomy": q.autonomy_speed * q.by_backing / 4 / (1 - keep * (1 - q.autonomy_speed)),
    }


def worth_of_leverage(numbers: Numbers) -> Array:
    """Gain of leverage by potency, summed over the horizon, by instrument. Shape: (instrument, 1, run)."""
    gained = take(numbers.leverage.gain, numbers.roster.channel_of)[:, None]
    return gained * numbers.once(horizons)["leverage"]


def forecast_value(world: World, numbers: Numbers, power: int) -> InstrumentCountry:
    """First-order forecast of what one more unit of potency is worth to a power, through every handle of its instruments.

    Influence, each membership by its urgency, unrest for its own sake and as a means against entry, resilience, autonomy.

    Shape: (the power's instruments, country, run). Units: value, before scaling by the reference.
    """
    n, roster = numbers.choice, numbers.roster
    held, ahead = roster.instruments_of[power], numbers.once(horizons)
    size = numbers.once(objective_size)[power]
    stake = numbers.once(stakes)[power] / size
    rise = stake * n.influence[power] * world.share_slope[power]
    room = (1 - world.leverage[held]) * world.grip[held] / (world.leverage[held] + numbers.contest.foothold)
    value: InstrumentCountry = numbers.once(worth_of_leverage)[held] * room * rise
    wanted = n.membership[:, power][:, None] * world.urgency
    for place in range(roster.size("institution")):
        effect = numbers.once(push)[place, held]
        if np.any(effect != 0):
            value = value + effect[:, None] * (stake * wanted[place])
    stirs = numbers.once(stir)[held]
    if np.any(stirs != 0):
        moved = world.tension * (1 - world.tension) * numbers.tension.pressure * (1 - world.pressure[power]) * ahead["pressure"]
        means = n.unrest[power] + worth_of_unrest(world, numbers, power) - total(wanted) / (1 - world.tension + 1e-3)
        value = value + stirs[:, None] * (stake * moved * means)
    reforms = take(numbers.resilience.reforming, roster.channel_of[held])
    if np.any(n.resilience[power] != 0) and np.any(reforms != 0):
        value = value + reforms[:, None] * (stake * n.resilience[power] * (1 - world.resilience) * ahead["resilience"])
    settles = numbers.once(disputing)[held]
    if np.any(n.deal[power] != 0) and np.any(settles != 0):
        value = value + settles[:, None] * (stake * n.deal[power] * ripeness_urgency(world, numbers))
    for owner, pushes in push_value(world, numbers, power):
        value = put(value, owner, value[:, owner] + pushes * stake[owner], 1)
    backs = numbers.once(embolden)[held]
    if np.any(n.autonomy[power] != 0) and np.any(backs != 0):
        inside = stake * roster.is_entity[:, None]
        value = value + backs[:, None] * (inside * n.autonomy[power] * (1 - world.autonomy) * ahead["autonomy"])
    return value


def marginal_value(value: InstrumentCountry, ability: InstrumentCountry, effort: InstrumentCountry) -> InstrumentCountry:
    """Worth of one more unit of effort: the forecast times how much potency it still adds.

    A harmful forecast keeps the whole ability, so the worth never rises with the effort itself.
    """
    return value * where(value > 0, ability * exp(-minimum(ability * effort, 50)), ability)


def costs(numbers: Numbers) -> Array:
    """What a unit of effort costs a power: price, and being seen. Shape: (instrument, 1, run). Units: reference values."""
    n, roster = numbers.choice, numbers.roster
    seen = take(n.attribution, roster.power_of) * take(n.visibility, roster.channel_of)
    return (take(n.price, roster.channel_of) + seen)[:, None]


def planned_shares(worth: InstrumentCountry, prior: InstrumentCountry, rationality: Array, hold_back: Array) -> InstrumentCountry:
    """Shares of budget by logit quantal response over instruments, countries and holding back.

    Source: McKelvey and Palfrey (1995). A rationality of 0 gives the prior; a prior of 0 gives nothing.
    """
    pull = prior * exp(minimum(rationality * worth, 600))
    return pull / (hold_back + total(total(pull)))
