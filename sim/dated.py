"""What changes numbers on the way: dated shocks and policies, and deeds while they are done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.arrays import put
from sim.axes import Array
from sim.lanes import Parameters, dated
from sim.numbers import TABLE, Entry, Numbers
from sim.roster import Roster
from sim.rules.events import at_place
from sim.scenario.dates import month_number
from sim.scenario.schema import Policy, Shape, Shock
from sim.world import World

# Variables that nobody in the model moves: a change holds them at a level. Others it kicks, and they go on from there.
HELD = frozenset({"driver", "condition", "hostility", "war"})

Force = Array | float


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
class Effect(ABC):
    """One change, by where it lands: a cell of a field, and the variable that field starts, if any.

    Shape: value (run).
    """

    entry: Entry
    cell: tuple[int, ...]
    way: str
    value: Array
    bounds: tuple[float, float]

    @abstractmethod
    def force(self, month: int, world: World) -> Force:
        """How far it is in force in a month: from 0 to 1. Shape: one number, or (run)."""

    def applied(self, base: Array, force: Force) -> Array:
        """A value with this change in force, not yet kept inside its bounds."""
        if self.way == "set":
            return base + force * (self.value - base)
        if self.way == "scale":
            return base * (1 + (self.value - 1) * force)
        return base + force * self.value


@dataclass(frozen=True)
class DatedEffect(Effect):
    """The effect of a shock or a policy, from its month on."""

    change: Shock | Policy
    month: int

    def force(self, month: int, world: World) -> Force:
        """1 from its date on, unless its shape says otherwise; a kick to a variable lasts one month."""
        since = month - self.month
        if self.entry.starts and self.entry.starts not in HELD and self.change.shape is None:
            return float(since == 0)
        return strength(self.change.shape, since)


@dataclass(frozen=True)
class DeedEffect(Effect):
    """The effect of a deed, as far as it is done."""

    deed: int

    def force(self, month: int, world: World) -> Force:
        """How far the deed is done, as of last month."""
        done: Array = world.deed[self.deed]
        return done


@dataclass(frozen=True)
class EventEffect(Effect):
    """The effect of an event, or of its success, as far as it is remembered."""

    event: int
    after: str

    def force(self, month: int, world: World) -> Force:
        """How well the event is remembered, as of last month."""
        remembered: Array = (world.success_memory if self.after == "success" else world.event_memory)[self.event]
        return remembered


# Changes of one number in one month: first what is set, then what is scaled, then what is added.
WAYS = ("set", "scale", "add")


@dataclass
class Calendar:
    """All changes of a block of runs, and the numbers they last made."""

    roster: Roster
    effects: tuple[Effect, ...]
    costs: Mapping[str, Array]
    _forces: list[Force] = field(default_factory=list)
    _numbers: Numbers | None = None
    _base: Numbers | None = None

    @cached_property
    def _on_numbers(self) -> tuple[Effect, ...]:
        return tuple(effect for effect in self.effects if not _moves_variable(effect))

    @cached_property
    def _on_variables(self) -> dict[tuple[str, str, tuple[int, ...]], list[Effect]]:
        return _by_cell(effect for effect in self.effects if _moves_variable(effect))

    def numbers_at(self, month: int, base: Numbers, world: World) -> Numbers:
        """The numbers of a month; those of the month before, when nothing has changed since."""
        forces = [effect.force(month, world) for effect in self._on_numbers]
        if not any(np.any(force) for force in forces):
            return base
        if (
            self._numbers is not None
            and self._base is base
            and all(np.array_equal(a, b) for a, b in zip(forces, self._forces, strict=True))
        ):
            return self._numbers
        in_force = {id(effect): force for effect, force in zip(self._on_numbers, forces, strict=True)}
        cells: dict[tuple[str, str], list[tuple[tuple[int, ...], Array]]] = {}
        for (chapter, name, cell), effects in self._number_cells.items():
            value = _changed(getattr(getattr(base, chapter), name)[cell], effects, [in_force[id(effect)] for effect in effects])
            cells.setdefault((chapter, name), []).append((cell, value))
        arrays = {key: _with_cells(getattr(getattr(base, key[0]), key[1]), changed) for key, changed in cells.items()}
        self._forces, self._base = forces, base
        self._numbers = base.with_arrays(arrays)
        return self._numbers

    @cached_property
    def _number_cells(self) -> dict[tuple[str, str, tuple[int, ...]], list[Effect]]:
        return _by_cell(self._on_numbers)

    def levels_at(self, month: int, world: World, numbers: Numbers) -> dict[str, Array]:
        """Levels held and kicks given this month, and what policies cost."""
        changed: dict[str, Array] = {}
        for (_, name, cell), effects in self._on_variables.items():
            variable = effects[0].entry.starts
            forces = [effect.force(month, world) for effect in effects]
            if variable in HELD:
                array = changed.get(variable, np.broadcast_to(getattr(numbers.outside, name), getattr(world, variable).shape))
                changed[variable] = _with_cells(array, [(cell, _changed(array[cell], effects, forces))])
            elif any(np.any(force) for force in forces):
                array = changed.get(variable, getattr(world, variable))
                changed[variable] = _with_cells(array, [(cell, _changed(array[cell], effects, forces))])
        if "tension" in changed:
            changed["tension_given"] = world.tension_given + (changed["tension"] - world.tension)
        if self.costs:
            changed["policy_cost"] = self._cost(month, world)
        return changed

    def _cost(self, month: int, world: World) -> Array:
        cost = np.zeros_like(world.policy_cost)
        for effect in self.effects:
            if isinstance(effect, DatedEffect) and isinstance(effect.change, Policy):
                place = self.roster.place("power", effect.change.by)
                cost = put(cost, place, cost[place] + self.costs[effect.change.id] * effect.force(month, world))
        return cost


def _by_cell(effects: Iterable[Effect]) -> dict[tuple[str, str, tuple[int, ...]], list[Effect]]:
    cells: dict[tuple[str, str, tuple[int, ...]], list[Effect]] = {}
    for effect in sorted(effects, key=lambda effect: WAYS.index(effect.way)):
        cells.setdefault((effect.entry.chapter, effect.entry.name, effect.cell), []).append(effect)
    return cells


def _moves_variable(effect: Effect) -> bool:
    """Whether an effect lands on a variable of the world; a deed or event moves a variable's standing number, not the variable."""
    return effect.entry.starts in HELD or (bool(effect.entry.starts) and isinstance(effect, DatedEffect))


