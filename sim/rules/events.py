"""Chapter 10 of docs/model.md: what happens by chance, more or less often for its causes, and is remembered."""

from __future__ import annotations

import numpy as np

from sim.arrays import all_like, exp, half_life_retention, maximum, minimum, none_like, smooth_gate, stack, take
from sim.axes import Array
from sim.draws import Luck
from sim.numbers import Numbers
from sim.roster import Roster
from sim.rules.deeds import watched
from sim.world import World

HERE = "here"


def type_of(roster: Roster) -> np.ndarray:
    """Place of each event's type."""
    return np.array([roster.place("event_type", name.split(".")[0]) for name in roster.ids["event"]], dtype=np.intp)


def at_place(words: str, place: str) -> str:
    """A watch or a path with `here` replaced by the place."""
    return ".".join(place if word == HERE else word for word in words.split("."))


def reasons(world: World, numbers: Numbers, event: int) -> dict[str, Array]:
    """What each cause adds to the log of an event's hazard, by the cause's name. Shape of each: (run)."""
    roster, n = numbers.roster, numbers.events
    kind, place = roster.ids["event"][event].split(".")
    found = {}
    for name, cause in roster.scenario.events[kind].causes.items():
        row = roster.place("type_cause", f"{kind}.{name}")
        found[name] = n.weight[row] * (watched(world, numbers, at_place(cause.watches, place)) - n.usual[row])
    return found


def needs_met(world: World, numbers: Numbers, event: int) -> Array:
    """How far an event's needs are met: exactly 0 where one is shut. Shape: (run)."""
    roster, n = numbers.roster, numbers.events
    kind, place = roster.ids["event"][event].split(".")
    met: Array = all_like(world.tension[0])
    for name, need in roster.scenario.events[kind].needs.items():
        row = roster.place("type_need", f"{kind}.{name}")
        met = met * smooth_gate(watched(world, numbers, at_place(need.watches, place)), n.need_shut[row], n.need_open[row])
    return met


def hazard(world: World, numbers: Numbers) -> Array:
    """Hazard of every event this month: its base rate times the exponential of what its causes add. Shape: (event, run)."""
    kinds, rates = type_of(numbers.roster), []
    for event in range(numbers.roster.size("event")):
        added = sum(reasons(world, numbers, event).values(), start=none_like(world.tension[0]))
        rates.append(numbers.events.base[kinds[event]] * exp(minimum(added, 50)) * needs_met(world, numbers, event))
    return stack(rates)


def events(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Events happen or not; what happened, and whether it succeeded, is remembered and fades."""
    if not numbers.roster.size("event"):
        return {}
    kinds = type_of(numbers.roster)
    happens = np.asarray(luck.uniform("event") < 1 - exp(-hazard(world, numbers)), dtype=float)
    succeeds = happens * (luck.uniform("success") < take(numbers.events.success, kinds))
    left = take(half_life_retention(numbers.events.memory), kinds)
    return {
        "happened": happens,
        "event_memory": maximum(world.event_memory * left, happens),
        "success_memory": maximum(world.success_memory * left, succeeds),
    }
