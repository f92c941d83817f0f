"""Chapter 3 of docs/model.md: how effort becomes leverage, and how leverage fades."""

from __future__ import annotations

import numpy as np

from sim.arrays import greatest, half_life_retention, product, put, sqrt, stack, take, where
from sim.axes import Array, InstitutionCountry, InstrumentCountry, PerCountry, PowerCountry, SideCountry
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.places import everywhere, over_entities
from sim.world import World


def _relayed(numbers: Numbers, role: str) -> InstrumentCountry:
    """What relays of one role leave of an instrument's difficulty or access: the product of 1 - strength."""
    roster = numbers.roster
    tools = [name.split(".") for name in roster.ids["instrument"]]
    left: list[Array] = [np.ones((len(tools), 1)) for _ in roster.ids["country"]]
    for place, name in enumerate(roster.ids["relay"]):
        relay = roster.scenario.relays[name]
        if relay.role == role:
            there = roster.place("country", relay.country)
            served = np.array([power in relay.powers and channel in relay.channels for power, channel in tools], dtype=bool)[:, None]
            left[there] = left[there] * where(served, 1 - numbers.leverage.relay[place], 1.0)
    return stack(left, 1)


def kinship(numbers: Numbers) -> InstrumentCountry:
    """Kinship with the power as far as the channel speaks to it. Units: share."""
    n, roster = numbers.leverage, numbers.roster
    return take(over_entities(numbers, n.kinship), roster.power_of) * take(n.channel_kinship, roster.channel_of)[:, None]


def vulnerability(numbers: Numbers) -> InstrumentCountry:
    """How open a country is to an instrument: by dependence, kinship or a relay, whichever holds.

    Shape: (instrument, country, run). Units: share, a noisy-or that never passes 1.
    """
    dependence = numbers.leverage.dependence[numbers.roster.power_of, :, numbers.roster.channel_of]
    return 1 - (1 - dependence) * (1 - numbers.once(kinship)) * _relayed(numbers, "amplifies")


def staging(numbers: Numbers) -> PowerCountry:
    """How far a neighbour lets a power's agents work from its soil. Units: share, at least `staging_floor`."""
    n = numbers.leverage
    best = greatest(n.permits[:, None] * numbers.roster.adjacent[None, :, :, None], 2)
    return n.staging_floor + (1 - n.staging_floor) * best


def standing_ability(numbers: Numbers) -> InstrumentCountry:
    """Potency a unit of effort as far as it never changes: skill, vulnerability, hindering relays, staging; 0 where unusable.

    Units: dose per effort unit.
    """
    n, roster = numbers.leverage, numbers.roster
    skill = n.skill[roster.power_of, roster.channel_of][:, None]
    based = where(roster.flagged("staged")[:, None, None], take(numbers.once(staging), roster.power_of), 1.0)
    able = skill * numbers.once(vulnerability) * _relayed(numbers, "hinders") * based
    return able * roster.usable[..., None]


def crowding(numbers: Numbers, rung: InstitutionCountry) -> Array:
    """What membership in a rival bloc's alliance leaves of a power's access. Shape: (power, country, run). Units: share."""
    roster = numbers.roster
    access = np.ones((roster.size("power"), roster.size("country"), 1))
    for place, name in enumerate(roster.ids["institution"]):
        if roster.scenario.institutions[name].alliance:
            rival = (roster.bloc_of != roster.bloc_of[roster.grantor[place]])[:, None, None]
            access = access * where(rival & (rung[place] >= roster.top[place]), 1 - numbers.leverage.crowding, 1.0)
    return access


