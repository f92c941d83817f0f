"""Which mechanisms carry a difference in one outcome between two arms that share their luck.

The worth of a set of mechanisms is the mean difference, run by run, of the hybrid in which they are pinned to arm B from arm A. Each
mechanism's part is its Shapley value over these worths. What is left, from the hybrid with all mechanisms pinned to arm B itself, is
the part of numbers and dated changes that act directly on the outcome, and of the outcome's own past. The parts add up exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import Interval, Z, of_mean
from sim.analysis.refusals import NotAnalysable
from sim.lanes import Parameters, block_width
from sim.outcomes import metrics_of, outcome_columns
from sim.roster import Roster
from sim.runs.executors import Crew, carry_out, executor_of
from sim.scenario.faults import unknown
from sim.scenario.schema import Scenario
from sim.settling import settled_at
from sim.why.lockstep import Arm, Coalition, Hybrids, Pair, Values, other_arm, outcomes_of_hybrids, whole
from sim.why.mechanisms import MECHANISMS, OWN, Cast, Mechanism, cast_for
from sim.why.sharing import Shares, coalitions_of, orders_of, shares
from sim.world import VARIABLES

RUNS, ORDERS, WORKERS = 48, 24, 2
# Seconds that a block of hybrids may take on a worker.
LIMIT = 300.0
# Blocks of hybrids beside one block of arm B, which each job steps anew.
BLOCKS = 2
# Mechanisms whose acts cost most, the dearest first.
DEAR = ("efforts", "governments", "unrest", "publics", "disputes", "resilience")
WHOLE = "whole"
COLUMNS = ("mechanism", "label", "part", "low", "high", "error_runs", "error_orders", "share", "alone", "all_but")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Effort:
    """How much work a question is worth: orders in which mechanisms come in, and who steps the histories."""

    orders: int = ORDERS
    workers: int = WORKERS
    progress: Progress | None = None

    def crew(self) -> Crew:
        """Those who step the histories."""
        return executor_of("local" if self.workers > 1 else "serial", self.workers)


@dataclass(frozen=True)
class Mediation:
    """What carries a difference: each mechanism's part, and the remainder that no mechanism carries.

    `base` and `other` are the outcome in arm A and arm B, `pinned` with all mechanisms pinned, run by run; `dropped` counts runs in which
    some hybrid did not stay a number. Without a difference in any run there are no parts.

    Shape: base, other, pinned (run).
    """

    column: str
    cast: Cast
    base: Values
    other: Values
    pinned: Values
    parts: Shares | None
    orders: int = 0
    dropped: int = 0

    @property
    def runs(self) -> int:
        """How many paired runs there are."""
        return len(self.base)

    @property
    def difference(self) -> Interval:
        """Arm B less arm A, run by run."""
        return of_mean(self.other - self.base)

    @property
    def remainder(self) -> Interval:
        """What acts directly on the outcome, and by its own past."""
        return of_mean(self.other - self.pinned)

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        _, low, high = self.difference
        return bool(low > 0 or high < 0)

    def table(self) -> pd.DataFrame:
        """A row a mechanism, largest part first, then the remainder and the whole; columns as COLUMNS, in the outcome's own unit."""
        whole, left = self.difference, self.remainder
        rows = (
            [] if self.parts is None else [self._row(place, self.parts) for place in np.argsort(-np.abs(self.parts.value), kind="stable")]
        )
        for name, label, each in ((OWN, self.cast.own.label, left), (WHOLE, "Whole difference", whole)):
            error = (each.high - each.value) / Z
            rows.append([name, label, each.value, each.low, each.high, error, 0.0, self._share(float(each.value)), np.nan, np.nan])
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        numeric = list(COLUMNS[2:])
        return table.assign(**{name: table[name].astype(np.float64) for name in numeric})

    def _row(self, place: int, parts: Shares) -> list[object]:
        who, value, half = self.cast.mediators[place], parts.value[place], Z * parts.error[place]
        return [
            who.name, who.label, value, value - half, value + half, parts.by_runs[place], parts.by_orders[place], self._share(float(value)),
            parts.alone[place], parts.but[place],
        ]  # fmt: skip

    def _share(self, value: float) -> float:
        return value / float(self.difference.value) if self.is_beyond_chance else float("nan")


def mediation(
    a: Scenario, b: Scenario, column: str, runs: int | NDArray[np.int64] = RUNS, seed: int = 1, effort: Effort | None = None,
    mechanisms: tuple[Mechanism, ...] = MECHANISMS,
) -> Mediation:  # fmt: skip
    """Splits the difference in an outcome between two scenarios, b less a, among the mechanisms that carry it.

    Args: column, an outcome such as serbia.eu_stage.end; runs, how many or which; effort, how many orders, and by how many workers.

    Raises: NotAnalysable when there is no such outcome, or the scenarios cannot be stepped side by side.
    """
    wish = effort or Effort()
    pair = pair_of(a, b, column, np.arange(runs) if isinstance(runs, int) else runs, seed, mechanisms)
    names = pair.cast.names
    first = _made(pair, [frozenset(), whole(pair.cast), other_arm(pair.cast)], executor_of("serial"))
    if not np.any(_stated(pair, first)):
        return _without_parts(pair, first)
    orders = orders_of(names, wish.orders, seed)
    wanted = [each for each in coalitions_of(orders, names) if each not in first]
    values = first | _made(pair, wanted, wish.crew(), wish.progress)
    ok = np.logical_and.reduce([np.isfinite(each) for each in values.values()])
    if ok.sum() < 2:
        raise NotAnalysable(f"only {int(ok.sum())} of {len(ok)} runs went well in all hybrids, and a part needs two")
    kept = {pinned: each[ok] for pinned, each in values.items()}
    base, every, other = kept[frozenset()], kept[whole(pair.cast)], kept[other_arm(pair.cast)]
    found = shares(kept, orders, names)
    return Mediation(column, pair.cast, base, other, every, found, 2 * len(orders), int((~ok).sum()))


