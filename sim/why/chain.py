"""The chain behind an event or a deed of one history: what raised its hazard, what raised that, and so on back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from sim.analysis.refusals import NotAnalysable
from sim.arrays import exp
from sim.rules.deeds import deed_reasons
from sim.rules.events import at_place, hazard, reasons
from sim.scenario.faults import unknown
from sim.watching import AXES
from sim.why import causes_abroad as abroad
from sim.why import causes_at_home as home
from sim.why.history import History, Term, Trace, lane
from sim.why.wording import amount, large, listed, month_said, month_written, name, times, variable_said
from sim.world import VARIABLES

DEPTH = 4
# A cause is named and looked into when it makes at least this share of what moved; at most so many of each.
WORTH_NAMING, WORTH_FOLLOWING = 0.1, 0.25
MOST_NAMED, MOST_FOLLOWED = 3, 2
# A variable whose way from the start is less than this share of where it stands has not moved.
STILL = 0.02

Tracer = Callable[[History, tuple[int, ...], int], Trace]
TRACERS: dict[str, Tracer] = {
    "tension": home.tension, "tension_home": home.tension_home, "resilience": home.resilience, "capture": home.capture,
    "autonomy": home.autonomy, "opinion": home.opinion, "false_belief": home.false_belief, "leverage": home.leverage,
    "course": home.course, "pressure": abroad.pressure, "potency": abroad.potency, "effort": abroad.effort, "plan": abroad.plan,
    "urgency": abroad.urgency, "budget": abroad.budget, "attention": abroad.attention, "visible": abroad.visible,
    **{level: partial(abroad.level, level) for level in ("driver", "condition", "hostility", "war")},
}  # fmt: skip
HAPPENED = {"event_memory": "event", "success_memory": "event", "happened": "event", "deed": "deed", "deed_memory": "deed"}


@dataclass(frozen=True)
class Link:
    """One link of a chain: what stood or happened, in a sentence, with its largest causes and the links behind them."""

    depth: int
    month: str
    what: str
    said: str
    causes: tuple[tuple[str, float], ...] = ()
    behind: tuple[Link, ...] = ()

    def lines(self) -> list[str]:
        """The chain as indented sentences."""
        return [f"{'  ' * self.depth}{self.said}", *(line for link in self.behind for line in link.lines())]

    def plain(self) -> dict[str, Any]:
        """The chain as plain data."""
        causes = [{"cause": cause, "share": share} for cause, share in self.causes]
        return {
            "month": self.month,
            "what": self.what,
            "said": self.said,
            "causes": causes,
            "behind": [link.plain() for link in self.behind],
        }


@dataclass
class Chain:
    """Follows causes back through a history; nothing is told twice."""

    history: History
    depth: int = DEPTH
    told: set[tuple[str, tuple[int, ...]]] = field(default_factory=set)

    def behind_event(self, event: int, month: int, depth: int = 0) -> Link:
        """Why an event happened in a month: its hazard against the base rate, and the terms that raised it."""
        history, roster = self.history, self.history.roster
        kind, place = roster.ids["event"][event].split(".")
        world, numbers = history.before[month], history.numbers[month]
        added = {cause: lane(part) for cause, part in reasons(world, numbers, event).items()}
        rate = lane(np.broadcast_to(hazard(world, numbers)[event], (world.tension.shape[-1],)))
        factor = lane(exp(np.full(1, min(sum(added.values()), 50))))
        succeeded = ", and it succeeded" if lane(history.after[month].success_memory[event]) >= 1 else ""
        head = f"In {month_said(roster, month)} there was '{roster.scenario.events[kind].name}' in {self._country(place)}{succeeded}."
        size = "about the usual" if 0.95 <= factor < 1.05 else f"{times(factor)} the usual"
        chance = f"Its hazard was {size}, {amount(100 * (1 - np.exp(-rate)))} of 100 in the month"
        terms = tuple(
            self._watched(roster.scenario.events[kind].causes[cause].watches, place, cause, part, month) for cause, part in added.items()
        )
        raised = _ranked(terms, 1.0)
        if factor <= 1 or not raised:
            against = _ranked(terms, -1.0)
            why = f" Of what lowered it, {_named(against)}." if against else ""
            said = f"{head} {chance}.{why} Nothing raised it: it was chance."
            return Link(depth, month_written(roster, month), f"{kind}.{place}", said)
        said = f"{head} {chance}; of what raised it, {_named(raised)}."
        followed = raised[:MOST_FOLLOWED] if not depth else raised[:1]
        return self._link(depth, month, f"{kind}.{place}", said, raised, followed)

    def behind_deed(self, deed: int, month: int, depth: int = 0) -> Link:
        """Why a deed was done in a month: what spoke for it in its owner's reckoning."""
        history, roster = self.history, self.history.roster
        id = roster.ids["deed"][deed]
        entry, world, numbers = roster.scenario.deeds[id], history.before[month], history.numbers[month]
        owner = roster.owned_by("country")[deed]
        terms = []
        for said, part in deed_reasons(world, numbers, deed).items():
            if said in entry.causes:
                terms.append(self._watched(entry.causes[said].watches, "", said, lane(part), month))
            else:
                terms.append(Term(said.replace("_", " "), lane(part), *self._inner(said, int(owner)), month))
        raised = _ranked(tuple(terms), 1.0)
        head = f"In {month_said(roster, month)} came '{entry.name}' by {self._who(entry.owner)}"
        said = f"{head}; of what spoke for it, {_named(raised)}." if raised else f"{head}; nothing spoke for it but its base."
        return self._link(depth, month, id, said, raised, raised[:MOST_FOLLOWED] if not depth else raised[:1])

    def behind(self, term: Term, depth: int) -> Link | None:
        """The link behind a term; nothing where there is none, or where it was told before."""
        if not term.variable or (term.variable, term.place) in self.told or depth > self.depth:
            return None
        self.told.add((term.variable, term.place))
        roster = self.history.roster
        if term.variable in HAPPENED:
            return self._earlier(term, depth)
        tracer = TRACERS.get(term.variable)
        trace = tracer(self.history, term.place, term.month) if tracer else Trace(self._plainly(term))
        now, moved = (rule(term.variable, term.place, term.month) for rule in (self.history.at, self.history.moved))
        what = ".".join([term.variable, *(roster.ids[axis][at] for axis, at in zip(AXES[term.variable], term.place, strict=True))])
        if abs(moved) <= STILL * abs(now) and term.variable != "pressure":
            return Link(depth, month_written(roster, term.month), what, f"{large(trace.said)} It had hardly moved since the start.")
        ranked = _ranked(trace.terms, 1.0 if term.variable == "pressure" else float(np.sign(moved)))
        said = large(trace.said) + (f" Behind {'it' if term.variable == 'pressure' else 'the change'}: {_named(ranked)}." if ranked else "")
        return self._link(
            depth, term.month, what, said, ranked, tuple(each for each in ranked if each.part >= WORTH_FOLLOWING)[: 1 + (depth < 2)]
        )

    def _earlier(self, term: Term, depth: int) -> Link | None:
        """The event or deed behind a memory of it."""
        kind = HAPPENED[term.variable]
        when = self.history.since(term.place, {"event": "event_memory", "deed": "deed"}[kind], term.month)
        if when is None:
            return None
        return self.behind_event(term.place[0], when, depth) if kind == "event" else self.behind_deed(term.place[0], when, depth)

    def _link(self, depth: int, month: int, what: str, said: str, causes: tuple[Term, ...], followed: tuple[Term, ...]) -> Link:
        links = tuple(link for each in followed if (link := self.behind(each, depth + 1)) is not None)
        shares = tuple((each.said, each.part) for each in causes)
        return Link(depth, month_written(self.history.roster, month), what, said, shares, links)

    def _watched(self, watches: str, place: str, cause: str, part: float, month: int) -> Term:
        """The term of a cause that watches a variable, told by the variable's own place."""
        words = at_place(watches, place) if place else watches
        variable, cell = self.history.roster.cell(words, AXES)
        spoken, plain = variable_said(self.history.roster, variable, cell), cause.replace("_", " ")
        said = spoken if plain in spoken else f"{plain} ({spoken})"
        return Term(said, part, variable, cell, month)

    def _inner(self, said: str, owner: int) -> tuple[str, tuple[int, ...]]:
        """The variable behind what a country weighs in a deed."""
        roster, last = self.history.roster, said.rsplit(" ", 1)[-1]
        if said.startswith("siding with"):
            return "course", (roster.place("side", last), owner)
        return ("opinion", (roster.place("power", last), owner)) if said.startswith("public view") else ("", ())

    def _plainly(self, term: Term) -> str:
        return abroad.stood(self.history, term.variable, term.place, term.month, large(VARIABLES[term.variable].label))

    def _country(self, id: str) -> str:
        return name(self.history.roster, "country", self.history.roster.place("country", id))

    def _who(self, id: str) -> str:
        roster = self.history.roster
        axis = next((axis for axis in ("country", "power", "institution") if id in roster.ids[axis]), None)
        return name(roster, axis, roster.place(axis, id)) if axis else id


