"""Chapter 8 of docs/model.md: how ladders are climbed, gates that close, members that consent, promises that are kept."""

from __future__ import annotations

import numpy as np

from sim.arrays import all_like, along, maximum, minimum, product, relax, smooth_gate, sqrt, stack, take, total, where
from sim.axes import Array, InstitutionCountry, PerCountry, PerInstitution
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.choice import entry_urgency, push
from sim.rules.linkage import strain
from sim.rules.resilience import deciding
from sim.world import World


def watched(world: World, numbers: Numbers, place: int) -> Array:
    """How far open a gate's condition stands, 0 to 1, and exactly 0 when shut. Shape: (country, run) or (run)."""
    gate = numbers.roster.gates[place]
    shut, opened = numbers.accession.gate_shut[place], numbers.accession.gate_open[place]
    match gate.watches:
        case "condition":
            return smooth_gate(world.condition[gate.target], shut, opened)
        case "deed":
            return smooth_gate(world.deed[gate.target], shut, opened)
        case "without":
            return smooth_gate(1 - world.deed[gate.target], shut, opened)
        case "dispute":
            return smooth_gate(world.normalisation[gate.target], shut, opened)
        case "aspiration":
            return smooth_gate(numbers.accession.aspiration[gate.institution], shut, opened)
    grantor = numbers.roster.bloc_of[numbers.roster.grantor[gate.institution]]
    agreed = all_like(world.tension)
    for parent, entities in numbers.roster.entities_of.items():
        both = product(smooth_gate(take(world.course[grantor], entities), shut, opened))
        agreed = np.where(np.arange(agreed.shape[0])[:, None] == parent, both, agreed)
    return agreed


def gates(world: World, numbers: Numbers, reached: InstitutionCountry) -> tuple[InstitutionCountry, InstitutionCountry]:
    """How far each country's gates let it pass: those due at the progress it has reached, and those of its whole way.

    Shape: twice (institution, country, run). Units: share; exactly 0 where a gate is shut.
    """
    roster = numbers.roster
    now = [all_like(world.tension) for _ in roster.ids["institution"]]
    ahead = list(now)
    for place, gate in enumerate(roster.gates):
        left = 1 - numbers.accession.gate_strength[place] * (1 - watched(world, numbers, place))
        rung, progress = world.rung[gate.institution], reached[gate.institution]
        held = gate.countries[:, None]
        due = held & ((rung > gate.rung) | ((rung == gate.rung) & (progress >= gate.after)))
        now[gate.institution] = now[gate.institution] * where(due, left, 1.0)
        ahead[gate.institution] = ahead[gate.institution] * where(held, left, 1.0)
    none = np.zeros((0, *world.tension.shape))
    return (stack(now), stack(ahead)) if now else (none, none)


def helped_and_blocked(numbers: Numbers, potency: Array) -> tuple[InstitutionCountry, InstitutionCountry]:
    """Noisy-or of what instruments do for and against each entry. Shape: twice (institution, country, run)."""
    helped: list[Array] = []
    blocked: list[Array] = []
    for place in range(numbers.roster.size("institution")):
        for sign, ledger in ((1, helped), (-1, blocked)):
            effect = maximum(sign * numbers.once(push)[place], 0)[:, None]
            active = np.flatnonzero(np.any(effect != 0, axis=(1, 2)))
            none = np.zeros((potency.shape[1], 1))
            ledger.append(1 - product(1 - take(effect, active) * take(potency, active)) if active.size else none)
    none = np.zeros((0, *potency.shape[1:]))
    return (stack(helped), stack(blocked)) if helped else (none, none)


def will(aspiration: InstitutionCountry, drawn: InstitutionCountry) -> InstitutionCountry:
    """How much a government wants in: aspiration, more of it the closer it stands to the institution's bloc."""
    return aspiration * 2 * drawn / (1 + drawn)


def quality(resilience: PerCountry, capture: PerCountry) -> PerCountry:
    """How well a country does the work: resilient and not captured."""
    return sqrt(resilience * (1 - capture))


def stage_months(numbers: Numbers) -> Array:
    """Ideal months of each stage short of membership, 0 from there on. Shape: (institution, rung, run)."""
    below = np.arange(numbers.roster.size("rung")) < numbers.roster.top[:, None]
    return numbers.accession.months * below[..., None]


def months_beyond(numbers: Numbers) -> Array:
    """Ideal months of all stages after each. Shape: (institution, rung, run)."""
    months = numbers.once(stage_months)
    return np.flip(np.cumsum(np.flip(months, 1), axis=1), 1) - months


def waits(numbers: Numbers) -> Array:
    """Months of waiting for consent from each stage on. Shape: (institution, rung, run)."""
    below = np.arange(numbers.roster.size("rung")) < numbers.roster.top[:, None]
    wait = below[..., None] / maximum(numbers.accession.consent, 1e-9)
    return np.ascontiguousarray(np.flip(np.cumsum(np.flip(wait, 1), axis=1), 1))