def pair_of(
    a: Scenario, b: Scenario, column: str, runs: NDArray[np.int64], seed: int, mechanisms: tuple[Mechanism, ...] = MECHANISMS
) -> Pair:
    """Two scenarios ready to be stepped side by side.

    Raises: NotAnalysable.
    """
    rosters = Roster(a), Roster(b)
    refuse_unlike(a, b, rosters)
    every = [scenario.model_copy(update={"outcomes": ()}) for scenario in (a, b)]
    known = sorted(outcome_columns(every[0]))
    if column not in known:
        raise NotAnalysable(unknown("outcome", column, known))
    if column.endswith(".month"):
        raise NotAnalysable(
            f"{column} is a month that may never come, so it has no mean to split; ask for {column.removesuffix('.month')}.end"
        )
    needs = metrics_of(a)[column.split(".")[1]].needs
    if len(runs) < 2:
        raise NotAnalysable(f"a difference is split over two runs or more, found {len(runs)}")
    arms = [Arm(scenario, settled_at(Parameters(scenario, roster))) for scenario, roster in zip(every, rosters, strict=True)]
    return Pair(arms[0], arms[1], seed, runs, column, cast_for(rosters[0], needs, mechanisms))


def refuse_unlike(a: Scenario, b: Scenario, rosters: tuple[Roster, Roster]) -> None:
    """Refuses scenarios whose worlds have other months, or another actor, channel, deed or event.

    Raises: NotAnalysable.
    """
    for key in ("start", "months"):
        one, other = getattr(a.time, key), getattr(b.time, key)
        if one != other:
            raise NotAnalysable(f"the arms must have the same months, found time.{key} {one} and {other}")
    axes = dict.fromkeys(axis for variable in VARIABLES.values() for axis in variable.axes)
    for axis in axes:
        one, other = rosters[0].ids[axis], rosters[1].ids[axis]
        if one != other:
            only = sorted({*one} ^ {*other})
            raise NotAnalysable(
                f"the arms must be worlds of the same things; one of them alone has the {axis} {', '.join(only[:3])}"
                if only
                else f"the arms order the axis {axis} differently; give both the same stream keys"
            )


def _made(pair: Pair, wanted: Sequence[Coalition], crew: Crew, progress: Progress | None = None) -> dict[Coalition, Values]:
    """The outcome of each hybrid, in jobs as wide as a block."""
    each = max(1, BLOCKS * block_width(Roster(pair.a.scenario)) // len(pair.runs))
    # Hybrids that pin the same dear acts stand together, so that a job need not do those acts at all.
    wanted = sorted(wanted, key=lambda pinned: [name in pinned for name in DEAR])
    jobs = [Hybrids(pair, tuple(wanted[at : at + each])) for at in range(0, len(wanted), each)]
    values: dict[Coalition, Values] = {}
    if progress is not None:
        progress(0, len(wanted))
    for receipt in carry_out(outcomes_of_hybrids, jobs, crew, limit=LIMIT):
        values |= receipt
        if progress is not None:
            progress(len(values), len(wanted))
    return values


def _stated(pair: Pair, values: dict[Coalition, Values]) -> NDArray[np.bool_]:
    """In which runs the arms, or arm A and its hybrid, differ in the outcome."""
    base = values[frozenset()]
    return np.asarray((values[other_arm(pair.cast)] != base) | (values[whole(pair.cast)] != base))


def _without_parts(pair: Pair, values: dict[Coalition, Values]) -> Mediation:
    base, every, other = values[frozenset()], values[whole(pair.cast)], values[other_arm(pair.cast)]
    return Mediation(pair.column, pair.cast, base, other, every, None)


# Sections of dated changes; and what is said of a scenario or of a number without moving anything.
DATED = ("shocks", "policies")
UNSAID = frozenset({"title", "note", "ensemble", "outcomes", "extends"})
BESIDE = frozenset({"evidence", "note", "record", "assumption", "name"})


def changed_paths(a: Scenario, b: Scenario) -> list[tuple[str, object, object]]:
    """What two scenarios say differently: path, what a has and what b has, None where one is silent.

    A dated change that only one of them has is one entry.
    """
    ours, theirs = (dict(_leaves(scenario.dumped())) for scenario in (a, b))
    changes = [{path.rpartition(".")[0] for path in side if path.startswith(DATED) and path.endswith(".id")} for side in (ours, theirs)]
    found: dict[str, tuple[object, object]] = {}
    for path in sorted({*ours, *theirs}):
        entry = ".".join(path.split(".")[:2])
        if entry in changes[0] ^ changes[1]:
            found[entry] = ("a dated change", None) if entry in changes[0] else (None, "a dated change")
        elif ours.get(path) != theirs.get(path):
            found[path] = (ours.get(path), theirs.get(path))
    return [(path, *pair) for path, pair in found.items()]


def _leaves(value: object, path: str = "") -> Iterable[tuple[str, object]]:
    """Every leaf of nested mappings and lists with its path; titles, notes and what a run was asked for are no part of the world."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key not in (BESIDE if path else UNSAID):
                yield from _leaves(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for at, each in enumerate(value):
            name = each.get("id", at) if isinstance(each, dict) else at
            yield from _leaves(each, f"{path}.{name}")
    else:
        yield path, value