def _ranked(terms: tuple[Term, ...], direction: float) -> tuple[Term, ...]:
    """The terms that pulled one way, largest first, their parts made shares of all that pulled so; small ones are left out."""
    pulled = [(term, direction * term.part) for term in terms if direction * term.part > 0]
    whole = sum(part for _, part in pulled)
    ranked = sorted(pulled, key=lambda each: -each[1])[:MOST_NAMED]
    return tuple(Term(t.said, part / whole, t.variable, t.place, t.month) for t, part in ranked if part / whole >= WORTH_NAMING)


def _named(terms: tuple[Term, ...]) -> str:
    return listed([f"{term.said} made {term.part:.0%}" for term in terms])


def event_months(history: History, word: str) -> list[tuple[str, int, int]]:
    """Every time that an event, by type or by 'type.place', or a deed happened: 'event' or 'deed', its place, the month.

    Raises: NotAnalysable for a name that is neither.
    """
    roster = history.roster
    events = [at for at, id in enumerate(roster.ids["event"]) if word in (id, id.split(".")[0])]
    deeds = [at for at, id in enumerate(roster.ids["deed"]) if word == id]
    if not events and not deeds:
        kinds = list(dict.fromkeys(id.split(".")[0] for id in roster.ids["event"]))
        raise NotAnalysable(unknown("event", word, [*kinds, *roster.ids["deed"]]))
    found = []
    for month, (before, after) in enumerate(zip(history.before, history.after, strict=True)):
        found += [("event", at, month) for at in events if lane(after.happened[at]) > 0]
        found += [("deed", at, month) for at in deeds if lane(before.deed[at]) <= 0.5 < lane(after.deed[at])]
    return found
