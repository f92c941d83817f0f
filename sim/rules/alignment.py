"""Chapter 5 of docs/model.md: what each bloc is worth to a government, and what portfolio it wants."""

from __future__ import annotations

import numpy as np

from sim.arrays import choice_shares, exp, log, maximum, none_like, put, take, total, where
from sim.axes import Array, InstitutionCountry, InstrumentCountry, PerCountry, PowerCountry, SideCountry
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.contest import within_bloc
from sim.rules.opinion import lasting
from sim.rules.places import of_country
from sim.world import World


def prospect(numbers: Numbers, world: World) -> InstitutionCountry:
    """What an institution's door is worth: lock for members, for others the promise, discounted by its distance.

    Months to go count every gate as open, else a closed gate would remove the reason to open it.

    Shape: (institution, country, run). Units: value.
    """
    n = numbers.accession
    waiting = of_country(numbers.roster, world.months_if_open) / numbers.alignment.prospect
    offer = n.value[:, None] * world.credibility[:, None] * exp(-waiting) * n.aspiration
    inside = of_country(numbers.roster, world.rung) >= numbers.roster.top[:, None, None]
    return np.asarray(where(inside, numbers.alignment.lock, offer))


def provocation_fear(numbers: Numbers, leverage: InstrumentCountry) -> PowerCountry:
    """Cost of an alliance's door where its rivals hold military ties. Shape: (power, country, run). Units: value."""
    roster = numbers.roster
    cost = np.zeros((roster.size("power"), roster.size("country"), 1))
    ties = np.flatnonzero(roster.flagged("crowded_out"))
    for place, name in enumerate(roster.ids["institution"]):
        if not roster.scenario.institutions[name].alliance:
            continue
        grantor = roster.grantor[place]
        rival = ties[roster.bloc_of[roster.power_of[ties]] != roster.bloc_of[grantor]]
        if rival.size:
            cost = put(cost, grantor, numbers.alignment.fear * total(take(leverage, rival)))
    return cost


def conditions_cost(numbers: Numbers, capture: PerCountry, rung: InstitutionCountry) -> PowerCountry:
    """What conditions cost a captured government, less of it the further up the grantor's ladder it stands. Units: value."""
    roster = numbers.roster
    ahead = np.ones((roster.size("power"), roster.size("country"), 1))
    climbed = of_country(roster, rung) / roster.top[:, None, None]
    for place, grantor in enumerate(roster.grantor):
        ahead = put(ahead, grantor, ahead[grantor] * (1 - climbed[place]))
    return numbers.alignment.capture_cost * numbers.alignment.conditionality[:, None] * capture * ahead


def power_value(world: World, numbers: Numbers) -> PowerCountry:
    """What siding with each power is worth to a government.

    The bloc's influence share, the doors the power holds, what the public thinks of it, less conditions and fear.

    Shape: (power, country, run). Units: value.
    """
    n, roster = numbers.alignment, numbers.roster
    value = n.influence * take(world.bloc_share, roster.bloc_of) + n.audience * (2 * world.opinion - 1)
    value = value - conditions_cost(numbers, world.capture, world.rung) - provocation_fear(numbers, world.leverage)
    doors = prospect(numbers, world)
    for place, grantor in enumerate(roster.grantor):
        value = put(value, grantor, value[grantor] + doors[place])
    return value


def hedging(numbers: Numbers, rung: InstitutionCountry) -> PerCountry:
    """How widely a government spreads its bets; less in a member. Units: value per nat of entropy."""
    inside = of_country(numbers.roster, rung) >= numbers.roster.top[:, None, None]
    member = np.logical_or.reduce(inside, axis=0)
    return numbers.alignment.hedging * where(member, numbers.alignment.member_hedging, 1.0)


def bloc_value(value: Array, within: Array, blocs: np.ndarray, spread: Array) -> tuple[Array, Array]:
    """Inclusive value of each bloc, and how its powers share it: a logit nested in a logit.

    A power split in two keeps the inclusive value, because each counts by its share of the bloc.

    Shape: value and within (power, ..., run) give (bloc, ..., run) and (power, ..., run).
    """
    inclusive, shares = [], []
    for place in range(int(blocs.max()) + 1):
        inside = blocs == place
        best = np.maximum.reduce(where(within[inside] > 0, value[inside], -1e300), axis=0)
        pull = within[inside] * exp((value[inside] - best) / spread)
        mass = total(pull)
        inclusive.append(best + spread * log(maximum(mass, 1e-300)))
        shares.append(pull / maximum(mass, 1e-300))
    order = np.argsort(np.concatenate([np.flatnonzero(blocs == place) for place in range(len(shares))]))
    return np.stack(inclusive), take(np.concatenate(shares), order)


def sides_value(world: World, numbers: Numbers) -> tuple[SideCountry, PowerCountry]:
    """Value of each bloc and of staying one's own, mood included; and how each bloc's powers share it."""
    spread = numbers.alignment.within_bloc
    blocs, shares = bloc_value(power_value(world, numbers), within_bloc(numbers, world.reach), numbers.roster.bloc_of, spread)
    alone = numbers.alignment.influence * world.own_share + numbers.alignment.pride
    width = max(blocs.shape[-1], alone.shape[-1])
    values = np.concatenate([np.broadcast_to(blocs, (*blocs.shape[:-1], width)), np.broadcast_to(alone, (*alone.shape[:-1], width))[None]])
    return values + world.mood_course + world.lean, shares


def siding(world: World, numbers: Numbers) -> dict[str, Array]:
    """What each side is worth to each government this month, and how each bloc's powers share its pull."""
    value, shares = sides_value(world, numbers)
    return {"side_value": value, "bloc_part": shares}


def portfolio(value: SideCountry, hedging: PerCountry) -> SideCountry:
    """The mix of sides a government wants: value plus hedging times entropy is greatest at logit shares.

    Shape: (side, ..., run). Source: Kuik (2021) on hedging as insurance; the entropy form of the logit.
    """
    return choice_shares(value / hedging)


def signals(numbers: Numbers, visible: PowerCountry) -> SideCountry:
    """How strongly each side is seen to court a country: 0 for its own side. Shape: (side, country, run)."""
    bloc = numbers.roster.bloc_of
    seen = [1 - exp(-total(visible[bloc == place])) for place in range(numbers.roster.size("bloc"))]
    return np.stack([*seen, none_like(seen[0])])


def mood(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Moods of governments towards each side, which last."""
    n, roster = numbers.alignment, numbers.roster
    shock = luck.normal("mood/course", roster.size("side"), roster.size("country"))
    return {"mood_course": lasting(world.mood_course, shock, n.noise, n.noise_memory)}
