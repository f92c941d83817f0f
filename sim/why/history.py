"""One history kept whole: every month's world and numbers as the acts of the month read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.axes import Array
from sim.dated import DatedEffect, DeedEffect, Effect, EventEffect
from sim.lanes import Lanes, Parameters
from sim.numbers import Numbers
from sim.roster import Roster
from sim.scenario.schema import Scenario
from sim.settling import settled_at
from sim.why.lockstep import Side
from sim.why.wording import month_said
from sim.world import World


@dataclass(frozen=True)
class Term:
    """One thing that spoke for something: its name, how much it added, and the variable behind it that may be looked into next."""

    said: str
    part: float
    variable: str = ""
    place: tuple[int, ...] = ()
    month: int = 0


@dataclass(frozen=True)
class Trace:
    """Why a variable stood where it did: a sentence, and what moved it there from the start of the history."""

    said: str
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class History:
    """The worlds and numbers of one run, month by month: `before` as the month's acts read them, `after` when the month was over."""

    roster: Roster
    run: int
    before: tuple[World, ...]
    after: tuple[World, ...]
    numbers: tuple[Numbers, ...]
    effects: tuple[Effect, ...]

    def at(self, variable: str, place: tuple[int, ...], month: int) -> float:
        """A variable as the acts of a month read it."""
        return lane(getattr(self.before[month], variable)[place])

    def moved(self, variable: str, place: tuple[int, ...], month: int) -> float:
        """How far a variable stands from where it stood in the first month."""
        return self.at(variable, place, month) - self.at(variable, place, 0)

    def since(self, place: tuple[int, ...], variable: str, month: int) -> int | None:
        """The last month up to this one in whose acts a yes, a deed or a memory rose; nothing if it never did."""
        for earlier in range(month - 1, -1, -1):
            if lane(getattr(self.after[earlier], variable)[place]) > self.at(variable, place, earlier) + 1e-12:
                return earlier
        return None

    def in_force(self, month: int, cell: tuple[int, ...], *, field: tuple[str, str] | None = None, starts: str = "") -> list[Term]:
        """Dated changes, deeds and remembered events that bear on a number, or on a level, in a month. Parts are their forces."""
        found = []
        for effect in self.effects:
            here = (effect.entry.chapter, effect.entry.name) == field if field else effect.entry.starts == starts
            force = float(np.ravel(effect.force(month, self.before[month]))[0])
            if here and effect.cell == cell and force > 0:
                found.append(self._named(effect, force, month))
        return found

    def _named(self, effect: Effect, force: float, month: int) -> Term:
        scenario = self.roster.scenario
        if isinstance(effect, DeedEffect):
            deed = scenario.deeds[self.roster.ids["deed"][effect.deed]]
            return Term(f"the deed '{deed.name}'", force, "deed", (effect.deed,), month)
        if isinstance(effect, EventEffect):
            kind = self.roster.ids["event"][effect.event].split(".")[0]
            return Term(f"the memory of '{scenario.events[kind].name}'", force, "event_memory", (effect.event,), month)
        assert isinstance(effect, DatedEffect)
        return Term(f"the change '{effect.change.id}' dated {month_said(self.roster, effect.month)}", force)


def lane(array: Array) -> float:
    """The value of the history's own lane."""
    return float(np.asarray(array)[..., 0])


def history_of(scenario: Scenario, seed: int, run: int) -> History:
    """Steps one run of a scenario alone, which comes out as in any ensemble, and keeps every month.

    Memory: two worlds a month.
    """
    roster = Roster(scenario)
    before: list[World] = []
    after: list[World] = []
    numbers: list[Numbers] = []
    lanes = Lanes(np.array([run], dtype=np.int64))
    with np.errstate(all="ignore"), Side(scenario, lanes, seed, settled=settled_at(Parameters(scenario, roster))) as model:
        for _ in range(scenario.time.months):
            model.dated()
            before.append(model.world)
            numbers.append(model.numbers)
            model.acted()
            model.read()
            after.append(model.world)
        effects = model.calendar.effects
    return History(roster, run, tuple(before), tuple(after), tuple(numbers), effects)


def differences(history: History, month: int, terms: Sequence[tuple[str, Any, str, tuple[int, ...]]]) -> tuple[Term, ...]:
    """Terms that a function of world and numbers adds, each as what it adds now less what it added in the first month."""
    found = []
    for said, rule, variable, place in terms:
        now, then = (lane(rule(history.before[each], history.numbers[each])) for each in (month, 0))
        found.append(Term(said, now - then, variable, place, month))
    return tuple(found)
