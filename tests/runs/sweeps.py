"""Small sweeps of the tutorial world for tests, and what is compared of the folders that they leave."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sim
from sim.runs.jobs import Job, done
from sim.runs.shards import Receipt
from sim.runs.sweep import Made, Means, make, plan_of
from sim.scenario.experiments import Experiment

EXPERIMENT = """
schema: 1
extends: tutorial.yaml
title: Tutorial, capacities of north
ensemble: {runs: RUNS, seed: 7}
outcomes: [tension, alignment, club_stage, club_member]
summary: [tension, rung]
design: {method: grid}
factors:
  - {id: north, path: powers.north.capacity, values: VALUES}
"""
SERIAL = Means(executor="serial")
TABLES = ("points", "runs", "outcomes", "summary")


def experiment_text(values: tuple[float, ...] = (15, 20, 25), runs: int = 20) -> str:
    """The text of a small experiment."""
    return EXPERIMENT.replace("RUNS", str(runs)).replace("VALUES", str(list(values)))


def small(folder: Path, values: tuple[float, ...] = (15, 20, 25), runs: int = 20, **changes: Any) -> Experiment:
    """A small experiment, read from a file."""
    path = folder / "small.yaml"
    path.write_text(experiment_text(values, runs), encoding="utf-8")
    return replace(sim.read_experiment(path), **changes)


def made(experiment: Experiment, out: Path, means: Means = SERIAL, runs: int | None = None) -> Made:
    """Makes a sweep."""
    return make(experiment, plan_of(experiment, runs), out, means)


def digests(out: Path, tables: tuple[str, ...] = TABLES) -> dict[str, str]:
    """The digest of every part of some tables."""
    files = sorted(path for table in tables for path in (out / table).glob("*"))
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@dataclass(frozen=True)
class InPieces:
    """Work that cuts each job into jobs of so many rows before it does them, and so leaves many small files."""

    rows: int

    def __call__(self, job: Job) -> Receipt:
        """Does the job piece by piece; the receipt is of the whole."""
        receipts = [done(job.part(start, min(start + self.rows, job.rows))) for start in range(0, job.rows, self.rows)]
        counts: dict[str, int] = {}
        for receipt in receipts:
            for status, count in receipt.counts.items():
                counts[status] = counts.get(status, 0) + count
        return replace(receipts[0], rows=job.rows, counts=counts)


def suasion(*words: str, cwd: Path | None = None, env: dict[str, str] | None = None, **how: Any) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-m", "sim", *words]
    return subprocess.run(command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, **how)
