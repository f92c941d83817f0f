"""What a sweep is to make: points and runs, which make rows, and the jobs that rows are cut into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.lanes import PADDING, Parameters
from sim.outcomes import needs_of
from sim.roster import Roster
from sim.runs.jobs import Arm, Job, PackedArm
from sim.runs.points import Points
from sim.runs.tally import MOST_KEPT
from sim.scenario.schema import Scenario
from sim.settling import settled_at

# A job is meant to take so long, and to hold no more than so much. Units: seconds; bytes.
WORTH_A_JOB = 2.0
MOST_BYTES = 256e6
MOST_ROWS_A_JOB = 65_536


@dataclass(frozen=True)
class Plan:
    """Points of a design, each with so many runs. Row number = point * runs + run."""

    scenarios: Mapping[str, Scenario]
    points: Points
    runs: int
    seed: int
    summary: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many histories."""
        return len(self.points.keys) * self.runs

    @property
    def simulation(self) -> str:
        """What the keys of the points do not tell of a row: its seed, and what is kept of it."""
        return f"seed {self.seed}, summary of {', '.join(self.summary) or 'nothing'}"

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each point by its key."""
        return {key: number for number, key in enumerate(self.points.keys)}

    @cached_property
    def arms(self) -> dict[str, Arm]:
        """The arms, their starts solved."""
        return {name: self._arm(name) for name in dict.fromkeys(self.points.arms)}

    def _arm(self, name: str) -> Arm:
        scenario = self.scenarios[name]
        settled = settled_at(Parameters(scenario, Roster(scenario)))
        return Arm(scenario, settled, needs_of(scenario), self.summary)

    @cached_property
    def packed(self) -> dict[str, PackedArm]:
        """The arms as they travel to workers."""
        return {name: PackedArm.of(arm) for name, arm in self.arms.items()}

    def arm_of(self, point: int) -> Arm:
        """The arm of a point."""
        return self.arms[self.points.arms[point]]

    def row_numbers(
        self, keys: Sequence[str], place: NDArray[np.int32], run: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which of some rows belong to this plan, and the numbers of those that do."""
        points = np.array([self.numbers.get(key, -1) for key in keys], dtype=np.int64)[place]
        there = (points >= 0) & (run >= 0) & (run < self.runs)
        return there, (points * self.runs + run)[there]

    def job(self, rows: NDArray[np.int64], folder: Path) -> Job:
        """Some rows of one arm, ready to be simulated."""
        point, run = np.divmod(rows, self.runs)
        used, place = np.unique(point, return_inverse=True)
        drawn = self.points.parameter_runs
        return Job(
            self.packed[self.points.arms[int(used[0])]],
            self.seed,
            tuple(self.points.keys[number] for number in used),
            {way: values[used] for way, values in self.points.changes.items()},
            None if drawn is None else drawn[used],
            place.astype(np.int32),
            run,
            folder,
            self.simulation,
        )


@dataclass
class Cutter:
    """Cuts the rows that are missing into jobs, whose size follows from how long rows have taken so far."""

    plan: Plan
    folder: Path
    workers: int = 1
    share: tuple[int, int] = (1, 1)
    seconds_a_row: float | None = None
    _seen: float = field(default=0.0)

    def learn(self, rows: int, seconds: float) -> None:
        """Takes note of how long some rows took; later ones count more."""
        if rows and seconds > 0:
            each = seconds / rows
            self.seconds_a_row = each if self.seconds_a_row is None else 0.7 * self.seconds_a_row + 0.3 * each

    def jobs(self, missing: NDArray[np.bool_]) -> Iterator[Job]:
        """Jobs over the rows that are missing and fall to this share, in order, made as they are asked for."""
        arms = np.array(self.plan.points.arms, dtype=object)
        for name in dict.fromkeys(self.plan.points.arms):
            points = np.flatnonzero(arms == name)
            first, stop = int(points[0]) * self.plan.runs, (int(points[-1]) + 1) * self.plan.runs
            width = self.plan.packed[name].width
            rows = first + np.flatnonzero(missing[first:stop])
            rows = rows[rows // width % self.share[1] == self.share[0] - 1]
            yield from self._of_arm(rows, width)

    def _of_arm(self, rows: NDArray[np.int64], width: int) -> Iterator[Job]:
        start = 0
        while start < len(rows):
            stop = start + self._size(len(rows) - start, width)
            stop = start + self._within(rows[start:stop])
            yield self.plan.job(rows[start:stop], self.folder)
            start = stop

    def _size(self, left: int, width: int) -> int:
        """How many rows the next job has: two seconds' worth, in whole blocks; at first one block."""
        fair = -(-left // self.workers // PADDING) * PADDING
        if self.seconds_a_row is None:
            return max(1, min(width, fair))
        blocks = max(1, round(WORTH_A_JOB / self.seconds_a_row / width))
        most = min(MOST_ROWS_A_JOB, int(MOST_BYTES / self._bytes_a_row))
        return max(1, min(blocks * width, fair, max(width, most)))

    @cached_property
    def _bytes_a_row(self) -> float:
        """What a row keeps for the summary, at most, in any arm."""
        return 4.0 * max(arm.scenario.time.months * cells(arm) for arm in self.plan.arms.values()) + 1.0

    def _within(self, rows: NDArray[np.int64]) -> int:
        """How many of the next rows may share a job: runs that are tallied stand apart from those kept, and point by point."""
        if not self.plan.summary or self.plan.runs <= MOST_KEPT:
            return len(rows)
        point, run = np.divmod(rows, self.plan.runs)
        tallied = run >= MOST_KEPT
        other = (tallied != tallied[0]) | (tallied[0] & (point != point[0]))
        return int(other.argmax()) if other.any() else len(rows)


def cells(arm: Arm) -> int:
    """How many values a month of the summary has."""
    from sim.world import VARIABLES

    roster = Roster(arm.scenario)
    return sum(int(np.prod([roster.size(axis) for axis in VARIABLES[name].axes], dtype=int)) for name in arm.summary)
