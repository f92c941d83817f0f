"""Which history each lane of a block is, and the numbers drawn for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.axes import Array
from sim.chapters import Settled
from sim.draws import parameter_draws
from sim.numbers import TABLE, Numbers, numbers_from
from sim.roster import Roster
from sim.scenario.distributions import Quantity, quantiles
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.schema import Change, Policy, Scenario, Shock

# A block is padded to a multiple of this, so that a lane's arithmetic is the same alone and in company.
PADDING = 8

Value = TypeVar("Value", bound=np.generic)


def padded(values: NDArray[Value]) -> NDArray[Value]:
    """One value a run, with the last one repeated up to a multiple of PADDING."""
    return np.concatenate([values, np.repeat(values[-1:], -len(values) % PADDING)])


def block_width(roster: Roster) -> int:
    """Lanes a block: 2^17 over the number of ties, between 64 and 2048. Units: runs."""
    ties = max(1, roster.size("power") * roster.size("country") * roster.size("channel") // 2)
    return int(np.clip(2**17 // ties // PADDING * PADDING, 64, 2048))


@dataclass(frozen=True)
class Lanes:
    """The histories of a block: a run each for noise, a run each for parameters, and numbers that differ by design.

    `set` holds new values by path, `scale` factors and `add` additions to what a number is otherwise, as a scenario's what-ifs do.

    Shape: runs and parameter_runs (run); each changed number (run).
    """

    runs: NDArray[np.int64]
    parameter_runs: NDArray[np.int64] | None = None
    set: Mapping[str, Array] = field(default_factory=dict)
    scale: Mapping[str, Array] = field(default_factory=dict)
    add: Mapping[str, Array] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Number of lanes."""
        return len(self.runs)

    @property
    def are_changed(self) -> bool:
        """Whether any number differs by design."""
        return bool(self.set or self.scale or self.add)

    def part(self, which: slice) -> Lanes:
        """Some of the histories."""
        drawn = None if self.parameter_runs is None else self.parameter_runs[which]
        ways = ({path: values[which] for path, values in way.items()} for way in (self.set, self.scale, self.add))
        return Lanes(self.runs[which], drawn, *ways)

    def padded(self) -> Lanes:
        """The same histories with the last one repeated up to a multiple of PADDING."""
        drawn = None if self.parameter_runs is None else padded(self.parameter_runs)
        ways = ({path: padded(values) for path, values in way.items()} for way in (self.set, self.scale, self.add))
        return Lanes(padded(self.runs), drawn, *ways)


@dataclass(frozen=True)
class Parameters:
    """Every number of a scenario in one list, with the address of its draw. Dated changes' numbers come last."""

    scenario: Scenario
    roster: Roster

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """Number by path, what-ifs not yet applied."""
        return {**number_paths(self.scenario), **{f"shocks.{shock.id}": given(shock) for shock in dated(self.scenario)}, **self._costs}

    @cached_property
    def _costs(self) -> dict[str, Quantity]:
        return {f"policies.{policy.id}.cost": policy.cost for policy in self.scenario.policies}

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each path."""
        return {path: row for row, path in enumerate(self.quantities)}

    @cached_property
    def addresses(self) -> list[str]:
        """What addresses each number's draw: its path, with stream keys for ids."""
        roster, told = self.roster, dict[str, str]()
        axes = {"eroded": "channel"}
        for entry in TABLE:
            for words, path in entry.paths(roster):
                streams = {key: roster.stream(axes.get(key, key), name) for key, name in words.items()}
                told[path] = entry.template.format_map(streams)
        return [told.get(path, path) for path in self.quantities]

    @cached_property
    def bounds(self) -> NDArray[np.float64]:
        """Lowest and highest allowed value of each number. Shape: (path, 2)."""
        known = number_paths(self.scenario)
        within = [bounds_at(path) if path in known else None for path in self.quantities]
        return np.array([(bound.low, bound.high) if bound else (-np.inf, np.inf) for bound in within])

    def values(self, seed: int, lanes: Lanes, what_if: bool = True) -> tuple[Array, NDArray[np.bool_]]:
        """The numbers of each lane, and which of them differ between lanes.

        Shape: (path, run) and (path).
        """
        changes = self.scenario.set if what_if else {}
        numbers = [changed.to if (changed := changes.get(path)) and changed.to else number for path, number in self.quantities.items()]
        drawn = [row for row, number in enumerate(numbers) if number.form[0] != "fixed"]
        chances = np.full((len(numbers), lanes.width), 0.5)
        runs = lanes.runs if lanes.parameter_runs is None else lanes.parameter_runs
        if drawn:
            chances[drawn] = parameter_draws(seed, [self.addresses[row] for row in drawn], runs)
        values = quantiles(numbers, chances)
        varies = np.zeros(len(numbers), dtype=bool)
        varies[drawn] = True
        for path, change in changes.items():
            row = self.rows[path]
            values[row] = np.clip(scaled(values[row], change), *self.bounds[row])
        if what_if:
            self._change(values, varies, lanes)
        return values, varies

    def _change(self, values: Array, varies: NDArray[np.bool_], lanes: Lanes) -> None:
        """Lays over values what differs from lane to lane by design."""
        for path, new in lanes.set.items():
            values[self.rows[path]] = new
        for path in {**lanes.scale, **lanes.add}:
            row = self.rows[path]
            values[row] = np.clip(values[row] * lanes.scale.get(path, 1.0) + lanes.add.get(path, 0.0), *self.bounds[row])
        varies[[self.rows[path] for path in {**lanes.set, **lanes.scale, **lanes.add}]] = True

    def medians(self) -> Array:
        """Every number at the middle of its distribution, what-ifs left out. Shape: (path, PADDING)."""
        numbers = list(self.quantities.values())
        return quantiles(numbers, np.full((len(numbers), PADDING), 0.5))

    def numbers(self, settled: Settled, values: Array, varies: NDArray[np.bool_]) -> Numbers:
        """The numbers as arrays by chapter."""
        return numbers_from(self.roster, settled, self.rows, values, varies)


def dated(scenario: Scenario) -> list[Shock | Policy]:
    """Every dated change, shocks first."""
    return [*scenario.shocks, *scenario.policies]


def given(change: Shock) -> Quantity:
    """The number of a dated change: what it sets, scales by or adds."""
    number = change.set if change.set is not None else change.scale if change.scale is not None else change.add
    assert number is not None, "reading has seen to it that one is given"
    return number


def scaled(values: Array, change: Change) -> Array:
    """Values with a what-if's factor and addition."""
    return values * (1.0 if change.scale is None else change.scale) + (0.0 if change.add is None else change.add)
