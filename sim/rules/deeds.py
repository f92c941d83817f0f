"""Chapter 5 of docs/model.md, continued: deeds, the actions that are no channels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.arrays import exp, half_life_retention, logistic, maximum, none_like, product, smooth_gate, stack, take, total, where
from sim.axes import Array, InstrumentCountry
from sim.draws import Luck
from sim.numbers import Numbers
from sim.watching import AXES
from sim.world import World


def watched(world: World, numbers: Numbers, what: str) -> Array:
    """The value of a variable that a file names, such as tension.serbia. Shape: (run)."""
    name, place = numbers.roster.cell(what, AXES)
    value: Array = getattr(world, name)[place]
    return value


def sum_of_causes(world: World, numbers: Numbers, watches: Sequence[str], weight: Array, usual: Array) -> list[Array]:
    """What each cause adds: its weight times how far the variable stands from its usual level. Shape of each: (run)."""
    return [weight[at] * (watched(world, numbers, what) - usual[at]) for at, what in enumerate(watches)]


def by_owner(names: Sequence[str], pairs: Sequence[str], parts: Sequence[Array], like: Array) -> list[list[Array]]:
    """Parts sorted by the first half of their pair. Gives one list a name, never empty."""
    found: dict[str, list[Array]] = {name: [none_like(like)] for name in names}
    for pair, part in zip(pairs, parts, strict=True):
        found[pair.split(".")[0]].append(part)
    return list(found.values())


def causes(world: World, numbers: Numbers) -> Array:
    """What its causes add to each deed. Shape: (deed, run). Units: value."""
    n, roster = numbers.deeds, numbers.roster
    deeds = roster.scenario.deeds
    watches = [deeds[pair.split(".")[0]].causes[pair.split(".")[1]].watches for pair in roster.ids["deed_cause"]]
    parts = sum_of_causes(world, numbers, watches, n.weight, n.usual)
    sums = by_owner(roster.ids["deed"], roster.ids["deed_cause"], parts, world.unity[0] if len(world.unity) else world.tension[0])
    return stack([sum(each[1:], start=each[0]) for each in sums])


def needs(world: World, numbers: Numbers) -> Array:
    """How far each deed's needs are met: exactly 0 where one is shut. Shape: (deed, run). Units: share."""
    n, roster = numbers.deeds, numbers.roster
    met = {name: none_like(world.tension[0]) + 1 for name in roster.ids["deed"]}
    for at, pair in enumerate(roster.ids["deed_need"]):
        deed, need = pair.split(".")
        value = watched(world, numbers, roster.scenario.deeds[deed].needs[need].watches)
        met[deed] = met[deed] * smooth_gate(value, n.need_shut[at], n.need_open[at])
    owner = roster.owned_by("country")
    free = [where(owner[at] >= 0, world.deciding[owner[at]], 1.0) for at in range(len(owner))]
    return stack([each * can for each, can in zip(met.values(), free, strict=True)])


def opens(numbers: Numbers) -> Array:
    """Which deed opens (or, left undone, opens) an institution's gate, and where. Shape: (deed, institution, country)."""
    roster = numbers.roster
    found = np.zeros((roster.size("deed"), roster.size("institution"), roster.size("country")))
    for gate in roster.gates:
        if gate.watches in ("deed", "without"):
            found[gate.target, gate.institution] += np.where(gate.countries, 1.0 if gate.watches == "deed" else -1.0, 0.0)
    return np.sign(found)


def wishes(numbers: Numbers) -> Array:
    """Whether each power wants a deed done, for the doors it opens: 1, -1 or 0. Shape: (deed, power, run)."""
    gain = total(numbers.once(opens), 2)[:, :, None, None] * numbers.choice.membership[None]
    return np.sign(total(gain, 1))


def pushing(numbers: Numbers) -> Array:
    """How far an instrument pushes each deed in its owner's direction. Shape: (deed, instrument, run)."""
    roster = numbers.roster
    return take(numbers.deeds.pushed, roster.channel_of, 1) * take(numbers.once(wishes), roster.power_of, 1)


Campaign = tuple[NDArray[np.intp], Array]


def campaigning(numbers: Numbers) -> list[list[Campaign]]:
    """For each deed, the instruments that campaign for it and against it, with how far each pushes; nothing where none does."""
    effect, owner = numbers.once(pushing), numbers.roster.owned_by("country")
    found: list[list[Campaign]] = []
    for at in range(numbers.roster.size("deed")):
        sides: list[Campaign] = []
        for sign in (1, -1):
            share = maximum(sign * effect[at], 0)
            active = np.flatnonzero(np.any(share != 0, axis=1))
            sides.append((active, take(share, active)))
        found.append(sides if owner[at] >= 0 and np.any(effect[at] != 0) else [])
    return found


