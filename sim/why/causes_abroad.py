"""What moved what powers do: effort, its potency, plans, budgets, attention, and the outer world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.arrays import half_life_retention
from sim.rules.choice import forecast_value, stir
from sim.rules.decision import able, gross_worth
from sim.rules.leverage import is_noticed
from sim.rules.linkage import restraint
from sim.rules.places import stakes
from sim.rules.resources import consensus, driver_factor
from sim.why.history import History, Term, Trace, lane
from sim.why.wording import amount, instrument, month_said, name, small, times, whose

Place = tuple[int, ...]


def _ratio(now: float, then: float) -> float:
    return float(np.log(max(now, 1e-12) / max(then, 1e-12)))


def pressure(history: History, place: Place, month: int) -> Trace:
    """Pressure from a power's stirring: the stock is the sum of what each month's stirring left, instrument by instrument, exactly."""
    power, country = place
    held = history.roster.instruments_of[power]
    left = np.zeros(held.stop - held.start)
    peak = np.zeros((month, len(left)))
    for earlier in range(month):
        world, numbers = history.before[earlier], history.numbers[earlier]
        flows = numbers.once(stir)[held, 0] * world.potency[held, country, 0] * lane(restraint(world, numbers)[power])
        filled = (lane(history.after[earlier].pressure[place])
                  - lane(world.pressure[place]) * lane(half_life_retention(numbers.tension.pressure_half_life)))  # fmt: skip
        share = flows / flows.sum() if flows.sum() > 0 else flows
        left = left * lane(half_life_retention(numbers.tension.pressure_half_life)) + share * filled
        peak[earlier] = flows
    who, where = name(history.roster, "power", power), name(history.roster, "country", country)
    terms = []
    for at in np.argsort(-left):
        if left[at] > 0:
            when = int(peak[:, at].argmax())
            terms.append(
                Term(instrument(history.roster, held.start + int(at)), float(left[at]), "effort", (held.start + int(at), country), when)
            )
    return Trace(stood(history, "pressure", place, month, f"The pressure of {whose(who)} stirring in {where}"), tuple(terms))


def potency(history: History, place: Place, month: int) -> Trace:
    """How strongly an instrument works: effort times what a unit of it achieves, the latter shielded by resilience and let in by hosts."""
    tool, country = place
    roster, at = history.roster, max(month - 1, 0)
    dose = [_able(history, tool, country, each) for each in (at, 0)]
    terms = (
        Term("the effort put into it", _ratio(history.at("effort", place, month), history.at("effort", place, 0)), "effort", place, month),
        Term("what a unit of effort achieves there", _ratio(*dose), "resilience", (country,), at),
    )
    said = f"The potency of {instrument(roster, tool)} in {name(roster, 'country', country)}"
    return Trace(stood(history, "potency", place, month, said), terms)


def _able(history: History, tool: int, country: int, month: int) -> float:
    power = int(history.roster.power_of[tool])
    return lane(able(history.before[month], history.numbers[month], power)[tool - history.roster.instruments_of[power].start, country])


def effort(history: History, place: Place, month: int) -> Trace:
    """Effort is a share of a budget."""
    tool, country = place
    power = int(history.roster.power_of[tool])
    before = max(month - 1, 0)
    terms = (
        Term(f"the share of its budget that {name(history.roster, 'power', power)} planned for it",
             _ratio(history.at("plan", place, month), history.at("plan", place, 0)), "plan", place, month),
        Term(f"{whose(name(history.roster, 'power', power))} budget",
             _ratio(history.at("budget", (power,), before), history.at("budget", (power,), 0)), "budget", (power,), before),
    )  # fmt: skip
    said = f"The effort in {instrument(history.roster, tool)} in {name(history.roster, 'country', country)}"
    return Trace(stood(history, "effort", place, month, said), terms)


def plan(history: History, place: Place, month: int) -> Trace:
    """A plan follows what a unit of effort is forecast to be worth there, in log-odds, against all other uses of the budget."""
    tool, country = place
    roster, power = history.roster, int(history.roster.power_of[tool])
    at, where = max(month - 1, 0), name(roster, "country", country)
    ways: list[tuple[str, str, Place]] = [
        (f"how near {where} had come to entering {name(roster, 'institution', club)}", "urgency", (club, country))
        for club in range(roster.size("institution"))
    ]
    ways.append(("the influence to be won there", "share_slope", (power, country)))
    now, then = (_worths(history, place, each, ways) for each in (at, 0))
    named = [*ways, ("its aims of unrest, order or reform there", "", ())]
    terms = [Term(said, a - b, variable, cell, at) for (said, variable, cell), a, b in zip(named, now, then, strict=True)]
    moved = _ratio(history.at("plan", place, month), history.at("plan", place, 0))
    terms.append(Term("less to gain from other uses of its budget, or plans that lag", moved - sum(term.part for term in terms)))
    said = f"{whose(name(roster, 'power', power))} share of budget for {small(name(roster, 'channel', int(roster.channel_of[tool])))}"
    return Trace(stood(history, "plan", place, month, f"{said} in {where}"), tuple(terms))


def _worths(history: History, place: Place, month: int, ways: list[tuple[str, str, Place]]) -> list[float]:
    """What each way adds to the log-odds of spending on a cell, and then what is left; together rationality times worth."""
    tool, country = place
    world, numbers, power = history.before[month], history.numbers[month], int(history.roster.power_of[tool])
    row = tool - history.roster.instruments_of[power].start
    whole = lane(forecast_value(world, numbers, power)[row, country])
    gross = lane(gross_worth(world, numbers, power, able(world, numbers, power))[row, country])
    scale = lane(numbers.choice.rationality[power] / numbers.settled.reference[power]) * gross / whole if whole else 0.0
    parts = []
    for _, variable, cell in ways:
        array = getattr(world, variable).copy()
        array[cell] = 0.0
        parts.append(scale * (whole - lane(forecast_value(replace(world, **{variable: array}), numbers, power)[row, country])))
    return [*parts, scale * whole - sum(parts)]


def urgency(history: History, place: Place, month: int) -> Trace:
    """An entry is urgent when it is about as far away as powers are patient."""
    club, country = place
    roster = history.roster
    where = (club, int(roster.parent_of[country])) if roster.parent_of[country] >= 0 else place
    now, then = (history.at("months_to_go", where, each) for each in (month, 0))
    risen = history.since(where, "rung", month)
    stage = ""
    if risen is not None:
        stages = list(roster.scenario.institutions[roster.ids["institution"][club]].stages.values())
        stage = f"; it had reached {stages[int(lane(history.after[risen].rung[where]))].name} in {month_said(roster, risen)}"
    head = f"{whose(name(roster, 'country', where[1]))} entry into {name(roster, 'institution', club)}"
    return Trace(f"{head} was {amount(now)} months away at the pace of {month_said(roster, month)}, {amount(then)} at the start{stage}.")


def budget(history: History, place: Place, month: int) -> Trace:
    """Budgets follow attention, drivers, capacity, and the members' consensus."""
    (power,) = place
    at = max(month - 1, 0)
    worlds, numbers = history.before, history.numbers
    drivers, agreed = (_ratio(*(lane(rule(worlds[each], numbers[each])[power]) for each in (at, 0))) for rule in (driver_factor, consensus))
    size = _ratio(*(lane(numbers[each].resources.capacity[power]) for each in (at, 0)))
    looked = _ratio(history.at("attention", place, month), history.at("attention", place, 0))
    strongest = _strongest_driver(history, power, at)
    behind = ("driver", (strongest,), at) if strongest is not None else ("", (), at)
    terms = (
        Term("its attention to the region", looked, "attention", place, month),
        Term("the drivers of its means", drivers, *behind),
        Term("the consensus of its members", agreed),
        Term("its capacity", size),
    )
    return Trace(stood(history, "budget", place, month, f"{whose(name(history.roster, 'power', power))} budget"), terms)


