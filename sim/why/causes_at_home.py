"""What moved countries: tension and its ledgers, resilience, opinion, false belief, leverage, and where governments stand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.axes import Array
from sim.numbers import Numbers
from sim.rules.alignment import conditions_cost, prospect, provocation_fear
from sim.rules.leverage import reached
from sim.rules.opinion import lies, polarisation, public_reach, rivals_mean
from sim.rules.resilience import backing, capturing, reforming
from sim.why.causes_abroad import stood
from sim.why.history import History, Term, Trace, differences, lane
from sim.why.wording import instrument, name, whose
from sim.world import World

Place = tuple[int, ...]
Rule = Callable[[World, Numbers], Array]


def tension(history: History, place: Place, month: int) -> Trace:
    """Tension is the sum of its ledgers, exactly: made at home, by each power, by chance, and left from the start."""
    (country,) = place
    roster = history.roster
    terms = [Term("what is at home", history.moved("tension_home", place, month), "tension_home", place, month)]
    for power in range(roster.size("power")):
        said = f"{whose(name(roster, 'power', power))} stirring"
        terms.append(Term(said, history.moved("tension_power", (power, country), month), "pressure", (power, country), month))
    terms.append(Term("chance", history.moved("tension_luck", place, month)))
    terms.append(Term("a dated change or the start", history.moved("tension_given", place, month)))
    return Trace(stood(history, "tension", place, month, f"Tension in {name(roster, 'country', country)}"), tuple(terms))


def tension_home(history: History, place: Place, month: int) -> Trace:
    """What raises or calms tension at home, in the log-odds that tension moves towards."""
    (country,) = place
    roster, at = history.roster, max(month - 1, 0)
    entities = roster.entities_of.get(country)
    if entities is not None:
        terms = tuple(
            Term(f"tension in {name(roster, 'country', int(i))}", history.moved("tension", (int(i),), at), "tension", (int(i),), at)
            for i in entities
        )
        return Trace(f"The home side of tension in {name(roster, 'country', country)} is that of its entities and of their quarrel.", terms)
    listed: list[tuple[str, Rule, str, Place]] = [
        ("state capture", lambda w, n: n.tension.by_capture[...] * w.capture[country], "capture", place),
        ("a divided public", lambda w, n: n.tension.by_polarisation * polarisation(n, w.opinion)[country], "", ()),
        ("weak resilience", lambda w, n: -n.tension.by_resilience * w.resilience[country], "resilience", place),
    ]
    for dispute, id in enumerate(roster.ids["dispute"]):
        felt = _felt(country, dispute)
        listed.append((f"the quarrel over {id.replace('_', ' ')}", felt, "hostility", (dispute,)))
    for other in roster.neighbours[country]:
        listed.append(
            (
                f"tension in {name(roster, 'country', int(other))}",
                _next_door(len(roster.neighbours[country]), int(other)),
                "tension",
                (int(other),),
            )
        )
    terms = differences(history, at, listed)
    grievance = [_scaled(each, history, country, at) for each in history.in_force(at, place, field=("tension", "grievance"))]
    return Trace(f"At home in {name(roster, 'country', country)} these had moved since the start.", (*terms, *grievance))


def _felt(country: int, dispute: int) -> Rule:
    return lambda w, n: n.tension.felt[dispute, country] * w.hostility[dispute]


def _next_door(many: int, other: int) -> Rule:
    return lambda w, n: n.tension.by_neighbours[...] * w.tension[other] / many


def _scaled(term: Term, history: History, country: int, month: int) -> Term:
    """A change in force on a grievance, by how far the grievance has moved."""
    moved = lane(history.numbers[month].tension.grievance[country]) - lane(history.numbers[0].tension.grievance[country])
    return Term(term.said, moved * term.part, term.variable, term.place, month)


def resilience(history: History, place: Place, month: int) -> Trace:
    """Resilience is built by reform and worn by capture, tension and false belief."""
    (country,), at = place, max(month - 1, 0)
    listed: list[tuple[str, Rule, str, Place]] = [
        ("reform assistance", _working(reforming, "by_reform", country), *_tool(history, country, at, reforming)),
        ("state capture", lambda w, n: -n.resilience.by_capture * w.capture[country], "capture", place),
        ("tension", lambda w, n: -n.resilience.by_tension * w.tension[country], "tension", place),
        ("false belief", lambda w, n: -n.resilience.by_false_belief * w.false_belief[country], "false_belief", place),
    ]  # fmt: skip
    return Trace(
        stood(history, "resilience", place, month, f"Resilience in {name(history.roster, 'country', country)}"),
        differences(history, at, listed),
    )


def _working(effect: Callable[[Numbers], Array], weight: str, country: int) -> Rule:
    return lambda w, n: getattr(n.resilience, weight) * reached(n, w.potency, n.once(effect))[country]


def capture(history: History, place: Place, month: int) -> Trace:
    """Capture is fed by patronage and curbed by the conditions of a credible door."""
    (country,), at = place, max(month - 1, 0)
    listed: list[tuple[str, Rule, str, Place]] = [
        ("patronage", _working(capturing, "by_patronage", country), *_tool(history, country, at, capturing)),
    ]  # fmt: skip
    for club, grantor in enumerate(history.roster.grantor):
        side = int(history.roster.bloc_of[grantor])
        listed.append(
            (
                f"the conditions of {name(history.roster, 'institution', club)}",
                _conditions(int(grantor), side, club, country),
                "course",
                (side, country),
            )
        )
    return Trace(
        stood(history, "capture", place, month, f"State capture in {name(history.roster, 'country', country)}"),
        differences(history, at, listed),
    )


def _conditions(grantor: int, side: int, club: int, country: int) -> Rule:
    return lambda w, n: (
        -n.resilience.by_conditionality * n.alignment.conditionality[grantor] * w.course[side, country] * w.credibility[club]
    )


def autonomy(history: History, place: Place, month: int) -> Trace:
    """An entity hardens with its patrons and against a country that can decide."""
    (country,), at = place, max(month - 1, 0)
    parent = int(history.roster.parent_of[country])
    listed: list[tuple[str, Rule, str, Place]] = [
        ("its patrons' backing", lambda w, n: n.resilience.by_backing * backing(n, w.potency)[country], "", ()),
        ("a country that decides less", lambda w, n: -n.resilience.by_capacity * w.deciding[parent], "", ()),
    ]
    return Trace(
        stood(history, "autonomy", place, month, f"Autonomy of {name(history.roster, 'country', country)}"),
        differences(history, at, listed),
    )


def opinion(history: History, place: Place, month: int) -> Trace:
    """Opinion of a power moves with its reach against rivals', coercion, war, the elite's course, and false belief."""
    power, country = place
    roster, at = history.roster, max(month - 1, 0)
    bloc = int(roster.bloc_of[power])
    who = name(roster, "power", power)
    listed: list[tuple[str, Rule, str, Place]] = [
        ("its reach against rivals'", _reaching(power, country), "", ()),
        ("its stirring", lambda w, n: -n.opinion.coercion * w.pressure[power, country], "pressure", place),
        ("war laid to it", lambda w, n: -n.opinion.war * w.war[power], "war", (power,)),
        ("the government's course", lambda w, n: n.opinion.elite_cue * w.course[bloc, country], "course", (bloc, country)),
        ("false belief", lambda w, n: -n.opinion.false_belief * w.false_belief[country], "false_belief", (country,)),
        ("the public's own mood", lambda w, n: w.mood_opinion[power, country], "", ()),
    ]  # fmt: skip
    return Trace(
        stood(history, "opinion", place, month, f"Favour for {who} in {name(roster, 'country', country)}"), differences(history, at, listed)
    )


def _reaching(power: int, country: int) -> Rule:
    return lambda w, n: n.opinion.reach * (public_reach(n, w.leverage) - rivals_mean(n, public_reach(n, w.leverage)))[power, country]


def false_belief(history: History, place: Place, month: int) -> Trace:
    """False belief follows exposure, instrument by instrument."""
    (country,), at = place, max(month - 1, 0)
    carried = history.numbers[at].once(lies)[:, 0, 0]
    now, then = (history.before[each].potency[:, country, 0] for each in (at, 0))
    rise = carried * (now - then)
    terms = tuple(
        Term(instrument(history.roster, int(tool)), float(rise[tool]), "potency", (int(tool), country), at)
        for tool in np.flatnonzero(carried)
    )
    return Trace(stood(history, "false_belief", place, month, f"False belief in {name(history.roster, 'country', country)}"), terms)


def leverage(history: History, place: Place, month: int) -> Trace:
    """Leverage is what past effort built."""
    tool, country = place
    at = max(month - 1, 0)
    said = f"The leverage of {instrument(history.roster, tool)} in {name(history.roster, 'country', country)}"
    terms = (Term("its effort", history.moved("potency", place, at), "potency", place, at),)
    return Trace(stood(history, "leverage", place, month, said), terms)


def course(history: History, place: Place, month: int) -> Trace:
    """A government sides with a bloc for its influence, its doors, the public's favour; against conditions and fear; by mood and leader."""
    side, country = place
    roster, at = history.roster, max(month - 1, 0)
    blocs = roster.size("bloc")
    where = name(roster, "country", country)
    if side >= blocs:
        return Trace(stood(history, "course", place, month, f"{whose(where)} own course"))
    inside = [int(power) for power in np.flatnonzero(roster.bloc_of == side)]
    strongest = max(inside, key=lambda power: history.at("reach", (power, country), at))
    listed: list[tuple[str, Rule, str, Place]] = [
        (
            "the bloc's influence",
            lambda w, n: n.alignment.influence * w.bloc_share[side, country],
            *_deepest(history, strongest, country, at),
        ),
        ("the public's view", lambda w, n: n.alignment.audience * 2 * w.opinion[strongest, country], "opinion", (strongest, country)),
        ("what conditions cost", lambda w, n: -conditions_cost(n, w.capture, w.rung)[strongest, country], "capture", (country,)),
        ("fear of provoking rivals", lambda w, n: -provocation_fear(n, w.leverage)[strongest, country], "", ()),
        ("its leader's lean", lambda w, n: w.lean[side, country], "", ()),
        ("the government's mood", lambda w, n: w.mood_course[side, country], "", ()),
    ]  # fmt: skip
    for club, grantor in enumerate(roster.grantor):
        if int(grantor) in inside:
            listed.append((f"the door of {name(roster, 'institution', club)}", _door(club, country), "urgency", (club, country)))
    bloc = roster.ids["bloc"][side]
    return Trace(stood(history, "course", place, month, f"{whose(where)} siding with the {bloc}"), differences(history, at, listed))


def _door(club: int, country: int) -> Rule:
    return lambda w, n: prospect(n, w)[club, country]


def _tool(history: History, country: int, month: int, effect: Callable[[Numbers], Array]) -> tuple[str, Place]:
    """The instrument whose potency moved most among those that have an effect."""
    size = history.numbers[month].once(effect)[:, 0, 0]
    rise = np.abs(size * (history.before[month].potency[:, country, 0] - history.before[0].potency[:, country, 0]))
    return ("potency", (int(rise.argmax()), country)) if rise.size and rise.max() > 0 else ("", ())


def _deepest(history: History, power: int, country: int, month: int) -> tuple[str, Place]:
    """The instrument in which a power's leverage moved most."""
    held = history.roster.instruments_of[power]
    rise = np.abs(history.before[month].leverage[held, country, 0] - history.before[0].leverage[held, country, 0])
    return ("leverage", (held.start + int(rise.argmax()), country)) if rise.size else ("", ())
