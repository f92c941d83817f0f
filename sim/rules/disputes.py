"""Chapter 9 of docs/model.md: talks start, advance, stall and may end in a deal; recognition is a count."""

from __future__ import annotations

import numpy as np

from sim.arrays import exp, logistic, maximum, minimum, none_like, product, stack, take, total, where
from sim.axes import Array, InstrumentCountry, PerDispute
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.choice import disputing
from sim.rules.resources import relative_drivers
from sim.world import World

# Most recognitions gained or lost in a month.
MOST_A_MONTH = 3


def brokered(numbers: Numbers, potency: InstrumentCountry) -> tuple[PerDispute, PerDispute]:
    """How far powers broker and obstruct each dispute: a noisy-or over instruments, averaged over the parties.

    Shape: twice (dispute, run). Units: share.
    """
    effect, ways = numbers.once(disputing), []
    for sign in (1, -1):
        share = maximum(sign * effect, 0)
        active = np.flatnonzero(np.any(share != 0, axis=1))
        reached = 1 - product(1 - take(share, active)[:, None] * take(potency, active)) if active.size else np.zeros(potency.shape[1:])
        ways.append(stack([(reached[a] + reached[b]) / 2 for a, b in numbers.roster.parties]))
    return ways[0], ways[1]


def doors(world: World, numbers: Numbers) -> Array:
    """What the doors behind each dispute are worth to each party: the best prospect of a gate that waits for it.

    Months count every gate as open, else a closed gate would remove the reason to open it.

    Shape: (dispute, party, run). Units: value.
    """
    n, roster = numbers.accession, numbers.roster
    offer = n.value[:, None] * world.credibility[:, None] * exp(-world.months_if_open / numbers.alignment.prospect) * n.aspiration
    outside = world.rung < roster.top[:, None, None]
    found = []
    for dispute, places in enumerate(roster.parties):
        worth = []
        for place in places:
            best = none_like(world.tension[place])
            for gate in roster.gates:
                if gate.watches == "dispute" and gate.target == dispute and gate.countries[place]:
                    best = maximum(best, where(outside[gate.institution, place], offer[gate.institution, place], 0.0))
            worth.append(best)
        found.append(stack(worth))
    return stack(found)


def overlap(world: World, numbers: Numbers, broker: PerDispute) -> PerDispute:
    """Room for a deal: the smaller of the parties' gains less what it costs them at home. Units: value. Source: Putnam (1988)."""
    n, roster = numbers.disputes, numbers.roster
    gains = doors(world, numbers) + (n.broker * broker)[:, None]
    rooms = []
    for dispute, places in enumerate(roster.parties):
        room = []
        for side, place in enumerate(places):
            row = 2 * dispute + side
            room.append(gains[dispute, side] - n.cost[row] - total(n.heeds[row] * world.opinion[:, place]))
        rooms.append(minimum(room[0], room[1]))
    return stack(rooms)


def incidents(world: World, numbers: Numbers) -> PerDispute:
    """The deed, of those that hinder a dispute's talks, that is remembered most. Units: share."""
    roster, found = numbers.roster, []
    for name in roster.ids["dispute"]:
        talks = roster.scenario.disputes[name].talks
        worst = none_like(world.tension[0])
        for deed in talks.hindered_by if talks else ():
            worst = maximum(worst, world.deed_memory[roster.place("deed", deed)])
        found.append(worst)
    return stack(found)


def goodwill(world: World, numbers: Numbers) -> PerDispute:
    """How far the parties' leaders say they side with a bloc that brokers: the mean of their declared alignment. Units: share."""
    roster, settles = numbers.roster, maximum(numbers.once(disputing), 0)
    said, brokering = none_like(world.tension), none_like(world.tension)
    for place in range(roster.size("bloc")):
        willing = total(settles[roster.bloc_of[roster.power_of] == place]) > 0
        said, brokering = said + willing * world.words[place], brokering + willing
    said = np.asarray(where(brokering > 0, said, 1.0))
    return stack([(said[a] + said[b]) / 2 for a, b in roster.parties])


def pace(world: World, numbers: Numbers) -> PerDispute:
    """What drivers such as a pandemic leave of the pace of talks. Units: factor."""
    return minimum(1, exp(-total(numbers.disputes.slowed * relative_drivers(world, numbers), 1)))


def veto_left(numbers: Numbers) -> PerDispute:
    """What the will of a power with a veto leaves of the chance of a deal; 1 where none has one. Units: share."""
    n, roster = numbers.disputes, numbers.roster
    left = []
    for at, name in enumerate(roster.ids["dispute"]):
        talks = roster.scenario.disputes[name].talks
        if talks is None or talks.veto is None:
            left.append(np.ones((1,)))
        else:
            left.append(1 - logistic(-n.veto_will[at] * numbers.choice.deal[roster.place("power", talks.veto)]))
    return stack(left)


def disputes(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Talks open and collapse by chance, normalisation creeps while they last, and a deal needs ripeness and no veto."""
    n, roster = numbers.disputes, numbers.roster
    if not roster.size("dispute"):
        return {}
    broker, obstruct = brokered(numbers, world.potency)
    room, slow, incident = overlap(world, numbers, broker), pace(world, numbers), incidents(world, numbers)
    opens = n.start * logistic(n.sharpness * room) * slow * (1 - n.hindrance * incident)
    breaks = minimum(1, n.collapse * exp(n.incident * incident + n.goodwill * (1 - goodwill(world, numbers))))
    draw = luck.uniform("talks")
    talking = where(world.talks > 0.5, draw >= breaks, draw < opens) * (1 - world.deal)
    creep = n.creep * world.talks * maximum(room, 0) * broker * slow * (1 - world.normalisation)
    wear = n.wear * (world.hostility + obstruct) * world.normalisation
    signed = (world.talks > 0.5) & (world.normalisation >= n.ripe) & (luck.uniform("deal") < n.deal * numbers.once(veto_left))
    deal = maximum(world.deal, np.asarray(signed, dtype=float))
    moved = world.normalisation + (creep - wear) * (1 - world.deal)
    return {
        "talks": np.asarray(talking, dtype=float) + none_like(world.talks),
        "deal": deal,
        "overlap": room,
        "normalisation": np.asarray(where(deal > 0.5, 1.0, minimum(1, maximum(0, moved)))),
        "recognition": next_recognition(world, numbers, broker, obstruct, luck),
    }


def next_recognition(world: World, numbers: Numbers, broker: PerDispute, obstruct: PerDispute, luck: Luck) -> PerDispute:
    """The count of states that recognise a party: gains and losses by chance, at most three a month, lobbied both ways."""
    n = numbers.disputes
    gained = counted(n.gained * (1 + broker) * (1 - obstruct), luck.uniform("recognised"), MOST_A_MONTH)
    lost = counted(n.lost * (1 + obstruct) * (1 - broker), luck.uniform("unrecognised"), MOST_A_MONTH)
    return maximum(0, world.recognition + gained - lost)


def counted(rate: Array, draw: Array, most: Array | int) -> Array:
    """A Poisson count from a uniform draw, by the inverse of its distribution function, cut off at `most`."""
    part = exp(-rate)
    below, count = part, none_like(draw)
    for number in range(1, int(np.max(most)) + 1):
        count = count + (draw > below)
        part = part * rate / number
        below = below + part
    return minimum(count, np.floor(most))
