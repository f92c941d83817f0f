"""The same model as plain Python under mesa.batch_run, against an ensemble of the engine, on one core.

tests/plain_model.py is what somebody would write who had Mesa and no arrays: an agent for each actor, numbers looked up by path,
loops over channels and countries. A test holds it to the engine's results, so both sides of the comparison compute the same.
`make bench` ends with it; `python benchmarks/plain.py` runs it alone.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# How many times cheaper a run of the ensemble has to be.
BOUND = 100


@dataclass
class Race:
    """Processor and wall time a run on either side, a figure a round. Units: seconds."""

    plain: list[float] = field(default_factory=list)
    ensemble: list[float] = field(default_factory=list)
    plain_cpu: list[float] = field(default_factory=list)
    ensemble_cpu: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times cheaper a run of the ensemble is: the median of the rounds' ratios of processor time."""
        return median(a / b for a, b in zip(self.plain_cpu, self.ensemble_cpu, strict=True))


def seconds(work: Callable[[], Any]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def race(scenario: Any, ensemble: Callable[[int], Any], rounds: int, runs: int, width: int) -> Race:
    """A few plain runs and an ensemble in turn, the other one first in every second round.

    Both have the start solved beforehand. Each plain run is another history, as in an ensemble.
    """
    import mesa

    from tests.plain_model import PlainModel

    settled = PlainModel(scenario).settled

    def batch(first: int) -> None:
        histories = {"scenario": [scenario], "settled": [settled], "run": range(first, first + runs)}
        mesa.batch_run(PlainModel, histories, number_processes=1, max_steps=scenario.time.months, display_progress=False)

    found = Race()
    for turn in range(rounds):
        for place in (0, 1) if turn % 2 == 0 else (1, 0):
            if place == 0:
                wall, cpu = seconds(lambda first=turn * runs: batch(first))
                found.plain.append(wall / runs)
                found.plain_cpu.append(cpu / runs)
            else:
                wall, cpu = seconds(lambda: ensemble(width))
                found.ensemble.append(wall / width)
                found.ensemble_cpu.append(cpu / width)
    return found


def compared(rounds: int, runs: int, width: int = 256) -> None:
    """Prints the comparison on the default scenario."""
    from engine import SEED, WORLDS, Case, table, told

    case = Case.read(WORLDS["default"])
    assert SEED == 1, "the plain model's luck has this seed by default"
    found = race(case.scenario, case.run, rounds, runs, width)
    rows = [
        ("mesa.batch_run, one process", runs, told(median(found.plain) * 1e3), told(median(found.plain_cpu) * 1e3)),
        ("ensemble", width, told(median(found.ensemble) * 1e3), told(median(found.ensemble_cpu) * 1e3)),
    ]
    notes = (f"A run of the ensemble is {found.ratio:.0f} times cheaper in processor time; bound: at least {BOUND}.",)
    head = ("default scenario", "runs", "wall ms a run", "cpu ms a run")
    table("Plain Python with an agent for each actor, against an ensemble, interleaved, medians", head, rows, notes)


if __name__ == "__main__":
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    sys.path.insert(0, str(ROOT))
    compared(rounds=5, runs=3)