def _strongest_driver(history: History, power: int, month: int) -> int | None:
    """The driver that has moved a power's means most."""
    elasticity = history.numbers[month].resources.elasticity[power]
    size = [abs(lane(elasticity[at]) * history.moved("driver", (at,), month)) for at in range(history.roster.size("driver"))]
    return int(np.argmax(size)) if size and max(size) > 0 else None


def attention(history: History, place: Place, month: int) -> Trace:
    """Attention is pulled here by crises and by what rivals are seen doing, and away by another theatre."""
    (power,) = place
    at = max(month - 1, 0)
    n, roster = history.numbers[at].resources, history.roster
    weights = history.numbers[at].once(stakes)[power]
    leaves = np.flatnonzero(roster.is_leaf)
    rise = {int(i): lane(weights[i]) * history.moved("tension", (int(i),), at) for i in leaves}
    hottest = max(rise, key=lambda i: rise[i])
    terms = [
        Term(
            f"unrest in the region, most in {name(roster, 'country', hottest)}",
            lane(n.crisis[power]) * sum(rise.values()),
            "tension",
            (hottest,),
            at,
        )
    ]
    rivals = np.flatnonzero(roster.bloc_of != roster.bloc_of[power])
    seen = {
        (int(p), int(i)): lane(weights[i]) * history.moved("visible", (int(p), int(i)), at)
        for p in rivals
        for i in range(roster.size("country"))
    }
    if seen:
        used_to = max(history.at("used_to", place, at), 1e-9)
        loudest = max(seen, key=lambda tie: seen[tie])
        words = f"what rivals were seen doing, most {name(roster, 'power', loudest[0])} in {name(roster, 'country', loudest[1])}"
        terms.append(Term(words, lane(n.provocation[power]) * sum(seen.values()) / used_to, "visible", loudest, at))
    for driver in range(roster.size("driver")):
        away = -lane(n.distraction[power, driver]) * history.moved("driver", (driver,), at)
        terms.append(Term(f"the other theatre ({roster.ids['driver'][driver].replace('_', ' ')})", away, "driver", (driver,), at))
    return Trace(stood(history, "attention", place, month, f"{whose(name(roster, 'power', power))} attention to the region"), tuple(terms))


