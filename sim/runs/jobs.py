"""A job: some rows of a sweep, simulated by whoever takes it, whose results are one file."""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.chapters import Settled
from sim.lanes import Lanes, block_width
from sim.outcomes import columns_of
from sim.record import Record
from sim.roster import Roster
from sim.runs.blocks import PIECES, Block, Task, cuts, joined, run_block
from sim.runs.shards import Receipt, Shard, write_shard
from sim.runs.tally import MOST_KEPT, Tally
from sim.runs.versions import makers
from sim.scenario.schema import Scenario
from sim.summary import series_of


@dataclass(frozen=True)
class Arm:
    """One variant of a scenario, its start solved, and the variables that its rows need: for outcomes and for the summary."""

    scenario: Scenario
    settled: Settled
    needs: tuple[str, ...]
    summary: tuple[str, ...]


@dataclass(frozen=True)
class PackedArm:
    """An arm as bytes, which travel to workers cheaply and are unpacked there once."""

    content: bytes
    digest: str
    width: int

    @classmethod
    def of(cls, arm: Arm) -> PackedArm:
        """The arm packed."""
        content = pickle.dumps(arm, protocol=pickle.HIGHEST_PROTOCOL)
        return cls(content, hashlib.blake2b(content, digest_size=8).hexdigest(), block_width(Roster(arm.scenario)))


@lru_cache(maxsize=4)
def _unpacked(digest: str, content: bytes) -> Arm:
    """The arm that this program packed in another of its processes; nothing that was ever on a disk is unpacked."""
    arm = pickle.loads(content)
    assert isinstance(arm, Arm)
    return arm


@dataclass(frozen=True)
class Job:
    """Rows of one arm. `changes` and `parameter_runs` hold a value for each key; rows are sorted by (place, run).

    Shape: place and run (row); each change and parameter_runs (key).
    """

    arm: PackedArm
    seed: int
    keys: tuple[str, ...]
    changes: Mapping[tuple[str, str], NDArray[np.float64]]
    parameter_runs: NDArray[np.int64] | None
    place: NDArray[np.int32]
    run: NDArray[np.int64]
    folder: Path
    simulation: str = ""

    @property
    def rows(self) -> int:
        """How many histories."""
        return len(self.run)

    @property
    def blocks(self) -> int:
        """How many blocks they make."""
        return -(-self.rows // self.arm.width)

    def part(self, start: int, stop: int) -> Job:
        """Some of the rows, with the keys that they need."""
        used, place = np.unique(self.place[start:stop], return_inverse=True)
        drawn = None if self.parameter_runs is None else self.parameter_runs[used]
        return replace(
            self,
            keys=tuple(self.keys[key] for key in used),
            changes={way: values[used] for way, values in self.changes.items()},
            parameter_runs=drawn,
            place=place.astype(np.int32),
            run=self.run[start:stop],
        )

    def split(self) -> list[Job]:
        """The same rows in smaller jobs: blocks first, then parts of a block; none when there is one row."""
        if self.rows == 1:
            return []
        pieces = cuts(self.rows, min(PIECES, self.blocks) if self.blocks > 1 else PIECES)
        return [self.part(start, stop) for start, stop in pieces]

    def lost(self, status: str, error: str) -> Receipt:
        """Takes down that a row could not be made."""
        told = f"{error} (run {self.run[0]}, seed {self.seed})"
        nothing = Block(0, self.run, {}, (status,) * self.rows, (told,) * self.rows)
        return write_shard(self.folder, _shard(self, nothing, {}), 0.0)

    def lanes(self) -> Lanes:
        """The histories, with what differs between them by design."""
        ways: dict[str, dict[str, NDArray[np.float64]]] = {"set": {}, "scale": {}, "add": {}}
        for (path, way), values in self.changes.items():
            ways[way][path] = values[self.place]
        drawn = None if self.parameter_runs is None else self.parameter_runs[self.place]
        return Lanes(self.run, drawn, **ways)

    @cached_property
    def task(self) -> Task:
        """What is to be simulated."""
        arm = _unpacked(self.arm.digest, self.arm.content)
        return Task(arm.scenario, arm.settled, self.seed, self.lanes(), variables=tuple(sorted({*arm.needs, *arm.summary})))


def done(job: Job) -> Receipt:
    """Simulates the rows of a job and leaves them in a file."""
    began = time.monotonic()
    made = simulated(job)
    return write_shard(job.folder, made, time.monotonic() - began)


def simulated(job: Job) -> Shard:
    """What the rows of a job leave: outcomes of all, and of what the summary needs the values or their tally."""
    arm = _unpacked(job.arm.digest, job.arm.content)
    blocks, columns = [], []
    for start in range(0, job.rows, job.arm.width):
        block = run_block(job.task.part(start, min(start + job.arm.width, job.rows)))
        columns.append(_columns(arm, block, job.seed))
        blocks.append(replace(block, kept={name: block.kept[name] for name in arm.summary if name in block.kept}))
    names = sorted({name for each in columns for name in each})
    pairs = list(zip(columns, blocks, strict=True))
    whole = {
        name: np.concatenate([each.get(name, np.full(len(block.runs), np.nan, np.float32)) for each, block in pairs]) for name in names
    }
    return _shard(job, joined(blocks), whole)


def _columns(arm: Arm, block: Block, seed: int) -> dict[str, NDArray[np.float32]]:
    """The outcomes of a block, NaN where a run did not go well."""
    record = Record(arm.scenario, seed, block.runs, block.kept, block.status, block.error)
    if not record.ok.any():
        return {}
    found = {}
    for name, values in columns_of(record).items():
        column = np.full(len(block.runs), np.nan, dtype=np.float32)
        column[record.ok] = values
        found[name] = column
    return found


def _shard(job: Job, block: Block, outcomes: Mapping[str, NDArray[np.float32]]) -> Shard:
    """A block as the content of a file: values of the first runs of a point, a tally of those beyond."""
    kept, tally = block.kept, None
    if len(job.run) and job.run[0] >= MOST_KEPT and kept:
        arm = _unpacked(job.arm.digest, job.arm.content)
        ok = np.array([status == "ok" for status in block.status])
        roster = Roster(arm.scenario)
        series = [each for name in sorted(kept) for each in series_of(arm.scenario, roster, name, kept[name][..., ok])]
        kept, tally = {}, Tally.of_series(series)
    return Shard(job.keys, job.place, job.run, block.status, block.error, outcomes, kept, tally, makers(), job.simulation)