def pushed(numbers: Numbers, potency: InstrumentCountry) -> Array:
    """What powers' campaigns add to each deed, for less against. Shape: (deed, run). Units: share, signed."""
    owner, nothing = numbers.roster.owned_by("country"), np.zeros(potency.shape[2:])
    net = []
    for at, campaigns in enumerate(numbers.once(campaigning)):
        reached = [1 - product(1 - share * take(potency[:, owner[at]], active)) for active, share in campaigns]
        net.append(reached[0] - reached[1] if reached else nothing)
    return stack(net)


def deed_reasons(world: World, numbers: Numbers, deed: int) -> dict[str, Array]:
    """What speaks for and against one deed, by name: sides, publics, causes, campaigns. Shape of each: (run). Units: value."""
    n, roster = numbers.deeds, numbers.roster
    name, owner = roster.ids["deed"][deed], roster.owned_by("country")[deed]
    found: dict[str, Array] = {}
    if owner >= 0:
        for at, side in enumerate(roster.ids["side"]):
            found[f"siding with {side}"] = n.stance[deed, at] * world.course[at, owner] * world.side_value[at, owner]
        for at, power in enumerate(roster.ids["power"]):
            found[f"public view of {power}"] = n.audience[deed, at] * (2 * world.opinion[at, owner] - 1)
        found["campaigns"] = n.push[deed] * pushed(numbers, world.potency)[deed]
    for key, cause in roster.scenario.deeds[name].causes.items():
        row = roster.place("deed_cause", f"{name}.{key}")
        found[key] = n.weight[row] * (watched(world, numbers, cause.watches) - n.usual[row])
    return found


def utility(world: World, numbers: Numbers) -> Array:
    """How much each owner would rather do its deed than not. Shape: (deed, run). Units: value."""
    n, roster = numbers.deeds, numbers.roster
    owner = np.maximum(roster.owned_by("country"), 0)
    own = (roster.owned_by("country") >= 0)[:, None]
    drawn = total(np.swapaxes(take(world.course * world.side_value, owner, 1), 0, 1) * n.stance, 1)
    liked = total((2 * np.swapaxes(take(world.opinion, owner, 1), 0, 1) - 1) * n.audience, 1)
    pull = where(own, drawn + liked + n.push * pushed(numbers, world.potency), 0.0)
    return np.asarray(n.base - n.cost + pull + causes(world, numbers))


def next_deeds(now: Array, wish: Array, met: Array, numbers: Numbers, draw: Array) -> Array:
    """Deeds a month on: switches turn on or off by chance, dials move part of the way, back as far as reversible."""
    n, deeds = numbers.deeds, numbers.roster.scenario.deeds
    on, off = logistic(n.sharpness * wish), logistic(-n.sharpness * wish)
    starts = draw < 1 - exp(-n.rate * on * met)
    stops = draw < 1 - exp(-n.rate * off * n.reversible)
    switched = where(now > 0.5, 1.0 - stops, np.asarray(starts, dtype=float))
    wanted = met * on
    dialled = now + n.rate * where(wanted < now, n.reversible, 1.0) * (wanted - now)
    dial = np.array([deeds[name].kind == "dial" for name in numbers.roster.ids["deed"]], dtype=bool)[:, None]
    return np.asarray(where(dial, dialled, switched))


def deeds(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Owners do and undo their deeds; what is done is remembered, and fades."""
    if not numbers.roster.size("deed"):
        return {}
    left = half_life_retention(numbers.deeds.memory)
    done = next_deeds(world.deed, utility(world, numbers), needs(world, numbers), numbers, luck.uniform("deed"))
    return {"deed": done, "deed_memory": maximum(world.deed_memory * left, done)}


def push_value(world: World, numbers: Numbers, power: int) -> list[tuple[int, Array]]:
    """What pushing deeds is worth to a power: the urgency of the doors they open, if they were open, where still undone.

    Gives, for each deed it can push, the place of its owner and the value there. Shape: (the power's instruments, run). Units:
    value before stakes.
    """
    roster, n = numbers.roster, numbers.deeds
    held, owner = roster.instruments_of[power], roster.owned_by("country")
    found = []
    for at in (place for place, campaigns in enumerate(numbers.once(campaigning)) if campaigns):
        effect = abs(numbers.once(pushing)[at, held])
        if np.any(effect != 0):
            doors = numbers.once(opens)[at][:, owner[at]]
            wanted = abs(doors)[:, None] * abs(numbers.choice.membership[:, power]) * world.urgency_if_open[:, owner[at]]
            left = 1 - world.deed[at] if total(doors) > 0 else world.deed[at]
            found.append((int(owner[at]), effect * (total(wanted) * left * n.push_worth)))
    return found