def visible(history: History, place: Place, month: int) -> Trace:
    """What is seen of a power comes from its instruments by how public they are."""
    power, country = place
    held, at = history.roster.instruments_of[power], max(month - 1, 0)
    noticed = history.numbers[at].once(is_noticed)[held, 0, 0]
    now, then = (-np.log(np.maximum(1 - history.before[each].potency[held, country, 0], 1e-300)) for each in (at, 0))
    rise = noticed * (now - then)
    terms = tuple(
        Term(instrument(history.roster, held.start + place), float(part), "effort", (held.start + place, country), at)
        for place, part in enumerate(rise)
    )
    said = f"What was seen of {name(history.roster, 'power', power)} in {name(history.roster, 'country', country)}"
    return Trace(stood(history, "visible", place, month, said), terms)


def level(variable: str, history: History, place: Place, month: int) -> Trace:
    """A driver, a condition, a quarrel's heat or a war: held at a level that dated changes, deeds and events move."""
    axis = {"driver": "driver", "condition": "condition", "hostility": "dispute", "war": "power"}[variable]
    id = history.roster.ids[axis][place[0]].replace("_", " ")
    heads = {
        "driver": f"The driver {id}",
        "condition": f"The condition {id}",
        "hostility": f"The hostility over {id}",
        "war": f"War laid to {id}",
    }
    return Trace(stood(history, variable, place, month, heads[variable]), tuple(history.in_force(month, place, starts=variable)))


def stood(history: History, variable: str, place: Place, month: int, head: str) -> str:
    """A sentence on where a variable stood, and where it had stood in the first month."""
    now, then = history.at(variable, place, month), history.at(variable, place, 0)
    when = month_said(history.roster, month)
    factor = f", {times(now / then)} as much as at the start" if then > 1e-9 and abs(now / then - 1) >= 0.05 else ""
    start = f" ({amount(then)} at the start)" if not factor else f" ({amount(then)})"
    return f"{head} stood at {amount(now)} in {when}{factor}{start}."
