"""What a sweep will take, measured on a few months of its first block before anything is started."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.model import InfluenceModel
from sim.outcomes import outcome_columns
from sim.runs.plan import Plan, cells
from sim.runs.tally import BINS, MOST_KEPT

MONTHS_TRIED = 6
# What compression leaves of a column, measured on outcomes of the default world.
PACKED = 0.85
# Columns of a row of summary that hold numbers, and what one of them takes.
SUMMARY_ROW = 8 * 4 + 8


@dataclass(frozen=True)
class Estimate:
    """How large a sweep is. Units: seconds of one processor; bytes."""

    points: int
    runs: int
    seconds: float
    finished: float
    working: float

    def told(self, workers: int) -> str:
        """The estimate in words."""
        rows = self.points * self.runs
        lines = (
            f"{self.points:,} points x {self.runs:,} runs = {rows:,} histories",
            f"about {duration(self.seconds / workers)} with {workers} worker{'s' if workers > 1 else ''} "
            f"({1000 * self.seconds / rows:.2g} ms a history, measured here)",
            f"about {size(self.finished)} when finished, and {size(self.working)} more while it works",
        )
        return "\n".join(lines) + "\n"


def estimate(plan: Plan) -> Estimate:
    """Simulates a few months of the first block of each arm, and reckons the whole from them."""
    columns = sorted({name for arm in plan.arms.values() for name in outcome_columns(arm.scenario)})
    seconds, months_kept = 0.0, 0.0
    for name, arm in plan.arms.items():
        points = [number for number, own in enumerate(plan.points.arms) if own == name]
        rows = np.arange(len(points) * plan.runs, dtype=np.int64)[: plan.packed[name].width] + points[0] * plan.runs
        seconds += _seconds_a_row(plan, rows) * len(points) * plan.runs
        months_kept += len(points) * arm.scenario.time.months * cells(arm)
    kept = min(plan.runs, MOST_KEPT) * months_kept * 4 + (months_kept * BINS * 4 if plan.runs > MOST_KEPT else 0)
    outcomes = plan.rows * (4.0 * len(columns) + 32)
    return Estimate(len(plan.points.keys), plan.runs, seconds, outcomes * PACKED + months_kept * SUMMARY_ROW, outcomes + kept)


def _seconds_a_row(plan: Plan, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    task = plan.job(rows, Path()).task
    months = task.scenario.time.months
    began = time.perf_counter()
    with np.errstate(all="ignore"), InfluenceModel(task.scenario, task.lanes, task.seed, settled=task.settled) as model:
        ready = time.perf_counter()
        tried = min(MONTHS_TRIED, months)
        for _ in range(tried):
            model.step()
        stepped = time.perf_counter()
    return ((ready - began) + (stepped - ready) * months / tried) / len(rows)


def duration(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 90:
        return "a second" if seconds < 1.5 else f"{round(seconds)} seconds"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours" if seconds < 72 * 3600 else f"{seconds / 86400:.1f} days"


def size(count: float) -> str:
    """An amount of data as people say it."""
    for unit, worth in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if count >= worth:
            return f"{count / worth:.3g} {unit}"
    return f"{count:.0f} bytes"