def ability(numbers: Numbers, power: int, resilience: PerCountry, course: SideCountry, rung: InstitutionCountry) -> InstrumentCountry:
    """Potency a unit of effort this month for one power: what never changes, shielded by resilience, with the host's consent.

    Channels that need consent work as the square root of the country's alignment with the power's bloc; those that an alliance
    crowds out shrink in its members.

    Shape: (the power's instruments, country, run). Units: dose per effort unit.
    """
    roster = numbers.roster
    held = roster.instruments_of[power]
    shield = take(numbers.leverage.shield, roster.channel_of[held])[:, None]
    able = numbers.once(standing_ability)[held] * (1 - shield * resilience)
    consent, crowded = np.flatnonzero(roster.flagged("consent")[held]), np.flatnonzero(roster.flagged("crowded_out")[held])
    if consent.size:
        able = put(able, consent, take(able, consent) * sqrt(course[roster.bloc_of[power]]))
    if crowded.size:
        able = put(able, crowded, take(able, crowded) * crowding(numbers, rung)[power])
    return able


def floor(numbers: Numbers) -> InstrumentCountry:
    """The leverage that kinship alone keeps up, in channels that give any. Units: share."""
    return everywhere(numbers, numbers.leverage.floor * numbers.once(kinship) * (numbers.once(gain) > 0))


def start_leverage(numbers: Numbers, potency: InstrumentCountry) -> InstrumentCountry:
    """Leverage at the start: from its floor, part of the way to where long effort of this potency would hold it. Units: share.

    The balance solves L = held + (1 - held) * gained, where held is what is left of L after a month's decay and erosion.
    """
    base, gained = numbers.once(floor), numbers.once(gain) * potency
    left = kept_back(numbers, potency, np.ones_like(potency))
    balance = (base * (1 - left) * (1 - gained) + gained) / (1 - left * (1 - gained))
    return base + numbers.leverage.start * (balance - base)


def erosion(numbers: Numbers, potency: InstrumentCountry) -> list[tuple[int, PerCountry]]:
    """What rivals' countering channels leave of each instrument they erode, by instrument; allies never erode one another."""
    roster = numbers.roster
    left: dict[int, PerCountry] = {}
    for place, pair in enumerate(roster.ids["erosion"]):
        by, of = (roster.place("channel", name) for name in pair.split("."))
        for worn in np.flatnonzero(roster.channel_of == of):
            bloc = roster.bloc_of[roster.power_of[worn]]
            for tool in np.flatnonzero((roster.channel_of == by) & (roster.bloc_of[roster.power_of] != bloc)):
                keeps = 1 - numbers.leverage.erosion[place] * potency[tool]
                left[int(worn)] = left[int(worn)] * keeps if int(worn) in left else keeps
    return list(left.items())


def retention(numbers: Numbers) -> Array:
    """What is left of leverage above its floor after a month, by instrument. Shape: (instrument, 1, run)."""
    return take(half_life_retention(numbers.leverage.half_life), numbers.roster.channel_of)[:, None]


def gain(numbers: Numbers) -> Array:
    """Leverage gained by a potency of 1 on none, by instrument. Shape: (instrument, 1, run)."""
    return take(numbers.leverage.gain, numbers.roster.channel_of)[:, None]


def kept_back(numbers: Numbers, potency: InstrumentCountry, above: InstrumentCountry) -> InstrumentCountry:
    """What decay and rivals leave, after a month, of leverage above its floor."""
    kept = above * numbers.once(retention)
    worn = erosion(numbers, potency)
    return put(kept, [place for place, _ in worn], stack([kept[place] * left for place, left in worn])) if worn else kept


def leverage(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Leverage above its floor decays and is eroded by rivals, then effort adds to it with diminishing return."""
    base = numbers.once(floor)
    held = base + kept_back(numbers, world.potency, world.leverage - base)
    return {"leverage": held + (1 - held) * (numbers.once(gain) * world.potency)}


def is_noticed(numbers: Numbers) -> Array:
    """Share of a channel's dose that others see, by instrument. Shape: (instrument, 1, run)."""
    return take(numbers.choice.visibility, numbers.roster.channel_of)[:, None]


def reached(numbers: Numbers, potency: InstrumentCountry, effect: Array) -> Array:
    """Noisy-or of an effect over the instruments that have it. Shape: effect (instrument, 1, run) gives (country, run)."""
    active = np.flatnonzero(np.any(effect != 0, axis=(1, 2)))
    if not active.size:
        return np.zeros((potency.shape[1], 1))
    return 1 - product(1 - take(effect, active) * take(potency, active))