def ways_to_go(numbers: Numbers, rung: InstitutionCountry, progress: InstitutionCountry) -> tuple[Array, Array]:
    """Ideal months of work left to membership, and months of waiting for consent. Shape: twice (institution, country, run)."""
    work = along(numbers.once(months_beyond), rung) + along(numbers.once(stage_months), rung) * (1 - progress)
    return work, along(numbers.once(waits), rung)


def outlook(world: World, numbers: Numbers) -> dict[str, Array]:
    """What follows from the month's stocks for every entry: help, block, gates, flow of work, months to go.

    Flow is a product, so that anything at 0 stops it: this is how accession is blocked.
    """
    n, roster = numbers.accession, numbers.roster
    can = deciding(numbers, world.course, world.autonomy)
    helped, blocked = helped_and_blocked(numbers, world.potency)
    now, ahead = gates(world, numbers, world.progress)
    wish = will(n.aspiration, take(world.course, roster.bloc_of[roster.grantor]))
    able = (1 - world.tension) * quality(world.resilience, world.capture) * can
    open_flow = wish * able * world.credibility[:, None] * (n.unaided + (1 - n.unaided) * helped) * (1 - blocked)
    work, wait = ways_to_go(numbers, world.rung, world.progress)
    outside = world.rung < roster.top[:, None, None]
    if_open = minimum(n.longest_wait, work / maximum(open_flow, n.slowest_flow) + wait)
    to_go = minimum(n.longest_wait, work / maximum(open_flow * ahead, n.slowest_flow) + wait)
    to_go = np.asarray(where(outside, where(ahead > 0, to_go, n.longest_wait), 0.0))
    return {
        "deciding": can,
        "help": helped,
        "block": blocked,
        "gate": now,
        "flow": open_flow * now,
        "months_if_open": np.asarray(where(outside, if_open, 0.0)),
        "months_to_go": to_go,
        "urgency": entry_urgency(numbers, world.rung, to_go),
        "urgency_if_open": entry_urgency(numbers, world.rung, if_open),
    }


def unity_of_members(numbers: Numbers) -> PerInstitution:
    """How united the members stand: less so the further apart their stances. Shape: (institution, run). Units: share."""
    n = numbers.accession
    there = n.stance >= 0
    count = total(np.asarray(there, dtype=float), 1)
    mean = total(where(there, n.stance, 0.0), 1) / count
    spread = sqrt(total(where(there, (n.stance - mean[:, None]) ** 2, 0.0), 1) / count)
    return minimum(1, maximum(0, n.unity - n.disagreement * spread))


def next_unity(world: World, numbers: Numbers) -> PerInstitution:
    """Unity moves towards what members' stances allow, less what tension above its start strains it, and falls on concessions."""
    n = numbers.accession
    strained = total(n.strain * maximum(0, world.tension - numbers.tension.start), 1)
    united = relax(world.unity, maximum(0, unity_of_members(numbers) - strained), n.unity_speed)
    return maximum(0, united - strain(world, numbers))


def delivered(numbers: Numbers, effort: Array) -> InstitutionCountry:
    """Effort that each institution's grantor puts into opening its own door, by country. Units: effort units a month."""
    roster = numbers.roster
    opening = roster.flagged("domain", "institutional") & ~roster.flagged("two_way")
    sums = []
    for place, grantor in enumerate(roster.grantor):
        effect = where((opening & (roster.power_of == grantor))[:, None], maximum(numbers.once(push)[place], 0), 0.0)
        active = np.flatnonzero(np.any(effect > 0, axis=1))
        sums.append(total(take(effect, active)[:, None] * take(effort, active)) if active.size else np.zeros(effort.shape[1:]))
    return stack(sums) if sums else np.zeros((0, *effort.shape[1:]))


def next_credibility(world: World, numbers: Numbers) -> PerInstitution:
    """Credibility follows promises kept: it falls with what is missing of what was promised to those still outside.

    The promise is what the grantor delivered at the start. More than that is no broken promise; unsteady delivery of the same
    mean is one, in its lean months.
    """
    n = numbers.accession
    outside = world.rung < numbers.roster.top[:, None, None]
    given, promised = total(outside * delivered(numbers, world.effort), 1), total(outside * world.promised, 1)
    missed = where(promised > 0, maximum(0, 1 - given / maximum(promised, 1e-9)), 0.0)
    return maximum(0, relax(world.credibility, 1 - n.delivery * missed - n.disappointment, n.credibility_speed))


def accession(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Work goes on; who has done a stage's work and finds its gates open waits for the members' consent, drawn each month."""
    n, roster = numbers.accession, numbers.roster
    shape = (roster.size("institution"), roster.size("country"))
    months = maximum(along(numbers.once(stage_months), world.rung), 1e-9)
    applies = (world.rung < roster.top[:, None, None]) & ~roster.is_entity[:, None]
    done = where(applies, minimum(1, world.progress + world.flow / months), 0.0)
    consent = along(n.consent, world.rung)
    agreed = luck.uniform("consent", *shape) < consent * world.unity[:, None]
    opened, _ = gates(world, numbers, done)
    passes = applies & (done >= 1) & (opened > 0) & agreed
    return {
        "progress": np.asarray(where(passes, 0.0, done)),
        "rung": world.rung + passes,
        "credibility": next_credibility(world, numbers),
        "unity": next_unity(world, numbers),
    }
