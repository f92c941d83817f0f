"""Dated changes: shocks and policies as the numbers, levels and kicks of each month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.arrays import put
from sim.axes import Array
from sim.lanes import Parameters, dated
from sim.numbers import TABLE, Entry, Numbers
from sim.roster import Roster
from sim.scenario.dates import month_number
from sim.scenario.schema import Policy, Shape, Shock
from sim.world import World

# Variables that nobody in the model moves: a dated change holds them at a level. Others it kicks, and they go on from there.
HELD = frozenset({"driver", "condition", "normalisation", "hostility", "war"})


def strength(shape: Shape | None, since: int) -> float:
    """How far a dated change is in force, `since` months after its date; 0 before it.

    A step holds for good; a pulse for some months; a ramp rises over months; a decay halves every so many months.
    """
    if since < 0:
        return 0.0
    if shape is None:
        return 1.0
    if shape.pulse is not None:
        return float(since < shape.pulse)
    if shape.ramp is not None:
        return min(1.0, (since + 1) / shape.ramp)
    return float(2.0 ** (-since / shape.decay)) if shape.decay is not None else 1.0


@dataclass(frozen=True)
class Effect:
    """One dated change, by where it lands: a cell of a field, and the variable that field starts, if any."""

    change: Shock | Policy
    month: int
    entry: Entry
    cell: tuple[int, ...]
    value: Array
    bounds: tuple[float, float]

    def force(self, month: int) -> float:
        """How far it is in force in a month."""
        since = month - self.month
        if self.entry.starts and self.entry.starts not in HELD and self.change.shape is None:
            return float(since == 0)
        return strength(self.change.shape, since)

    def applied(self, base: Array, month: int) -> Array:
        """A value with this change in force, not yet kept inside its bounds."""
        force = self.force(month)
        if force == 0:
            return base
        if self.change.set is not None:
            return base + force * (self.value - base)
        if self.change.scale is not None:
            return base * (1 + (self.value - 1) * force)
        return base + force * self.value


def order(effect: Effect) -> int:
    """Changes of one number in one month: first what is set, then what is scaled, then what is added."""
    return 0 if effect.change.set is not None else 1 if effect.change.scale is not None else 2


@dataclass(frozen=True)
class Calendar:
    """All dated changes of a block of runs."""

    roster: Roster
    effects: tuple[Effect, ...]
    costs: Mapping[str, Array]

    @cached_property
    def _parametric(self) -> tuple[Effect, ...]:
        return tuple(effect for effect in self.effects if not effect.entry.starts)

    def numbers_at(self, month: int, base: Numbers, before: Numbers | None = None) -> Numbers:
        """The numbers of a month; those of the month before, when nothing has changed since."""
        forces = [effect.force(month) for effect in self._parametric]
        if not any(forces):
            return base
        if before is not None and forces == [effect.force(month - 1) for effect in self._parametric]:
            return before
        arrays: dict[tuple[str, str], Array] = {}
        for (chapter, name, cell), effects in _by_cell(self._parametric).items():
            array = arrays.get((chapter, name), getattr(getattr(base, chapter), name))
            arrays[chapter, name] = _with_cell(array, cell, effects, month)
        return base.with_arrays(arrays)

    def levels_at(self, month: int, world: World, numbers: Numbers) -> dict[str, Array]:
        """Levels held and kicks given this month, and what policies cost."""
        changed: dict[str, Array] = {}
        for (_, name, cell), effects in _by_cell(tuple(effect for effect in self.effects if effect.entry.starts)).items():
            variable = effects[0].entry.starts
            if variable in HELD:
                array = changed.get(variable, getattr(numbers.outside, name))
                changed[variable] = _with_cell(array, cell, effects, month)
            elif any(effect.force(month) for effect in effects):
                changed[variable] = _with_cell(changed.get(variable, getattr(world, variable)), cell, effects, month)
        if "tension" in changed:
            changed["tension_given"] = world.tension_given + changed["tension"] - world.tension
        if self.costs:
            changed["policy_cost"] = self._cost(month, world)
        return changed

    def _cost(self, month: int, world: World) -> Array:
        cost = np.zeros_like(world.policy_cost)
        for effect in self.effects:
            if isinstance(effect.change, Policy):
                place = self.roster.place("power", effect.change.by)
                cost = put(cost, place, cost[place] + self.costs[effect.change.id] * strength(effect.change.shape, month - effect.month))
        return cost


def _by_cell(effects: tuple[Effect, ...]) -> dict[tuple[str, str, tuple[int, ...]], list[Effect]]:
    cells: dict[tuple[str, str, tuple[int, ...]], list[Effect]] = {}
    for effect in sorted(effects, key=order):
        cells.setdefault((effect.entry.chapter, effect.entry.name, effect.cell), []).append(effect)
    return cells


def _with_cell(array: Array, cell: tuple[int, ...], effects: list[Effect], month: int) -> Array:
    value = array[cell]
    for effect in effects:
        value = effect.applied(value, month)
    value = np.clip(value, *effects[0].bounds)
    fresh = np.array(np.broadcast_to(array, (*array.shape[:-1], max(array.shape[-1], value.shape[-1]))))
    fresh[cell] = value
    return fresh


def calendar(parameters: Parameters, values: Array) -> Calendar:
    """Every dated change of a scenario, with the numbers drawn for it. Shape: values (path, run)."""
    roster, scenario = parameters.roster, parameters.scenario
    where = {path: (entry, place) for entry in TABLE for place, path in entry.cells(roster) if path is not None}
    first = month_number(scenario.time.start) or 0
    effects = []
    for change in dated(scenario):
        entry, cell = where[change.path]
        low, high = parameters.bounds[parameters.rows[change.path]]
        value = values[parameters.rows[f"shocks.{change.id}"]]
        effects.append(Effect(change, (month_number(change.at) or 0) - first, entry, cell, value, (float(low), float(high))))
    costs = {policy.id: values[parameters.rows[f"policies.{policy.id}.cost"]] for policy in scenario.policies}
    return Calendar(roster, tuple(effects), costs)
