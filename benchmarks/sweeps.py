"""What the machinery of sweeps costs beside the simulation, and how long it takes to go on with many finished histories.

`python benchmarks/sweeps.py` takes some minutes; `--rows 20000` makes it short. It prints a table and asserts nothing.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import sim
from sim.runs.blocks import run_block
from sim.runs.jobs import done
from sim.runs.plan import Cutter, Plan
from sim.runs.shards import Shard, write_shard
from sim.runs.sweep import SHARDS, Means, make, opened, plan_of, scanned
from sim.runs.versions import makers
from sim.scenario.experiments import Experiment

WORLDS = {"default": ("scenarios/western_balkans_2017.yaml", 5000), "tutorial": ("scenarios/tutorial.yaml", 60_000)}
BATCH = 1000


def experiment_of(path: str) -> Experiment:
    scenario = sim.read_scenario(path)
    return Experiment("bench", scenario.title, scenario, None, (), {"": scenario})


def seconds_of(work: Callable[[], object]) -> float:
    """Processor seconds that some work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def jobs_and_simulation(plan: Plan, folder: Path) -> tuple[float, float]:
    """Processor seconds of all jobs, and of the same rows in the same blocks with nothing kept; by turns, since machines slow down."""
    rows = np.arange(plan.rows)
    plan.packed, plan.arms  # noqa: B018  made before the clock starts
    jobs = simulation = 0.0
    for start in range(0, plan.rows, BATCH):
        batch = rows[start : start + BATCH]
        jobs += seconds_of(lambda batch=batch: done(plan.job(batch, folder)))  # type: ignore[misc]
        simulation += seconds_of(lambda batch=batch: alone(plan, batch))  # type: ignore[misc]
    return jobs, simulation


def alone(plan: Plan, rows: NDArray[np.int64]) -> None:
    """The histories of a job, of which nothing is kept."""
    job = plan.job(rows, Path())
    for first in range(0, job.rows, job.arm.width):
        run_block(job.task.part(first, min(first + job.arm.width, job.rows)))


class Batches(Cutter):
    """Jobs of a fixed number of rows."""

    def _size(self, left: int, width: int) -> int:
        return min(left, BATCH)


def sweep_seconds(experiment: Experiment, plan: Plan, folder: Path) -> float:
    """A whole sweep in this process, in jobs of a thousand rows, from reading nothing to the manifest: processor seconds."""
    import sim.runs.sweep as module

    before, module.Cutter = module.Cutter, Batches  # type: ignore[misc,assignment]
    try:
        return seconds_of(lambda: make(experiment, plan, folder, Means(executor="serial")))
    finally:
        module.Cutter = before  # type: ignore[misc]


def overhead() -> None:
    """What jobs cost beside their histories, and what a whole sweep takes."""
    print(f"{'world':10} {'runs':>8} {'simulation s':>13} {'jobs s':>8} {'beside':>7} {'whole sweep s':>14}")
    for name, (path, runs) in WORLDS.items():
        experiment = experiment_of(path)
        plan = plan_of(experiment, runs, 1)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "jobs").mkdir()
            done(plan.job(np.arange(BATCH), Path(folder) / "jobs"))
            jobs, simulation = jobs_and_simulation(plan, Path(folder) / "jobs")
            whole = sweep_seconds(experiment, plan, Path(folder) / "out")
        print(f"{name:10} {runs:8,} {simulation:13.2f} {jobs:8.2f} {jobs / simulation - 1:7.1%} {whole:14.2f}")


def going_on(rows: int, files: int) -> None:
    """Work files of so many finished histories: seconds until all are known, and until they are merged."""
    experiment = experiment_of("scenarios/tutorial.yaml")
    plan = plan_of(experiment, rows, 1)
    columns = sorted(sim.outcomes.outcome_columns(experiment.scenario))
    luck = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        with opened(experiment, plan, path, Means()) as out:
            out.begin()
            shards = out.work / SHARDS
            shards.mkdir()
            for part in np.array_split(np.arange(rows), files):
                outcomes = {name: luck.random(len(part), dtype=np.float32) for name in columns}
                ends = ("ok",) * len(part), ("",) * len(part)
                place = np.zeros(len(part), dtype=np.int32)
                shard = Shard(plan.points.keys, place, part, *ends, outcomes, {}, None, makers(), plan.simulation)
                write_shard(shards, shard, 0.0)
        began = time.monotonic()
        scanned(plan, shards, Means(share=(1, 1)))
        known = time.monotonic() - began
        began = time.monotonic()
        made = make(experiment, plan, path, Means())
        merged = time.monotonic() - began
        assert made.done == rows
        began = time.monotonic()
        make(experiment, plan, path, Means())
        again = time.monotonic() - began
        shutil.rmtree(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows:,} histories in {files:,} files: known after {known:.1f} s, merged and finished after {merged:.1f} s; ")
    print(f"finished, the same command says so after {again:.2f} s; peak memory {peak:.0f} MB")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=1_000_000)
    asked = words.parse_args()
    overhead()
    for files in (70, 4000):
        going_on(asked.rows, files)


if __name__ == "__main__":
    main()