def _changed(value: Array, effects: list[Effect], forces: list[Force]) -> Array:
    """A value with the effects on its cell, inside its bounds."""
    for effect, force in zip(effects, forces, strict=True):
        if np.any(force):
            value = effect.applied(value, force)
    return np.asarray(np.clip(value, *effects[0].bounds))


def _with_cells(array: Array, cells: list[tuple[tuple[int, ...], Array]]) -> Array:
    """A copy of an array with some cells replaced."""
    width = max([array.shape[-1], *(value.shape[-1] for _, value in cells)])
    fresh = array.copy() if width == array.shape[-1] else np.array(np.broadcast_to(array, (*array.shape[:-1], width)))
    for cell, value in cells:
        fresh[cell] = value
    return fresh


def calendar(parameters: Parameters, values: Array) -> Calendar:
    """Every change of a scenario, with the numbers drawn for it. Shape: values (path, run)."""
    roster, scenario, rows = parameters.roster, parameters.scenario, parameters.rows
    where = {path: (entry, place) for entry in TABLE for place, path in entry.cells(roster) if path is not None}
    first = month_number(scenario.time.start) or 0
    effects: list[Effect] = []
    for change in dated(scenario):
        way = next(way for way in WAYS if getattr(change, way) is not None)
        value = values[rows[f"shocks.{change.id}"]]
        at = (month_number(change.at) or 0) - first
        effects.append(DatedEffect(*where[change.path], way, value, _bounds(parameters, change.path), change, at))
    for place, name in enumerate(roster.ids["deed"]):
        for key, consequence in scenario.deeds[name].effects.items():
            way = "scale" if consequence.scale is not None else "add"
            value = values[rows[f"deeds.{name}.effects.{key}.{way}"]]
            effects.append(DeedEffect(*where[consequence.path], way, value, _bounds(parameters, consequence.path), place))
    for place, name in enumerate(roster.ids["event"]):
        kind, here = name.split(".")
        for key, consequence in scenario.events[kind].effects.items():
            way = "scale" if consequence.scale is not None else "add"
            value, path = values[rows[f"events.{kind}.effects.{key}.{way}"]], at_place(consequence.path, here)
            effects.append(EventEffect(*where[path], way, value, _bounds(parameters, path), place, consequence.after))
    costs = {policy.id: values[rows[f"policies.{policy.id}.cost"]] for policy in scenario.policies}
    return Calendar(roster, tuple(effects), costs)


def _bounds(parameters: Parameters, path: str) -> tuple[float, float]:
    low, high = parameters.bounds[parameters.rows[path]]
    return float(low), float(high)
