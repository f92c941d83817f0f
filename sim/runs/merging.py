"""The work files of a sweep into its tables: every row once, in the order of points and runs, whoever made it and in what pieces."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.record import MONTHLY, Values, yearly
from sim.roster import Roster
from sim.runs.parts import ROWS_A_PART, table_of
from sim.runs.plan import Plan
from sim.runs.shards import STATUSES, Shard, Shards
from sim.runs.tables import by_column
from sim.runs.tally import MOST_KEPT, Tally
from sim.scenario.schema import Scenario
from sim.summary import Numbers, Series, exact_numbers, series_of, table_of_series

if TYPE_CHECKING:
    import pandas as pd

# So many work files are held in memory at once.
MOST_OPEN = 8


@dataclass
class Merger:
    """Reads the rows of a plan out of its work files. `owner` is the file that holds each row, -1 where none does.

    Shape: owner, place and status (row), rows numbered point * runs + run.
    """

    plan: Plan
    shards: Shards
    owner: NDArray[np.int32] = field(init=False)
    place: NDArray[np.int32] = field(init=False)
    status: NDArray[np.int8] = field(init=False)
    error: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.plan.rows
        self.owner, self.place = np.full(rows, -1, dtype=np.int32), np.zeros(rows, dtype=np.int32)
        self.status = np.zeros(rows, dtype=np.int8)
        self._open: OrderedDict[int, Shard] = OrderedDict()
        for number, entry in enumerate(self.shards.entries):
            there, numbers = self.plan.row_numbers(entry.keys, entry.place, entry.run)
            self.owner[numbers], self.place[numbers] = number, np.flatnonzero(there)
            self.status[numbers] = entry.code[there]

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which rows nobody has made. Shape: (row)."""
        return self.owner < 0

    def shard(self, number: int) -> Shard:
        """A work file without its tally, which is large; the last few are kept open."""
        if number not in self._open:
            self._open[number] = replace(self.shards.read(number), tally=None)
            if len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(number)
        return self._open[number]

    def pieces(self, first: int, stop: int) -> Iterator[tuple[NDArray[np.int64], Shard, NDArray[np.int32]]]:
        """The rows of a span by work file: their places in the span, the file, their places in it."""
        owner = self.owner[first:stop]
        for number in np.unique(owner):
            if number >= 0:
                here = np.flatnonzero(owner == number)
                yield here, self.shard(int(number)), self.place[first:stop][here]

    def outcomes(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """One row a run that went well: run, point, then the outcomes by name. Takes down each failure's error on its way."""
        for first in range(0, self.plan.rows, ROWS_A_PART):
            stop = min(first + ROWS_A_PART, self.plan.rows)
            found = np.full((len(columns), stop - first), np.nan, dtype=np.float32)
            for here, shard, there in self.pieces(first, stop):
                self._note(first + here, shard, there)
                for row, name in enumerate(columns):
                    if name in shard.outcomes:
                        found[row, here] = shard.outcomes[name][there]
            ok = self.status[first:stop] == 0
            point, run = np.divmod(np.arange(first, stop, dtype=np.int64)[ok], self.plan.runs)
            yield table_of({"run": run, "point": point} | {name: found[row, ok] for row, name in enumerate(columns)})

    def _note(self, rows: NDArray[np.int64], shard: Shard, there: NDArray[np.int32]) -> None:
        failed = self.status[rows] > 0
        for row, place in zip(rows[failed], there[failed], strict=True):
            self.error[int(row)] = shard.error[place]

    def runs(self) -> Iterator[pa.Table]:
        """One row a run: run, point, status, error. Told once the outcomes have been read."""
        words = np.array(STATUSES, dtype=object)
        for first in range(0, self.plan.rows, ROWS_A_PART):
            rows = np.arange(first, min(first + ROWS_A_PART, self.plan.rows), dtype=np.int64)
            point, run = np.divmod(rows, self.plan.runs)
            error = [self.error.get(int(row), "") for row in rows] if self.error else [""] * len(rows)
            yield table_of({"run": run, "point": point, "status": words[self.status[rows]].tolist(), "error": error})

    def statuses(self) -> dict[str, int]:
        """How many of the rows that are there ended how."""
        counts = np.bincount(self.status[self.owner >= 0], minlength=len(STATUSES))
        return {name: int(count) for name, count in zip(STATUSES, counts, strict=True) if count}

    def summary(self) -> Iterator[pa.Table]:
        """One row a point, month, actor, partner and variable, point by point."""
        for point in range(len(self.plan.points.keys)):
            yield table_of(summary_columns(point, self._summary(point)))

    def _summary(self, point: int) -> pd.DataFrame:
        scenario = self.plan.arm_of(point).scenario
        roster, months = Roster(scenario), np.datetime64(scenario.time.start, "M") + np.arange(scenario.time.months)
        kept, tally = self._kept(point), self._tally(point) if self.plan.runs > MOST_KEPT else None
        parts: list[tuple[Series, NDArray[np.datetime64], Numbers]] = []
        for name in self.plan.summary:
            dates = months if name in MONTHLY else months[list(yearly(len(months)))]
            for series in series_of(scenario, roster, name, kept[name]):
                whole = None if tally is None else Tally.of_series([series]).plus(tally.only(series.variable))
                parts.append((series, dates, exact_numbers(series.values) if whole is None else whole.numbers(series)))
        return table_of_series(parts)

    def values(self, point: int, name: str) -> tuple[NDArray[np.int64], Values]:
        """The runs of a point whose values are kept and went well, and a variable of theirs. Shape: (run) and (month, axes, run)."""
        kept, ok = self._gathered(point)
        return np.flatnonzero(ok), kept[name][..., ok]

    def _kept(self, point: int) -> dict[str, Values]:
        kept, ok = self._gathered(point)
        return kept if ok.all() else {name: values[..., ok] for name, values in kept.items()}

    def _gathered(self, point: int) -> tuple[dict[str, Values], NDArray[np.bool_]]:
        """Kept values of the first runs of a point, and which of them went well."""
        first, count = point * self.plan.runs, min(self.plan.runs, MOST_KEPT)
        ok = self.status[first : first + count] == 0
        scenario = self.plan.arm_of(point).scenario
        kept = {name: np.full((*_shape(scenario, name), count), np.nan, dtype=np.float32) for name in self.plan.summary}
        for here, shard, there in self.pieces(first, first + count):
            for name in kept:
                if name in shard.kept:
                    kept[name][..., here] = shard.kept[name][..., there]
        return kept, ok

    def _tally(self, point: int) -> Tally:
        """The tally of the runs of a point beyond those kept."""
        whole = Tally(0, {}, {}, {})
        rows = slice(point * self.plan.runs + MOST_KEPT, (point + 1) * self.plan.runs)
        for number in np.unique(self.owner[rows]):
            tally = self.shards.read(int(number)).tally if number >= 0 else None
            whole = whole if tally is None else whole.plus(tally)
        return whole


def _shape(scenario: Scenario, name: str) -> tuple[int, ...]:
    from sim.world import VARIABLES

    months = scenario.time.months if name in MONTHLY else len(yearly(scenario.time.months))
    roster = Roster(scenario)
    return (months, *(roster.size(axis) for axis in VARIABLES[name].axes))


def summary_columns(point: int, frame: pd.DataFrame) -> Mapping[str, Any]:
    """A point's summary as columns of its file."""
    return {"point": np.full(len(frame), point, dtype=np.int64), **by_column(frame)}
