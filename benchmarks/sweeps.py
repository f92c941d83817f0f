"""What the machinery of sweeps costs beside the simulation, and how long it takes to go on with many finished histories.

`python benchmarks/sweeps.py` takes some minutes; `--rows 20000` makes it short. It prints a table and asserts nothing.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

import sim
from sim.runs.blocks import run_block
from sim.runs.plan import Cutter, Plan
from sim.runs.shards import Shard, write_shard
from sim.runs.sweep import SHARDS, Means, make, opened, plan_of, scanned
from sim.runs.versions import makers
from sim.scenario.experiments import Experiment

WORLDS = {"default": ("scenarios/western_balkans_2017.yaml", 1000), "tutorial": ("scenarios/tutorial.yaml", 20_000)}
BATCH = 1000


def experiment_of(path: str) -> Experiment:
    scenario = sim.read_scenario(path)
    return Experiment("bench", scenario.title, scenario, None, (), {"": scenario})


def simulation_seconds(plan: Plan) -> float:
    """The same rows in the same blocks, and nothing kept: processor seconds."""
    rows = np.arange(plan.rows)
    plan.packed, plan.arms  # noqa: B018  made before the clock starts
    began = time.process_time()
    for start in range(0, plan.rows, BATCH):
        job = plan.job(rows[start : start + BATCH], Path())
        for first in range(0, job.rows, job.arm.width):
            run_block(job.task.part(first, min(first + job.arm.width, job.rows)))
    return time.process_time() - began


class Batches(Cutter):
    """Jobs of a fixed number of rows."""

    def _size(self, left: int, width: int) -> int:
        return min(left, BATCH)


def sweep_seconds(experiment: Experiment, plan: Plan, folder: Path) -> float:
    """A whole sweep in this process, in jobs of a thousand rows, from reading nothing to the manifest: processor seconds."""
    import sim.runs.sweep as module

    before, module.Cutter = module.Cutter, Batches  # type: ignore[misc,assignment]
    began = time.process_time()
    make(experiment, plan, folder, Means(executor="serial"))
    module.Cutter = before  # type: ignore[misc]
    return time.process_time() - began


def overhead() -> None:
    """What a job costs beside its histories, and what a sweep costs once, from a short and a long one."""
    print(f"{'world':10} {'runs':>8} {'simulation s':>13} {'sweep s':>9} {'once s':>8} {'a job':>7}")
    for name, (path, runs) in WORLDS.items():
        experiment = experiment_of(path)
        found = []
        for many in (runs, 3 * runs):
            plan = plan_of(experiment, many, 1)
            with tempfile.TemporaryDirectory() as folder:
                pairs = [(simulation_seconds(plan), sweep_seconds(experiment, plan, Path(folder) / str(place))) for place in range(3)]
            found.append(tuple(sorted(each)[1] for each in zip(*pairs, strict=True)))
        (alone, whole), (alone_long, whole_long) = found
        share = (whole_long - whole) / (alone_long - alone) - 1
        once = whole - alone * (1 + share)
        print(f"{name:10} {3 * runs:8,} {alone_long:13.2f} {whole_long:9.2f} {once:8.2f} {share:7.1%}")


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
